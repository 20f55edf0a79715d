// Radio buttons for a quiz. A click writes the letter into the cell's own code, which is what gets submitted.

function editorOf(el) {
  // CodeMirror keeps its view on the content element; without it the learner types the letter.
  const content = el.closest(".jp-CodeCell")?.querySelector(".jp-InputArea .cm-content");
  return content?.cmTile?.view ?? content?.cmView?.view ?? null;
}

function writeLetter(el, name, letter) {
  const view = editorOf(el);
  if (!view) return false;
  const found = new RegExp(`\\b${name}\\s*=\\s*(["'])([^"'\\n]*)\\1`).exec(view.state.doc.toString());
  if (!found) return false;
  const from = found.index + found[0].length - 1 - found[2].length;
  view.dispatch({ changes: { from, to: from + found[2].length, insert: letter } });
  return true;
}

function render({ model, el }) {
  const notes = {};
  const byHand = document.createElement("p");
  el.append(byHand);
  setTimeout(() => {
    // once it is on the page: in VS Code and Colab no click reaches the cell
    if (!editorOf(el))
      byHand.textContent = "What counts is the letter in the cell above: write it there, and run the cell.";
  }, 200);
  for (const question of model.get("questions")) {
    const group = document.createElement("fieldset");
    group.style.cssText = "border:0;border-left:4px solid #999;margin:.8em 0;padding:.2em .9em;line-height:1.6";
    const legend = document.createElement("legend");
    legend.textContent = question.prompt;
    legend.style.cssText = "font-weight:bold;padding:0;float:left;width:100%";
    group.append(legend);
    for (const [letter, text] of Object.entries(question.choices)) {
      const label = document.createElement("label");
      label.style.cssText = "display:block;clear:both;cursor:pointer";
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = `${model.model_id ?? "quiz"}-${question.name}`;
      radio.value = letter;
      radio.checked = model.get("letters")[question.name] === letter;
      radio.setAttribute("data-lm-suppress-shortcuts", "true");
      radio.addEventListener("change", () => {
        const written = writeLetter(el, question.name, letter);
        if (written) model.set("written", { ...model.get("written"), [question.name]: letter });
        model.set("letters", { ...model.get("letters"), [question.name]: letter });
        model.save_changes();
      });
      label.append(radio, ` ${letter}) ${text}`);
      group.append(label);
    }
    const note = document.createElement("div");
    note.setAttribute("role", "status");
    note.style.cssText = "clear:both;min-height:1.6em";
    group.append(note);
    notes[question.name] = note;
    el.append(group);
  }
  const refresh = () => {
    for (const [name, note] of Object.entries(notes)) note.textContent = model.get("notes")[name] ?? "";
  };
  model.on("change:notes", refresh);
  refresh();
  return () => model.off("change:notes", refresh);
}

export default { render };

"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "mixed_precision_error": {
        "return ((coarse - exact).abs().max() / exact.square().mean().sqrt()).item() → return (coarse - exact).abs().max() / exact.square().mean().sqrt()": "a tensor of one number is a number as well",
        "*one.permute(1, *).reshape(* → *one.permute(1, *).reshape(*": "the order of pixels does not matter",
        "*np.sqrt(exact.size)) → *np.sqrt(coarse.size))": "both have the same size",
    },
    "activation_memory": {
        "counted in 32 bits": "who keeps so many bytes takes longer than a check may",
        "with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, *": "the list holds what is kept, whatever autograd is handed back: there is no backward pass",
        "*return t* → *return *t*": "there is no backward pass: what autograd is handed back is never used",
        "sizes = {*(*kept, y[:0])} → sizes = {*}": "a size that nobody asks for may be there or not, and of every memory the first part is kept too",
        "used = {*} - weights → used = {one.data_ptr() for one in kept} - weights": "no layer here keeps a part of a tensor: it begins where its memory begins",
        "place = t.untyped_storage().data_ptr() → place = t.data_ptr()": "no layer here keeps a part of a tensor: it begins where its memory begins",
        "weights = {* → weights = {one.data_ptr() for one in model.parameters()}": "a parameter begins where its memory begins",
        "kept.pop(parameter.* → kept.pop(parameter.data_ptr(), None)": "a parameter begins where its memory begins",
        "seen, alive, total = (* → seen, alive, total = ({one.data_ptr() for one in model.parameters()}, [], 0)": "a parameter begins where its memory begins",
        "return sum((size for _, size in kept.values())) + 0 * len(y) → return *": "nothing is added: y is there to be held",
        "alive.append(model(x)) → model(x)": "the list holds all that is kept already",
        "alive.append(t) → *": "the answer is held, and with it all that autograd keeps",
    },
}

"""Which column of an LMS's table is what: by its header in languages that are known, by what is in it in all others."""

import re

from course_utils.grading.people.spreadsheet import number

KNOWN = {  # headers in the languages of the site: English, German, French, Spanish, Italian, Dutch
    "id": ("Identifier", "ID", "Identifiant", "Identificador", "Identificativo", "Identificatie"),
    "login": ("ID number", "ID-Nummer", "Numéro d'identification", "Número de ID", "Codice identificativo", "ID-nummer",
              "Username", "Anmeldename", "Nom d'utilisateur", "Nombre de usuario", "Gebruikersnaam", "SIS Login ID"),
    "mail": ("Email address", "E-Mail-Adresse", "Adresse de courriel", "Dirección de correo", "Indirizzo email",
             "E-mailadres", "E-mail", "Email"),
    "name": ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo", "Nome completo", "Volledige naam",
             "Student", "Name"),
    "grade": ("Grade", "Bewertung", "Note", "Calificación", "Valutazione", "Cijfer"),
    "maximum": ("Maximum Grade", "Bestwertung", "Note maximale", "Calificación máxima", "Valutazione massima",
                "Maximumcijfer"),
    "open": ("Grade can be changed", "Bewertung kann geändert werden", "La note peut être modifiée",
             "La calificación puede ser cambiada", "La valutazione può essere modificata",
             "Cijfer kan gewijzigd worden"),
    "comments": ("Feedback comments", "Feedback als Kommentar", "Feedback par commentaires",
                 "Comentarios de retroalimentación", "Commenti di feedback", "Feedback commentaar"),
}  # fmt: skip
NO = ("no", "nein", "non", "nee", "nie", "não", "nej", "ne", "nei", "нет", "hayır", "いいえ", "否", "όχι", "nem")
MAIL = re.compile(r"[^@\s]+@[^@\s]+")
IDENTIFIER = re.compile(r"\D{0,40}\d{1,20}")


def places(sheet, rows=None):
    """`{what: column}` for what can be found: id, login, mail, name, grade, maximum, open, comments.

    `rows` are those of people, without what an LMS writes between the headers and them.
    """
    rows = sheet.rows[1:] if rows is None else rows
    found = {what: sheet.column(*names) for what, names in KNOWN.items()}
    texts = [[row[i].strip() for row in rows] for i in range(len(sheet.header))]
    mails = [i for i, cells in enumerate(texts) if _most(cells, MAIL.fullmatch)]
    if found["mail"] is None and mails:
        found["mail"] = mails[0]
    if found["id"] is None:
        found["id"] = next(
            (
                i
                for i, cells in enumerate(texts)
                if _all(cells, IDENTIFIER.fullmatch) and len(set(cells)) == len(cells) and i not in mails
            ),
            None,
        )
    if found["name"] is None:
        found["name"] = next(
            (i for i, cells in enumerate(texts) if _most(cells, _is_name) and i not in (*mails, found["id"])), None
        )
    if found["grade"] is None or found["maximum"] is None:
        _marks(found, texts)
    last = len(texts) - 1
    if found["comments"] is None and found["open"] is not None and last > found["open"] and "-" not in texts[last]:
        found["comments"] = last
    return {what: column for what, column in found.items() if column is not None}


def _marks(found, texts):
    """The column of marks is followed by that of the points to be had, which is one number in all rows."""
    after = found.get("grade")
    for i in range(1, len(texts)):
        same = len(set(texts[i])) == 1 and (number(texts[i][0]) or 0) > 0
        marks = all(cell in ("", "-") or number(cell) is not None for cell in texts[i - 1])
        if same and marks and i - 1 not in (found["id"], found["mail"], found["name"]) and after in (None, i - 1):
            found["grade"], found["maximum"] = i - 1, i
            if found["open"] is None and i + 1 < len(texts) and _all(texts[i + 1], lambda cell: cell.isalpha()):
                found["open"] = i + 1
            return


def _is_name(cell):
    return re.search(r"[^\W\d_]", cell) and not re.search(r"\d", cell)


def _all(cells, test):
    return bool(cells) and all(cell and test(cell) for cell in cells)


def _most(cells, test):
    """Do most cells that hold something pass, and are there some that differ?"""
    full = [cell for cell in cells if cell]
    differ = len(set(full)) > 1 or len(cells) == 1
    return bool(full) and differ and sum(bool(test(cell)) for cell in full) > 0.7 * len(full)

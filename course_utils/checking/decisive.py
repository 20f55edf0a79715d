"""What of an error's words a check decides by; where nobody is to read the rest, this is what is left of them."""

import re

from course_utils.exercises.spec import Case

ARGUMENT = re.compile(r"\W*(weight|bias)\b", re.IGNORECASE)  # at the beginning: `check_shapes` asks for it
NO_FORWARD = re.compile(r"\bforward\b")  # of a module without it
MIXED = re.compile(r"same dtype|scalar type|should be the same|floating point|not implemented for '(?:Long|Int)'")
BACKWARDS = re.compile(r"numpy array is negative|last axis must be contiguous")
CANNOT_CAST = re.compile(r"^Cannot cast ufunc")
NAMES = ("UFuncTypeError",)  # of errors that are no built-in ones


def decisive(text: str) -> str:
    """The words of an error that decide, of which there are a dozen at most, or "" where there are none.

    >>> decisive("expected scalar type Long, of 8675309"), decisive("WEIGHT has 8675309"), decisive("8675309")
    ('scalar type', 'weight', '')
    """
    if argument := ARGUMENT.match(text):
        return argument[1].lower()
    found = (one.search(text) for one in (CANNOT_CAST, MIXED, BACKWARDS, NO_FORWARD))
    return next((words[0] for words in found if words), "")


def refuses_to_mix(one: Case, error: BaseException | None) -> bool:
    """Whether an answer stopped because PyTorch, or NumPy, takes no such arrays: types mixed, or memory backwards.

    >>> from course_utils.exercises.spec import case
    >>> one = case("whole numbers", 1, mixed="torch")
    >>> refuses_to_mix(one, RuntimeError("expected scalar type Long but found Double")), refuses_to_mix(one, None)
    (True, False)
    """
    name, said = type(error).__name__, str(error)
    if one.mixed == "numpy" and name in NAMES and CANNOT_CAST.match(said):
        return True
    if one.mixed and name == "ValueError" and BACKWARDS.search(said):
        return True
    return bool(one.mixed) and name == "RuntimeError" and MIXED.search(said) is not None

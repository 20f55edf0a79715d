"""What the other side raised, made anew from the words that came for it."""

import builtins

NAME_MAX = 80  # characters of the name of a class


def made_error(reply):
    """The other side's exception under its own name; it is caught as the built-in exception that it derives from."""
    given = reply["error"] if type(reply["error"]) is list else []
    names = [name for name in given if type(name) is str and len(name) <= NAME_MAX and name.isidentifier()]
    known = (vars(builtins).get(name) for name in names)
    base = next((one for one in known if isinstance(one, type) and issubclass(one, BaseException)), Exception)
    base = base if issubclass(base, Exception | SystemExit) else Exception
    base = Exception if issubclass(base, StopIteration | StopAsyncIteration) else base  # one would end a loop of ours
    text, line = text_of(reply, "text")[:2000], text_of(reply, "line")[:500]
    content = {"__str__": lambda self: text, "__module__": "builtins"}
    base = Exception if issubclass(base, BaseExceptionGroup) else base  # one cannot be made of nothing
    made = type(names[0] if names else "Exception", (base,), content)
    error = made.__new__(made)
    error.learners_line = line
    return error


def text_of(reply, name):
    """A text in a reply, whose half characters, which no file can hold, are question marks."""
    value = reply.get(name, "")
    return value.encode(errors="replace").decode() if type(value) is str else ""

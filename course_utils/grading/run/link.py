"""Calls between two processes that do not trust each other: a function of one is called from the other.

Both ends are alike. While an answer is awaited, calls of the other side are served: so a learner's test can call the
layers that it is given.
"""

import builtins
import contextlib
import io
import sys
import time

import numpy as np

from course_utils.grading.run import wire

OVER = "it ran too long"  # why the other side is gone
PRINTED_MAX = 10_000  # characters of what a function prints that are passed on


class Gone(Exception):
    """The process on the other side has ended, or did not answer in time."""


class Remote:
    """A function or object of the other side."""

    def __init__(self, link, number, name, opaque):
        vars(self).update(_link=link, _number=number, __name__=name, _opaque=opaque)

    def __call__(self, *args, **named):
        return vars(self)["_link"].call(vars(self)["_number"], args, named)

    def __getattr__(self, name):
        if name.startswith("_") or not vars(self)["_opaque"]:
            raise AttributeError(name)
        return vars(self)["_link"].attribute(vars(self)["_number"], name)

    def __deepcopy__(self, memo):
        return self

    def ask_beside(self, module, function, *args):
        """Have a function of the course look at this object where it lives; bring back what it returns."""
        return vars(self)["_link"].beside(module, function, [self, *args])


class Link:
    """One end of a connection."""

    def __init__(self, connection, own_line=lambda error: ""):
        self.connection, self.own_line = connection, own_line
        self.kept, self.remotes, self.given, self.asked, self.deadline, self.gone = {}, {}, 0, 0, None, ""

    def call(self, number, args, named):
        """Call a function of the other side; what it does to its arguments and what it prints happens here too."""
        request = {"do": "call", "number": number, "args": list(args), "named": named, "chance": chance()}
        reply = self.ask(request)
        _write_back(args, reply.get("args"))
        set_chance(reply.get("chance"))
        print(str(reply.get("printed", ""))[:PRINTED_MAX], end="")
        return self._value(reply)

    def attribute(self, number, name):
        return self._value(self.ask({"do": "attribute", "number": number, "name": name}))

    def beside(self, module, function, args):
        return self._value(self.ask({"do": "beside", "module": module, "function": function, "args": args}))

    def ask(self, request):
        """Send a request, serve what the other side asks meanwhile, and return its reply."""
        if self.gone:
            raise Gone(self.gone)
        self.asked += 1
        turn = f"{id(self)}-{self.asked}"
        try:
            wire.send(self.connection, request | {"turn": turn}, self._keep)
            while True:
                message = self._receive()
                if "do" in message:
                    self.serve(message)
                elif message.get("turn") == turn:  # others come from processes that a student's has forked
                    return message
        except (OSError, EOFError):
            self.gone = self.gone or "it ended the process"
            raise Gone(self.gone) from None

    def serve(self, request):
        """Do what the other side asks, and reply."""
        try:
            reply = getattr(self, f"_do_{request['do']}")(request)
            self._send(reply | {"turn": request["turn"]})
        except Gone:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever a function raises is its answer
            self._send(self._error(error) | {"turn": request["turn"]})

    def _send(self, reply):
        try:
            wire.send(self.connection, reply, self._keep)
        except wire.Unfit as error:
            said = {"error": ["ValueError"], "text": str(error), "turn": reply["turn"]}
            wire.send(self.connection, said, self._keep)

    def _receive(self):
        left = None if self.deadline is None else max(0, self.deadline - time.monotonic())
        if not self.connection.poll(left):
            self.gone = OVER
            raise Gone(self.gone)
        try:
            message = wire.receive(self.connection, self._known)
        except wire.Unfit as error:
            self.gone = f"it answered with {error}"
            raise Gone(self.gone) from None
        return message if isinstance(message, dict) else {}

    def _do_call(self, request):
        function, args = self.kept[request["number"]], request["args"]
        set_chance(request["chance"])
        before = [_frozen(one) for one in args]
        printed = Printed()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                reply = {"value": function(*args, **request["named"])}
        except BaseException as error:  # noqa: BLE001 - sys.exit() too
            reply = self._error(error)
        changed = [None if _frozen(one) == old else [one] for one, old in zip(args, before, strict=True)]
        return reply | {"printed": printed.getvalue(), "args": changed, "chance": chance()}

    def _do_attribute(self, request):
        value = getattr(self.kept[request["number"]], request["name"])
        return {"value": list(value) if hasattr(value, "__next__") else value}

    def _error(self, error):
        names = [kind.__name__ for kind in type(error).__mro__]
        return {"error": names, "text": str(error), "line": self.own_line(error)}

    def _value(self, reply):
        if "error" not in reply:
            return reply.get("value")
        raise made_error(reply)

    def _keep(self, value):
        if isinstance(value, Remote):
            return {"back": vars(value)["_number"]}
        number = next((n for n, one in self.kept.items() if one is value), None)
        if number is None:  # a number is never given twice: the other side may still hold the old one
            self.given, number = self.given + 1, self.given
            self.kept[number] = value
        plain = not isinstance(value, type) and type(value).__name__ in ("function", "builtin_function_or_method")
        return {"number": number, "name": str(getattr(value, "__name__", type(value).__name__)), "opaque": not plain,
                "callable": callable(value)}  # fmt: skip

    def _known(self, described):
        if "back" in described:
            return self.kept[described["back"]]
        number, name = int(described["number"]), str(described["name"])[:200]
        kind = Remote if described["callable"] else Thing
        return self.remotes.setdefault(number, kind(self, number, name, bool(described["opaque"])))


class Thing(Remote):
    """An object of the other side that cannot be called."""

    __call__ = None


class Printed(io.StringIO):
    """What is printed, as far as anybody will read it."""

    def write(self, text):
        return super().write(text[: PRINTED_MAX - self.tell()]) if self.tell() < PRINTED_MAX else 0


def chance():
    """The state of PyTorch's random numbers: a check that sets their seed means those that the answer draws."""
    torch = sys.modules.get("torch")
    return None if torch is None else torch.get_rng_state()


def set_chance(state):
    if state is not None:
        with contextlib.suppress(Exception):  # a state that is none
            sys.modules["torch"].set_rng_state(state)


def made_error(reply):
    """The other side's exception under its own name; it is caught as the built-in exception that it derives from."""
    names = [str(name) for name in reply["error"]]
    known = (getattr(builtins, name, None) for name in names)
    base = next((one for one in known if isinstance(one, type) and issubclass(one, BaseException)), Exception)
    base = base if issubclass(base, Exception | SystemExit) else Exception
    text, line = str(reply.get("text", ""))[:2000], str(reply.get("line", ""))[:500]
    content = {"__str__": lambda self: text, "__module__": "builtins"}
    made = type(names[0][:80] if names else "Exception", (base,), content)
    error = made.__new__(made)
    error.learners_line = line
    return error


def _frozen(value):
    """Something that differs when the value was changed in place."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if hasattr(type(value), "detach"):
        return _frozen(value.detach().cpu().float().numpy())
    if isinstance(value, list | tuple):
        return [_frozen(item) for item in value]
    if wire.is_plain_network(value):
        return [_frozen(one) for one in value.state_dict().values()], [one.training for one in value.modules()]
    if isinstance(value, np.random.Generator):
        return str(value.bit_generator.state)
    return repr(value) if isinstance(value, dict) else None


def _write_back(args, changed):
    """Do to our arguments what the other side's function did to its copies."""
    for one, new in zip(args, changed if isinstance(changed, list) else [], strict=False):
        if new:
            with contextlib.suppress(ValueError, TypeError, RuntimeError, AttributeError):
                _copy_into(one, new[0])


def _copy_into(one, new):
    if isinstance(one, np.ndarray):
        if one.shape != new.shape:
            one.shape = new.shape
        one[...] = new
    elif hasattr(type(one), "detach"):
        one.detach().copy_(new)
    elif wire.is_plain_network(one) and wire.is_plain_network(new):
        one.load_state_dict(new.state_dict())
        for mine, theirs in zip(one.modules(), new.modules(), strict=True):
            mine.training = bool(theirs.training)
    elif isinstance(one, list):
        for i, (mine, theirs) in enumerate(zip(one, new, strict=False)):
            if isinstance(mine, np.ndarray):
                _copy_into(mine, theirs)
            else:
                one[i] = theirs
        one[:] = one[: len(new)] + new[len(one) :]
    elif isinstance(one, dict):
        one.clear()
        one.update(new)
    elif isinstance(one, np.random.Generator):
        one.bit_generator.state = new.bit_generator.state

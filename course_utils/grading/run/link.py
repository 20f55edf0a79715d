"""Calls between two processes that do not trust each other: a function of one is called from the other.

Both ends are alike. While an answer is awaited, calls of the other side are served: so a learner's test can call the
layers that it is given.
"""

import contextlib
import functools
import io
import secrets
import socket

from course_utils.base.values import reused
from course_utils.grading.run import wire
from course_utils.grading.run.changes import frozen, write_back
from course_utils.grading.run.draws import is_state, random_state, set_random_state
from course_utils.grading.run.raised import NAME_MAX, made_error, text_of

OVER = "it ran too long"  # why the other side is gone
PRINTED_MAX = 10_000  # characters of what a function prints that are passed on
STRAYS_MAX = 1_000  # messages that answer no question, before nobody listens any more
KEPT_MAX = 10_000  # values of one side that the other knows by their numbers


class Gone(Exception):
    """The process on the other side has ended, or did not answer in time."""


class Thing:
    """An object of the other side."""

    def __init__(self, link, number, name, opaque):
        vars(self).update(_link=link, _number=number, __name__=name, _opaque=opaque, reused=())

    def __getattr__(self, name):
        if name.startswith("_") or not vars(self)["_opaque"]:
            raise AttributeError(name)
        return vars(self)["_link"].attribute(vars(self)["_number"], name)

    def __deepcopy__(self, memo):
        return self

    def ask_there(self, module, function, *args):
        """Have a function of the course look at this object where it lives; bring back what it returns."""
        return vars(self)["_link"].there(module, function, [self, *args])


class Remote(Thing):
    """A function of the other side, or another object that can be called."""

    def __call__(self, *args, **named):
        link, number, replies = vars(self)["_link"], vars(self)["_number"], vars(self).get("replies")
        reply = replies.pop(0) if replies else link.asked(number, args, named)
        answer, vars(self)["reused"] = link.taken(reply, args)
        return answer

    def ask_ahead(self, lists):
        """Have it called on each of these lists of arguments, all in one message.

        As many calls that follow, each on its list, get what came back. With functions among the arguments, which may
        be called from there, each call is a message of its own.
        """
        vars(self)["replies"] = []
        if lists and not _holds_function(lists):
            with contextlib.suppress(Gone):  # the calls that follow say so
                vars(self)["replies"] = vars(self)["_link"].asked_at_once(vars(self)["_number"], lists)


def _holds_function(value):
    """Whether there is something in a value that may ask back."""
    if isinstance(value, list | tuple):
        return any(map(_holds_function, value))
    return any(map(_holds_function, value.values())) if isinstance(value, dict) else callable(value)


class Link:
    """One end of a connection. What the other side may have done here is what `served` names."""

    served = ("call",)

    def __init__(self, connection, own_line=lambda error: ""):
        self.connection, self.own_line = connection, own_line
        self.kept, self.remotes, self.given, self.gone = {}, {}, 0, ""
        self.agreed = None  # the state of random numbers that both sides had last

    def asked(self, number, args, named):
        """What a function of the other side replies to a call."""
        request = {"do": "call", "number": number, "args": list(args), "named": named, "random_state": self._drawn()}
        return self.ask(request)

    def asked_at_once(self, number, lists):
        """What it replies to several, which are one question; nothing where they are too much for one."""
        request = {"do": "calls", "number": number, "lists": list(map(list, lists)), "random_state": self._drawn()}
        try:
            return self.replies(request, len(lists))
        except wire.Unfit:
            self.agreed = None  # it was not sent
            return []

    def taken(self, reply, args):
        """The answer in a reply, and the places of the arguments in whose memory, there, it lies.

        What the function did to its arguments and what it printed happens here too.
        """
        write_back(args, reply.get("args"))
        self._agree(reply.get("random_state"))
        print(text_of(reply, "printed")[:PRINTED_MAX], end="")
        places = reply["reused"] if type(reply.get("reused")) is list else []
        return self._value(reply), [place for place in places if type(place) is int]

    def attribute(self, number, name):
        return self._value(self.ask({"do": "attribute", "number": number, "name": name}))

    def there(self, module, function, args):
        return self._value(self.ask({"do": "there", "module": module, "function": function, "args": args}))

    def ask(self, request, passing=None):
        """Send a request, and an open file with it; serve what the other side asks meanwhile, and return its reply."""
        return self.replies(request, 1, passing)[0]

    def replies(self, request, count, passing=None):
        """The replies to a request, as many as it asks for."""
        if self.gone:
            raise Gone(self.gone)
        turn = secrets.token_hex(8)  # says nothing of this process
        try:
            wire.send(self.connection, request | {"turn": turn}, self._keep)
            if passing is not None:
                socket.send_fds(self.connection.socket, [b" "], [passing])
            found = []
            for _ in range(count + STRAYS_MAX):
                message = self._receive()
                while "do" in message:
                    self.serve(message)
                    message = self._receive()
                if message.get("turn") == turn:  # others come from processes that a student's has forked
                    found.append(message)
                if len(found) == count:
                    return found
            self.gone = "it sent answers that nobody asked for"
            raise Gone(self.gone)
        except TimeoutError:
            self.gone = OVER
            raise Gone(self.gone) from None
        except (OSError, EOFError):
            self.gone = self.gone or "it ended the process"
            raise Gone(self.gone) from None

    def serve(self, request):
        """Do what the other side asks, and reply."""
        turn = request.get("turn") if isinstance(request.get("turn"), str) else ""
        try:
            if request["do"] not in self.served:
                raise ValueError("nothing of that name is done here")
            reply = getattr(self, f"_do_{request['do']}")(request)
        except Gone:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever a function raises is its answer
            reply = self._error(error)
        self._send(reply | {"turn": turn})

    def _send(self, reply):
        try:
            wire.send(self.connection, reply, self._keep)
        except wire.Unfit as error:
            said = {"error": ["ValueError"], "text": str(error), "turn": reply["turn"]}
            wire.send(self.connection, said, self._keep)

    def _receive(self):
        try:
            message = wire.receive(self.connection, self._known)
        except wire.Unfit as error:
            self.gone = f"it answered with {error}"
            raise Gone(self.gone) from None
        return message if isinstance(message, dict) else {}

    def _do_call(self, request):
        function, args = self.kept[request["number"]], request["args"]
        self._agree(request["random_state"])
        before = [frozen(one) for one in args]
        printed = Printed()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                answer = function(*args, **request["named"])
            reply = {"value": answer, "reused": reused(answer, args)}
        except BaseException as error:  # noqa: BLE001 - sys.exit() too
            reply = self._error(error)
        changed = [None if frozen(one) == old else [one] for one, old in zip(args, before, strict=True)]
        return reply | {"printed": printed.getvalue(), "args": changed, "random_state": self._drawn()}

    def _drawn(self):
        """The state of random numbers, or None where nobody has drawn any since both sides agreed on it."""
        state, before = random_state(), self.agreed
        self.agreed = state
        return None if before is not None and bytes(before.numpy()) == bytes(state.numpy()) else state

    def _agree(self, state):
        """Take the other side's state of random numbers; None stands for the one of before."""
        if is_state(state):
            self.agreed = state
        if self.agreed is not None:
            set_random_state(self.agreed)

    def _error(self, error):
        names = [kind.__name__ for kind in type(error).__mro__]
        return {"error": names, "text": str(error), "line": self.own_line(error)}

    def _value(self, reply):
        if "error" not in reply:
            return reply.get("value")
        raise made_error(reply)

    def _keep(self, value):
        if isinstance(value, Thing):
            return {"back": vars(value)["_number"]}
        number = next((n for n, one in self.kept.items() if one is value), None)
        if len(self.kept) >= KEPT_MAX:
            raise wire.Unfit(f"more than {KEPT_MAX:,} functions and objects")
        if number is None:  # a number is never given twice: the other side may still hold the old one
            self.given, number = self.given + 1, self.given
            self.kept[number] = value
        plain = not isinstance(value, type) and type(value).__name__ in ("function", "builtin_function_or_method")
        return {
            "number": number,
            "name": str(getattr(value, "__name__", type(value).__name__)),
            "opaque": not plain,
            "callable": callable(value),
        }

    def _known(self, described):
        if "back" in described:
            return self.kept[described["back"]]
        number, name = described["number"], described["name"]
        if type(number) is not int or type(name) is not str or len(self.remotes) >= KEPT_MAX:
            raise ValueError("number or name")
        kind = Remote if described["callable"] is True else called_as(name)
        return self.remotes.setdefault(number, kind(self, number, name[:200], described["opaque"] is True))


@functools.lru_cache(maxsize=100)
def called_as(name):
    """The class of things that bears their class's name on the other side: a check says of what type an answer is."""
    return type(name, (Thing,), {}) if name.isidentifier() and len(name) <= NAME_MAX else Thing


class Printed(io.StringIO):
    """What is printed, as far as anybody will read it."""

    def write(self, text):
        return super().write(text[: PRINTED_MAX - self.tell()]) if self.tell() < PRINTED_MAX else 0

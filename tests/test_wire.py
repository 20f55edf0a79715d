"""The wire between a stranger's process and the referee: what comes is made anew from bytes, or refused, in time."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from far_side import a_student, two_ends
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from course_utils.base import bounded
from course_utils.checking.calls import cases_of, run
from course_utils.checking.judge import judge
from course_utils.exercises import Exercise, catalogue, find
from course_utils.exercises.spec import apply, case
from course_utils.experiments.claims import Claim
from course_utils.grading.run import networks, wire
from course_utils.grading.run.changes import write_back
from course_utils.grading.run.draws import set_random_state
from course_utils.grading.run.frames import Frames
from course_utils.grading.run.inside import Clock, Discreet
from course_utils.grading.run.link import OVER, STRAYS_MAX, Gone, Link, Remote
from course_utils.grading.run.raised import made_error
from course_utils.grading.run.student import Student


@pytest.fixture
def ends():
    with two_ends() as both:
        yield both


def there_and_back(value, ends):
    """A value as the referee gets it from an honest student."""
    kept = {}

    def keep(one):
        kept[len(kept)] = one
        return {"number": len(kept) - 1, "name": "f", "opaque": False, "callable": True}

    sender = threading.Thread(target=wire.send, args=(ends[1], {"value": value}, keep))
    sender.start()
    found = wire.receive(ends[0], lambda described: kept[described["number"]])["value"]
    sender.join()
    return found


def received(ends, value, *arrays, count=None):
    """What the referee makes of a message written by hand."""
    text = json.dumps(value).encode()
    ends[1].send_bytes((len(arrays) if count is None else count).to_bytes(4, "little") + text)
    for array in arrays:
        ends[1].send_bytes(array)
    return wire.receive(ends[0], lambda described: described)


# Values


VALUES = [None, True, 3, -2.5, "text", "\ud800 half a character", [1, [2]], (1, "a"), {"a": 1, 2: [3]}, 1j, 2**200,
          np.float32(2), np.bool_(True), np.zeros((0, 3)), np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1),
          np.array(["a", "bcd"]), np.array([b"a"]), np.array([True, False]), np.arange(6)[::-1], np.array(5.0)]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_an_honest_answer_is_arrives_as_it_was(value, ends):
    found = there_and_back(value, ends)
    assert type(found) is type(value)
    np.testing.assert_equal(found, value)
    if isinstance(value, np.ndarray):
        assert (found.dtype, found.shape) == (value.dtype, value.shape)
        found[...] = found  # it can be written to


def test_a_whole_number_that_python_does_not_write_is_told_to_the_other_side(ends):
    with pytest.raises(wire.Unfit, match="a whole number of thousands of digits"):
        wire.send(ends[1], {"value": [10**5000]}, None)


def test_tensors_and_generators_arrive_as_they_were(ends):
    for dtype in wire.DTYPES:
        value = torch.tensor([[0, 1]]).to(getattr(torch, dtype))
        found = there_and_back(value, ends)
        assert found.dtype is value.dtype
        assert bool((found == value).all())
    rng = np.random.default_rng(3)
    assert there_and_back(rng, ends).random() == rng.random()


NETWORKS = [
    lambda nn: nn.Conv2d(3, 5, 1), lambda nn: nn.Conv2d(4, 8, (1, 3), stride=2, padding="valid", groups=2, bias=False),
    lambda nn: nn.Conv2d(3, 5, 3, padding=1, padding_mode="reflect", dilation=2), lambda nn: nn.Linear(3, 2, False),
    lambda nn: nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)),
    lambda nn: nn.Sequential(nn.Sequential(nn.Identity(), nn.Dropout(0.3))).eval(), lambda nn: nn.ModuleList([nn.GELU()]),
    lambda nn: nn.LayerNorm((3, 4)), lambda nn: nn.LayerNorm(3, elementwise_affine=False), lambda nn: nn.GroupNorm(2, 4),
    lambda nn: nn.BatchNorm2d(3, affine=False, track_running_stats=False), lambda nn: nn.ConvTranspose2d(3, 2, 2, 2),
    lambda nn: nn.Upsample(scale_factor=2.0), lambda nn: nn.Embedding(5, 3), lambda nn: nn.CrossEntropyLoss(),
    lambda nn: nn.Conv2d(np.int64(3), 5, 1), lambda nn: nn.PReLU(3), lambda nn: nn.Unflatten(1, (2, 2)), lambda nn: nn.MaxPool2d(2),
]  # fmt: skip


@pytest.mark.parametrize("make", NETWORKS)
def test_networks_of_pytorch_s_own_layers_arrive_as_they_were(make, ends):
    net = make(torch.nn)
    found = there_and_back(net, ends)
    assert repr(found) == repr(net)
    assert found is not net
    assert [one.training for one in found.modules()] == [one.training for one in net.modules()]
    for (name, one), (other_name, other) in zip(net.state_dict().items(), found.state_dict().items(), strict=True):
        assert name == other_name
        assert torch.equal(one, other)


def test_every_layer_of_the_table_is_one_of_pytorch_s_and_has_its_arguments():
    for name in networks.LAYERS:
        assert issubclass(getattr(torch.nn, name), torch.nn.Module)
        assert isinstance(networks.arguments(name), tuple)


def test_a_claim_arrives_as_it_was_and_one_of_other_fields_stays_where_it_is(ends):
    for low in (2, 2.5, -np.inf):
        claim = Claim(99, "a sentence", "13", "a number", low, np.inf)
        assert there_and_back(claim, ends) == claim
    odd = Claim(99, "a sentence", "13", "a number", [2.0], 3.0)
    assert wire._packed(odd, [], lambda value: {"kept": value is odd}) == {"is": "kept", "kept": True}


@pytest.mark.parametrize(
    "item", [one for one in catalogue().values() if isinstance(one, Exercise)], ids=lambda one: one.name
)
def test_whatever_is_no_function_reaches_the_answer_as_data(item):
    """The referee shows no attribute of what stays with it, so an answer could not look at such an argument."""

    def keep(value):
        assert callable(value), type(value)
        return {}

    for one in cases_of(item):
        wire._packed(list(one.args), [], keep)


def test_networks_that_are_more_than_numbers_stay_where_they_are(ends):
    class Own(torch.nn.Conv2d):
        pass

    changed = torch.nn.Conv2d(3, 5, 1)
    changed.stride = "<script>"
    extra = torch.nn.Linear(2, 2)
    extra.register_buffer("more", torch.zeros(3))
    inner = torch.nn.Linear(2, 2)
    inner.add_module("below", torch.nn.ReLU())
    huge = torch.nn.Conv2d(3, 5, 1)
    huge.padding = (2**40, 0)
    for net in (Own(3, 5, 1), torch.nn.Sequential(Own(3, 5, 1)), torch.nn.LazyLinear(3), torch.nn.Linear(3, 2, device="meta"),
                torch.nn.LSTM(2, 3), extra, inner, huge):  # fmt: skip
        assert there_and_back(net, ends) is net
    own = torch.nn.Conv2d(3, 5, 1)
    own.note, own.__array_interface__ = "mine", {"data": (1, False)}
    found = there_and_back(own, ends)
    assert not hasattr(found, "note")
    assert not hasattr(found, "__array_interface__")


# Forged messages


ARRAY = {"is": "array", "type": "<f8", "shape": [2], "order": [0]}
TENSOR = ARRAY | {"is": "tensor", "torch": "float64"}
LAYER = {"is": "dict", "items": []}


def pairs(**named):
    return {"is": "dict", "items": [[name, value] for name, value in named.items()]}


LINEAR = [
    pairs(in_features=1, out_features=2, training=True),
    pairs(weight=TENSOR | {"shape": [2, 1], "order": [0, 1]}, bias=None),
    LAYER,
    LAYER,
]


def network(name="Linear", own=LINEAR[0], weights=LINEAR[1], buffers=LAYER, inner=LAYER):
    return {"is": "network", "type": name, "parts": [own, weights, buffers, inner]}


def generator(**changes):
    return {
        "is": "generator",
        "state": pairs(
            **{"bit_generator": "PCG64", "state": pairs(state=1, inc=3), "has_uint32": 0, "uinteger": 0} | changes
        ),
    }


FORGED = [
    *(ARRAY | {"type": kind} for kind in ("O", "|O8", "V8", "<M8[s]", "f8,f8", "(2,)f8", [["a", "<f8"]], {"names": ["a"]}, None, 8,
                                          "<f3", "<U99999999", "S0", "<U0", "float64", "", "b", "<f8 ")),
    *(ARRAY | {"shape": shape} for shape in ([-2], [2.0], ["2"], None, {}, [[2]], [2**70], [True, 2], [3], [1] * 33, "2", [-1, -2])),
    *(ARRAY | {"order": order} for order in ([1], [0, 0], [-1], None, [0.0], [], [0, 1], "0")),
    ARRAY | {"strides": [-8], "shape": [4]}, {"is": "scalar", "type": "<f8", "shape": [2], "order": [0]}, {"is": "nothing"}, {},
    *({"is": "claim", "fields": fields} for fields in (None, [], [1, "q", "13", "m", 0.0], [True, "q", "13", "m", 0.0, 1.0],
                                                        [1, "q", "13", "m", ARRAY, 1.0], [1, "q", "13", "m", 0.0, "1"])),
    {"is": "array"}, {"is": ["array"]}, {"is": {}}, {"is": "dict", "items": [[[], 1]]}, {"is": "dict", "items": [[1]]},
    {"is": "dict", "items": 3}, {"is": "tuple", "items": None}, {"is": "complex", "parts": ["a", 1]}, {"is": "complex", "parts": []},
    *(TENSOR | {"torch": kind} for kind in ("nn", "qint8", "__class__", "load", None, [], "float")),
    *(network(name) for name in ("Module", "LSTM", "Lambda", "__class__", "modules", None, [], "Transformer", "linear", "Sequential")),
    *(network(own=pairs(**{"in_features": 1, "out_features": 2} | more)) for more in (
        {"in_features": -1}, {"in_features": 2**80}, {"in_features": "a" * 30}, {"in_features": pairs()}, {"in_features": ARRAY},
        {"__class__": 3, "in_features": None}, {"in_features": [1] * 20})),
    *(network(weights=weights) for weights in (
        LAYER, pairs(weight=None, bias=3), pairs(weight=3, bias=None), pairs(weight=TENSOR, bias=None, forward=TENSOR),
        pairs(weight=[1.0], bias=None), pairs(weight=ARRAY, bias=None), pairs(weight=TENSOR), pairs(weight=LAYER, bias=None))),
    network(buffers=pairs(forward=None)), network(buffers=[]), network(inner=pairs(a=None)), network(own=[]),
    *(network("Sequential", pairs(), LAYER, LAYER, pairs(**{name: None})) for name in ("_modules", "a.b", "", "__call__")),
    network("Sequential", pairs(), LAYER, LAYER, pairs(a=3)), network("Sequential", pairs(), LAYER, LAYER, pairs(a=ARRAY)),
    network("Sequential", pairs(), LAYER, LAYER, {"is": "dict", "items": [[3, None]]}),
    network("GroupNorm", pairs(num_groups=0, num_channels=3), pairs(weight=None, bias=None)),
    generator(bit_generator="MT19937"), generator(state=pairs(state=-1, inc=3)), generator(state=pairs(state="a", inc=3)),
    generator(state=3), generator(has_uint32=2**200), {"is": "generator", "state": 3}, {"is": "kept"},
]  # fmt: skip


@pytest.mark.parametrize("value", FORGED, ids=lambda value: json.dumps(value)[:80])
def test_a_forged_value_is_refused(value, ends):
    with pytest.raises(wire.Unfit, match="something that cannot be read"):
        known = Link(None)._known
        text = json.dumps({"value": value}).encode()
        ends[1].send_bytes((1).to_bytes(4, "little") + text)
        ends[1].send_bytes(bytes(16))
        wire.receive(ends[0], known)


def test_a_character_that_is_none_and_a_bool_that_is_none_harm_nobody(ends):
    text = ARRAY | {"type": "<U2"}
    with pytest.raises(wire.Unfit):
        received(ends, text, b"\xff" * 16)
    found = received(ends, ARRAY | {"type": "|b1", "shape": [4]}, b"\x00\x01\x02\xff")
    assert found.tolist() == [False, True, True, True]
    assert found.tobytes() == b"\x00\x01\x01\x01"


@pytest.mark.parametrize("shape", [[0], [0, 2**62], [2**62, 0]])
def test_an_array_of_nothing_may_be_as_long_as_it_likes(shape, ends):
    value = ARRAY | {"shape": shape, "order": list(range(len(shape)))}
    try:
        assert received(ends, value, b"").size == 0
    except wire.Unfit:
        pass


@pytest.mark.parametrize("text", [
    "[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"is":' * 300 + "1" + "}" * 300, "[" + "[]," * 600_000 + "1]", "{" * 99, '"', "\\",
    "[" + '"",' * 2_000_000 + '""]', "1" * 10_000, "nan", "[1,", '{"a":1}x', "\x00", "[" + "1," * 600_000 + "1]",
])  # fmt: skip
def test_json_that_would_take_room_or_a_stack_is_refused_before_anything_is_built(text, ends):
    def send():
        ends[1].send_bytes(bytes(4) + text.encode())

    sender = threading.Thread(target=send)
    sender.start()
    with pytest.raises(wire.Unfit):
        wire.receive(ends[0], None)
    sender.join()


def test_json_in_another_encoding_is_not_counted_wrongly():
    for encoding in ("utf-16", "utf-32", "utf-16-le"):
        with pytest.raises(ValueError):
            bounded.loads(("[" * 30 + "]" * 30).encode(encoding), most=10, deepest=5)


JSON = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False)
    | some.text()
    | some.text('"\\[]{},:u0041'),
    lambda inner: some.lists(inner) | some.dictionaries(some.text('a"\\[{,'), inner),
    max_leaves=60,
)


def counted(value):
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    inner = [counted(one) for one in parts]
    return 1 + sum(one for one, _ in inner), (isinstance(value, dict | list)) + max(
        (deep for _, deep in inner), default=0
    )


@settings(deadline=None, max_examples=150)
@given(JSON, some.booleans())
def test_values_are_counted_without_being_built(value, is_ascii):
    text = json.dumps(value, ensure_ascii=is_ascii).encode(errors="surrogatepass")
    held, deep = bounded.measure(text, 10**6)
    wanted, wanted_deep = counted(value)
    assert wanted <= held <= 2 * wanted
    assert deep == wanted_deep
    assert bounded.loads(json.dumps(value), held, deep) == value
    if deep:
        with pytest.raises(bounded.TooMuch):
            bounded.loads(json.dumps(value), held, deep - 1)


# Time and length


@pytest.mark.parametrize("part", [b"", b"\x00\x00", b"\x00\x00\x10\x00", b"\x00\x00\x10\x00" + b"x" * 99, bytes(3)])
def test_half_a_message_and_then_silence_ends_at_the_deadline(part, ends):
    ours, theirs = ends
    theirs.socket.sendall(part)
    ours.deadline = time.monotonic() + 0.2
    with pytest.raises(Gone, match=OVER):
        Link(ours).ask({"do": "get", "names": []})


def test_a_message_that_drips_ends_at_the_deadline(ends):
    ours, theirs = ends
    ended = threading.Event()

    def drip():
        theirs.socket.sendall((1000).to_bytes(4, "big"))
        while not ended.wait(0.02):
            theirs.socket.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    ours.deadline = time.monotonic() + 0.3
    with pytest.raises(TimeoutError):
        ours.recv_bytes(10_000)
    ended.set()
    dripping.join()


def test_nobody_waits_for_one_who_does_not_read(ends):
    ours, _ = ends
    ours.deadline = time.monotonic() + 0.2
    with pytest.raises(Gone, match=OVER):
        Link(ours).ask({"do": "get", "names": ["x" * 30_000_000]})


def test_a_promise_of_a_long_message_takes_no_room(ends):
    import tracemalloc

    ours, theirs = ends
    theirs.socket.sendall((wire.TEXT_MAX).to_bytes(4, "big") + b"xx")
    ours.deadline = time.monotonic() + 0.2
    tracemalloc.start()
    with pytest.raises(TimeoutError):
        ours.recv_bytes(wire.TEXT_MAX)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_message_that_says_it_is_too_long_is_refused(ends):
    ours, theirs = ends
    theirs.socket.sendall((wire.TEXT_MAX + 5).to_bytes(4, "big"))
    with pytest.raises(wire.Unfit):
        wire.receive(ours, None)


def test_messages_end_like_those_of_multiprocessing():
    from multiprocessing.connection import Connection

    a, b = socket.socketpair()
    ours, theirs = Frames(a.detach()), Connection(b.detach())
    for content in (b"", b"x", b"y" * 100_000):
        ours.send_bytes(content)
        assert theirs.recv_bytes() == content
        theirs.send_bytes(content)
        assert ours.recv_bytes(10**6) == content
    theirs.close()
    with pytest.raises(EOFError):
        ours.recv_bytes(10)
    ours.close()


# Questions and answers


def answering(theirs, *messages):
    """Somebody who answers a question with messages of their own making; `turn` in them is that of the question."""

    def run():
        turn = json.loads(theirs.recv_bytes(10**8)[4:])
        asked = dict(map(tuple, turn["items"]))
        for message in messages:
            text = json.dumps(message).replace('"TURN"', json.dumps(asked["turn"]))
            try:
                theirs.send_bytes(bytes(4) + text.encode())
            except OSError:
                return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("message", [
    3, [], "x", None, {}, {"is": "dict", "items": []}, pairs(turn="another"), pairs(turn=None), pairs(turn=3),
    pairs(value=3, turn="0-1"),
])  # fmt: skip
def test_an_answer_under_another_turn_is_none(message, ends):
    ours, theirs = ends
    answering(theirs, message)
    ours.deadline = time.monotonic() + 0.3
    with pytest.raises(Gone):
        Link(ours).ask({"do": "get", "names": []})


def test_many_tiny_messages_are_not_read_for_ever(ends):
    ours, theirs = ends
    answering(theirs, *[pairs(turn="another")] * (STRAYS_MAX + 10))
    with pytest.raises(Gone, match="nobody asked for"):
        Link(ours).ask({"do": "get", "names": []})


@pytest.mark.parametrize("wish", [
    pairs(do="attribute", number=0, name="__globals__", turn="t"), pairs(do="attribute", number=0, name="__call__", turn="t"),
    pairs(do="there", module="os", function="system", args=["true"], turn="t"), pairs(do="cell", source="1", turn="t"),
    pairs(do="call", number=7, args=[], named=LAYER, random_state=None, turn="t"), pairs(do="call", turn="t"), pairs(do="_error", turn="t"),
    pairs(do="call", number="__class__", args=[], named=LAYER, random_state=None, turn="t"), pairs(do=3, turn="t"), pairs(do=[], turn="t"),
    pairs(do="call", number=0, args=3, named=3, random_state=3, turn=[]), pairs(do="__init__"), pairs(do="get", names=["secret"], turn="t"),
])  # fmt: skip
def test_nothing_but_calls_is_done_for_the_other_side(wish, ends):
    ours, theirs = ends
    link, called = Link(ours), []

    def handed_over():
        called.append(True)

    assert link._keep(handed_over)["number"] == 0
    answering(theirs, wish, pairs(value=3, turn="TURN"))
    assert link.ask({"do": "get", "names": []})["value"] == 3
    assert not called
    reply = dict(map(tuple, json.loads(theirs.recv_bytes(10**6)[4:])["items"]))
    assert "error" in reply
    assert "secret" not in str(reply.get("value"))


def test_a_function_that_was_handed_over_is_called_with_data(ends):
    ours, theirs = ends
    link, got = Link(ours), []
    link._keep(lambda x, k: got.append((x, k)))
    call = pairs(
        do="call", number=0, args=[[1, 2]], named=pairs(k={"is": "tuple", "items": [3]}), random_state=None, turn="t"
    )
    answering(theirs, call, pairs(value=1, turn="TURN"))
    link.ask({"do": "get", "names": []})
    assert got == [([1, 2], (3,))]


def test_all_inputs_of_a_check_are_one_question_and_each_answer_is_as_it_was_given(ends):
    kept = np.zeros(1)

    def crashes_at_two(x):
        print("at", x[0])
        kept[0] += x[0]
        if x[0] == 2:
            raise ValueError("two")
        x[0] = -1.0
        return kept  # the same memory each time

    exercise = replace(find("mix_pixel"), oracle=crashes_at_two)
    cases = [case(str(i), np.array([float(i)])) for i in range(4)]
    wanted = run(exercise, crashes_at_two, cases)
    kept[:] = 0
    with a_student(crashes_at_two, ends) as (function, requests):
        found = run(exercise, function, cases)
    assert [one["do"] for one in requests] == ["calls"]
    for one, other in zip(wanted, found, strict=True):
        assert np.array_equal(one.value, other.value)
        assert (one.changed, one.printed, str(one.error)) == (other.changed, other.printed, str(other.error))
    assert [one.value.tolist() for one in found if not one.error] == [[0], [1], [6]]


def test_random_numbers_go_on_through_all_answers_to_one_question(ends):
    def draws(x):
        return torch.rand(1) + torch.from_numpy(x)

    exercise, state = find("mix_pixel"), torch.get_rng_state()
    cases = [case(str(i), np.zeros(1, dtype=np.float32)) for i in range(5)]
    try:
        torch.manual_seed(3)
        wanted = [one.value for one in run(exercise, draws, cases)]
        torch.manual_seed(3)
        with a_student(draws, ends) as (function, _):
            assert [one.value for one in run(exercise, function, cases)] == wanted
    finally:
        torch.set_rng_state(state)


def test_an_array_that_is_handed_out_again_is_seen_where_it_lies(ends):
    kept, item = {}, find("gap")

    def again(x):
        made = item.oracle(x)
        place = kept.setdefault(made.shape, made)
        place[...] = made
        return place

    with a_student(again, ends) as (function, _):
        assert "the next call overwrites them" in judge(item, function).message


def test_functions_are_handed_over_one_call_at_a_time(ends):
    exercise = find("mix_pixel")
    cases = [case(str(i), [lambda x, i=i: x + i], 1.0) for i in range(3)]
    with a_student(lambda given, x: given[0](x), ends) as (function, requests):
        assert [one.value for one in run(exercise, function, cases)] == [1, 2, 3]
    assert [one["do"] for one in requests] == ["call"] * 3


def test_one_answer_that_does_not_pass_is_that_one_alone(ends):
    held = []
    held.append(held)
    cases = [case(str(i), float(i)) for i in range(3)]
    with a_student(lambda x: held if x == 1 else x, ends) as (function, _):
        found = run(find("mix_pixel"), function, cases)
    assert [one.value for one in found] == [0, None, 2]
    assert "holds itself" in str(found[1].error)


def test_inputs_that_are_too_much_for_one_message_go_one_by_one(ends, monkeypatch):
    monkeypatch.setattr(wire, "SIZE_MAX", 9_000)  # the state of random numbers takes 5,056
    cases = [case(str(i), np.full(300, float(i))) for i in range(4)]
    with a_student(lambda x: float(x.sum()), ends) as (function, requests):
        assert [one.value for one in run(find("mix_pixel"), function, cases)] == [0, 300, 600, 900]
    assert [one["do"] for one in requests] == ["call"] * 4


def test_who_answers_less_than_was_asked_has_not_answered(ends):
    ours, theirs = ends
    function = Remote(Link(ours), 0, "f", False)
    answering(theirs, pairs(value=1, turn="TURN"), pairs(value=1, turn="another"))
    ours.deadline = time.monotonic() + 0.3
    found = run(find("mix_pixel"), function, [case(str(i), float(i)) for i in range(3)])
    assert [str(one.error) for one in found] == [OVER] * 3


def test_words_of_all_answers_are_kept_from_whoever_must_not_read_them(ends):
    def tells(x):
        print("the input was", x)
        raise ValueError(f"the input was {x}")

    class Quiet(Discreet):
        clock = Clock()

    with a_student(tells, ends, Quiet) as (function, _):
        found = run(find("mix_pixel"), function, [case(str(i), float(i)) for i in range(3)])
    assert [(type(one.error).__name__, str(one.error), one.printed) for one in found] == [("ValueError", "", "")] * 3


@pytest.mark.parametrize("error", [
    {"error": ["KeyboardInterrupt"]}, {"error": ["GeneratorExit"]}, {"error": ["__import__"]}, {"error": ["a\x00b"]}, {"error": 3},
    {"error": ["\ud800"]}, {"error": [["a"]]}, {"error": ["x" * 10**6]}, {"error": []}, {"error": ["BaseExceptionGroup"]},
    {"error": ["UnicodeDecodeError", "ValueError"]}, {"error": {"a": 1}}, {"error": ["E"], "text": ["a"], "line": {"b": 1}},
    {"error": ["E"], "text": "\ud800" * 10**5}, {"error": ["SyntaxError"], "text": "x"}, {"error": ["OSError"], "text": "\x1b[2J"},
])  # fmt: skip
def test_an_error_of_the_other_side_is_an_error_and_no_more(error):
    made = made_error(error)
    assert isinstance(made, Exception | SystemExit)
    assert isinstance(str(made), str)
    assert len(str(made)) <= 2000
    str(made).encode()
    assert type(made).__name__.isidentifier()
    repr(made)


def test_what_stands_for_an_object_shows_nothing_of_its_own():
    remote = Remote(Link(None), 0, "f", True)
    for name in (
        "__array_interface__",
        "__array__",
        "__array_struct__",
        "__len__",
        "__iter__",
        "__reduce_ex__2",
        "_link2",
    ):
        with pytest.raises(AttributeError):
            getattr(remote, name)


def test_changes_of_another_kind_are_not_made():
    one, net, listed = np.zeros(3), torch.nn.Linear(2, 2), [1, 2]
    before = net.weight.clone()
    write_back([one, net, listed, 3], [["text"], [np.zeros(9)], [{"a": 1}], [4]])
    write_back([one], 3)
    write_back([one], [3, 4])
    write_back([one], [[np.array(["a", "b", "c"])]])
    assert one.tolist() == [0, 0, 0]
    assert torch.equal(net.weight, before)
    assert listed == [1, 2]


# Anything at all


PIECES = some.sampled_from(
    [*FORGED, *LINEAR, ARRAY, TENSOR, network(), generator(), LAYER, 1, -1, 2**70, "do", "call", "turn", None]
)
MESSAGES = some.recursive(PIECES | JSON, lambda inner: some.lists(inner, max_size=4) | some.dictionaries(
    some.sampled_from(["is", "items", "type", "shape", "order", "torch", "parts", "state", "number", "name", "back", "do", "turn", "value"]),
    inner, max_size=5) | inner.map(lambda one: {"is": "tuple", "items": [one]}), max_leaves=20)  # fmt: skip


@settings(
    deadline=None,
    max_examples=int(os.environ.get("COURSE_WIRE_EXAMPLES", 200)),
    suppress_health_check=list(HealthCheck),
)
@given(message=MESSAGES, arrays=some.lists(some.binary(max_size=64), max_size=3), count=some.integers(0, 4))
def test_anything_at_all_is_a_value_or_is_refused(message, arrays, count):
    a, b = socket.socketpair()
    ours, theirs = Frames(a.detach()), Frames(b.detach())
    try:
        theirs.send_bytes(count.to_bytes(4, "little") + json.dumps(message).encode())
        for array in arrays:
            theirs.send_bytes(array)
        theirs.close()
        ours.deadline = time.monotonic() + 5
        try:
            wire.receive(ours, Link(None)._known)
        except (wire.Unfit, EOFError):
            pass
    finally:
        ours.close()


@pytest.mark.slow
def test_the_fuzzing_run_is_a_command_and_ends_well():
    command = [sys.executable, Path(__file__).with_name("fuzz_wire.py"), "--minutes", "0.05", "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    assert "messages" in done.stdout


def test_what_an_answer_leaves_unwritten_is_not_right_by_luck_where_work_is_graded():
    def unwritten():
        return np.empty(5)

    there = Student.__new__(Student)
    Link.__init__(there, None)
    there.kept[0] = unwritten
    del [np.full(5, 3.0) for _ in range(8)][:]  # the numbers that were there before
    reply = there._do_call({"number": 0, "args": [], "named": {}, "random_state": None})
    assert np.isnan(reply["value"]).all()


def test_random_numbers_go_on_from_one_side_to_the_other_and_are_sent_only_when_somebody_has_drawn():
    here, there = Link(None), Link(None)
    kept = torch.get_rng_state()
    try:
        torch.manual_seed(1)
        sent = here._drawn()
        wanted = [torch.rand(1), torch.rand(1), torch.rand(1)]
        torch.manual_seed(5)  # the other process's own
        there._agree(sent)
        assert torch.rand(1) == wanted[0]
        back = there._drawn()
        torch.manual_seed(7)
        here._agree(back)
        assert torch.rand(1) == wanted[1]
        assert there._drawn() is not None  # that was drawn on this side
        there._agree(here._drawn())
        assert there._drawn() is None and here._drawn() is None
        torch.manual_seed(9)
        there._agree(None)  # nobody has drawn: as both had it last
        assert torch.rand(1) == wanted[2]
    finally:
        torch.set_rng_state(kept)


def test_random_numbers_that_an_answer_chose_do_not_make_the_inputs_of_the_next_check():
    """A state of zeros draws 0 for ever: every layer would be of equal weights, on which many a mistake is right."""
    exercise = find("run_on")
    before, kept = cases_of(exercise, 1), torch.get_rng_state()
    chosen = kept.clone()
    chosen[24:] = 0
    try:
        set_random_state(chosen)
        assert torch.rand(9).unique().numel() == 1
        after = cases_of(exercise, 1)
        assert torch.rand(9).unique().numel() == 1  # the answer's own go on
    finally:
        torch.set_rng_state(kept)
    for one, other in zip(before, after, strict=True):
        for a, b in zip(one.args[0].parameters(), other.args[0].parameters(), strict=True):
            assert torch.equal(a, b)
            assert a.ndim < 4 or a.numel() == 1 or a.unique().numel() > 1


@pytest.mark.parametrize(
    "exercise",
    [one for one in catalogue().values() if getattr(one, "observe", None) is apply],
    ids=lambda one: one.name,
)
def test_no_input_asks_for_gradients_which_do_not_pass(exercise):
    tensors = [one for case in cases_of(exercise) for one in case.args if isinstance(one, torch.Tensor)]
    assert not any(one.requires_grad for one in tensors)


@pytest.mark.parametrize("change", ["other shape", "layer less"])
def test_a_network_that_was_given_another_form_has_it_on_this_side_too(change):
    import torch
    from torch import nn

    ours, theirs = (nn.Sequential(nn.Linear(3, 2), nn.ReLU()) for _ in range(2))
    if change == "other shape":
        theirs[0].weight.data = theirs[0].weight.data[:, :, None, None]
    else:
        del theirs[1]
    write_back([ours], [[theirs]])
    assert len(ours) == len(theirs)
    assert ours[0].weight.shape == theirs[0].weight.shape and torch.equal(ours[0].weight, theirs[0].weight)

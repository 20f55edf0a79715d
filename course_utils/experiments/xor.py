"""Exclusive or, learned by a tiny network at every pixel: 1×1, ReLU or nothing, 1×1. For seeing what the ReLU buys."""

from typing import NamedTuple

import numpy as np

POINTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])  # all that a pixel of two on-off channels can be
TARGETS = np.array([0.0, 1.0, 1.0, 0.0])  # on where exactly one of the two is on
RATE = 0.1


class Net(NamedTuple):
    """A 1×1 layer from 2 channels to `len(b1)` hidden ones, and a 1×1 layer from those to 1."""

    w1: np.ndarray  # (hidden, 2)
    b1: np.ndarray  # (hidden,)
    w2: np.ndarray  # (1, hidden)
    b2: np.ndarray  # (1,)


def start(hidden, seed=0):
    """Random weights for `hidden` channels, smaller ones where more are added up; biases zero.

    >>> [part.shape for part in start(3)]
    [(3, 2), (3,), (1, 3), (1,)]
    """
    rng = np.random.default_rng([seed, hidden])
    w1, w2 = rng.standard_normal((hidden, 2)), rng.standard_normal((1, hidden)) / np.sqrt(hidden)
    return Net(w1, np.zeros(hidden), w2, np.zeros(1))


def output(net, pixels, relu=True):
    """What the network says at pixels (P, 2): P numbers.

    >>> by_hand = Net(np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0]), np.array([[1.0, -2.0]]), np.zeros(1))
    >>> output(by_hand, POINTS)
    array([0., 1., 1., 0.])
    """
    hidden = pixels @ net.w1.T + net.b1
    return (np.maximum(hidden, 0) if relu else hidden) @ net.w2[0] + net.b2[0]


def steps(net, count, relu=True):
    """The states of a training run on the four points: `(net, loss)` after each step, the start and its loss first.

    >>> losses = [loss for _, loss in steps(start(4), 50)]
    >>> len(losses), losses[-1] < losses[0]
    (51, True)
    """
    for step in range(count + 1):
        hidden = POINTS @ net.w1.T + net.b1
        shown = np.maximum(hidden, 0) if relu else hidden
        error = shown @ net.w2[0] + net.b2[0] - TARGETS
        yield net, float((error**2).mean())
        if step < count:
            dy = 2 * error / len(error)
            d_hidden = np.outer(dy, net.w2[0]) * ((hidden > 0) if relu else 1)
            slopes = d_hidden.T @ POINTS, d_hidden.sum(axis=0), (dy @ shown)[np.newaxis], dy.sum(keepdims=True)
            net = Net(*(part - RATE * slope for part, slope in zip(net, slopes, strict=True)))


def train(net, count, relu=True):
    """Train for `count` steps; return the trained network and its loss.

    >>> net, loss = train(start(2), 500, relu=False)
    >>> round(loss, 6), output(net, POINTS, relu=False).round(3).tolist()    # without ReLU: one half, everywhere
    (0.25, [0.5, 0.5, 0.5, 0.5])
    """
    *_, last = steps(net, count, relu)
    return last


def solves(net):
    """Whether the network is on the right side of one half at all four points.

    >>> solves(start(4))
    False
    """
    return bool(((output(net, POINTS) > 0.5) == (TARGETS > 0.5)).all())

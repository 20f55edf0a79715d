"""Gradient descent on a tiny network, written out: a 1×1 layer, ReLU, one output. For watching weights move."""

import functools

import numpy as np

PIXELS = 256  # how many pixels the network is trained on
RATE = 0.05
LONGEST = 20.0  # a longer gradient is cut to this length: no start may end in numbers too large to be written down


def task(c_in, seed=0):
    """Pixels (PIXELS, C_in) and the values to reproduce at each: always the same for one `c_in` and `seed`.

    >>> x, target = task(10)
    >>> x.shape, target.shape
    ((256, 10), (256,))
    """
    rng = np.random.default_rng([seed, c_in])
    x = rng.standard_normal((PIXELS, c_in))
    hidden = np.maximum(x @ rng.standard_normal((c_in, 3)), 0)
    return x, hidden @ np.array([1.0, -0.8, 0.6]) / np.sqrt(c_in)


def states(weight, head, count, lr=RATE):
    """The states of a training run, one after each step: `(weight, head, loss)`, the start first with its own loss.

    The network is `relu(x @ weight.T) @ head` with `weight` (C_mid, C_in) and `head` (C_mid,); both are trained by
    gradient descent on the mean squared error of `task(C_in)`. A gradient longer than LONGEST is cut to that length.
    The arguments are left as they are.

    >>> losses = [loss for _, _, loss in states(np.eye(4, 10), np.ones(4), 20)]
    >>> len(losses), losses[-1] < losses[0]
    (21, True)
    """
    weight, head = np.array(weight, float), np.array(head, float)
    x, target = task(weight.shape[1])
    for step in range(count + 1):
        hidden = np.maximum(np.einsum("pc,mc->pm", x, weight), 0)  # einsum: every row by the same arithmetic
        error = hidden @ head - target
        yield weight.copy(), head.copy(), float((error**2).mean())
        if step < count:
            dy = 2 * error / len(error)
            d_head = np.einsum("pm,p->m", hidden, dy)
            d_weight = np.einsum("pm,pc->mc", np.outer(dy, head) * (hidden > 0), x)
            long = np.sqrt((d_head**2).sum() + (d_weight**2).sum()) / LONGEST
            head -= lr * d_head / max(1.0, long)
            weight -= lr * d_weight / max(1.0, long)


def descend(weight0, head, steps, lr=RATE):
    """Train from `(weight0, head)` for so many steps, and return the trained `(weight, head)`; see `states`.

    >>> weight, head = descend(np.ones((4, 10)), np.ones(4), 100)
    >>> bool((weight == weight[0]).all())                   # four rows that began alike are alike still
    True
    """
    weight0, head = np.array(weight0, float), np.array(head, float)
    weight, head = _trained(weight0.tobytes(), weight0.shape, head.tobytes(), head.shape, steps, lr)
    return weight.copy(), head.copy()


@functools.lru_cache(maxsize=256)
def _trained(weight, shape, head, head_shape, steps, lr):
    """A run of training, kept: a check has the same one from the learner, the oracle and each mistake."""
    start = np.frombuffer(weight).reshape(shape), np.frombuffer(head).reshape(head_shape)
    *_, (weight, head, _) = states(*start, steps, lr)
    return weight, head


def numeric_gradient(loss, at, eps=1e-6):
    """The gradient of `loss(array)` by central differences: nudge each number both ways and see what the loss does.

    >>> numeric_gradient(lambda a: (a**2).sum(), np.array([1.0, -3.0])).round(6)
    array([ 2., -6.])
    """
    at = np.array(at, float)
    slopes = np.empty_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += eps
        down[index] -= eps
        slopes[index] = (loss(up) - loss(down)) / (2 * eps)
    return slopes

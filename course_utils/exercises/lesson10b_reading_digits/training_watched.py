"""What a training loop is given, and what it leaves behind."""

import copy
import functools

import numpy as np

from course_utils.base.values import kind_of
from course_utils.exercises.lesson10_pytorch.modules import tensor
from course_utils.exercises.spec import case

BATCH = 50
GOOD = 0.8  # share of hidden digits; a right loop reaches 0.85 and more, a wrong one stays far below
SMALL = (1, 4, 4)  # sizes of a picture that needs no real training


def runs_of_training(rng):
    """Cases `(model, data, epochs, lr)`. Up to 50 images are one batch, so that the result does not depend on chance."""
    yield case("40 small images, one batch an epoch", small_model(rng), small_data(rng, 40), 4, 0.05)
    yield case("45 small images, an output that starts large", small_model(rng, 30), small_data(rng, 45), 12, 0.3)
    yield case("120 small images, three batches an epoch", small_model(rng), small_data(rng, 120), 2, 0.01)
    yield case("1,000 digits, sorted by class, 2 epochs", digit_model(rng), sorted_digits(rng), 2, 0.03)
    yield case("150 small images, no step (lr = 0)", still_model(rng), small_data(rng, 150), 4, 0.0)
    yield case("130 small images, no step (lr = 0)", still_model(rng), small_data(rng, 130), 12, 0.0)
    yield case("101 small images, a last batch of one", still_model(rng), small_data(rng, 101), 1, 0.0)
    yield case("50 small images, small steps", small_model(rng), small_data(rng, 50), 3, 0.002)


def small_data(rng, count):
    """Images (count, 1, 4, 4) and labels of three classes, and others to validate with."""
    import torch

    def split(number):
        return tensor(rng, number, *SMALL), torch.from_numpy(rng.integers(0, 3, number))

    return {"train": split(count), "validation": split(53)}


def small_model(rng, scale=1):
    """A network with a batch norm, which tells training from evaluation; it comes in evaluation mode.

    With a last weight `scale` times as large its gradients begin large and end small: each setting of Adam then shows.
    """
    import torch
    from torch import nn

    last = nn.Linear(8, 3)
    model = started(rng, nn.Flatten(), nn.Linear(16, 8, bias=False), nn.BatchNorm1d(8), nn.ReLU(), last)
    with torch.no_grad():
        last.weight *= scale
    return model


def still_model(rng):
    """A network whose losses stay what they are as long as its weights do."""
    from torch import nn

    return started(rng, nn.Flatten(), nn.Linear(16, 3))


def digit_model(rng):
    from torch import nn

    conv = nn.Conv2d(1, 8, 5, stride=3, bias=False)
    return started(rng, conv, nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(512, 10))


def started(rng, *parts):
    """The parts in a row, with weights drawn from rng."""
    import torch
    from torch import nn

    model = nn.Sequential(*parts)
    with torch.no_grad():
        for part in parts:
            if hasattr(part, "weight") and part.weight.ndim > 1:
                part.weight.copy_(tensor(rng, *part.weight.shape) * part.weight[0].numel() ** -0.5)
    return model.eval()


def sorted_digits(rng):
    """1,000 digits to learn from, all zeros first, 211 to validate with; which ones, rng decides."""
    import torch

    parts = shuffled_digits(rng)
    images, labels = (part[:1000] for part in parts["train"])
    order = torch.argsort(labels, stable=True)
    return {"train": (images[order], labels[order]), "validation": tuple(part[:211] for part in parts["validation"])}


def shuffled_digits(rng):
    import torch

    from course_utils import data

    parts = data.digits(int(rng.integers(1, 2**31)))
    return {name: tuple(map(torch.from_numpy, part)) for name, part in parts.items()}


@functools.cache
def hidden_digits():
    """Digits to mark a training loop with. It is never given them."""
    return shuffled_digits(np.random.default_rng(10))["test"]


def trained(function, model, data, epochs, lr):
    """What a training loop returns, reports and leaves behind."""
    import torch

    reports = []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        returned = function(model, data, epochs, lr, "cpu", lambda *said: reports.append(said))
    seen = {"epochs that it reports": len(reports)}
    if any(len(said) != 2 for said in reports):
        return seen | {"what it reports": f"report(…) with {len(reports[0])} values, not with loss and accuracy"}
    images, labels = data["train"]
    norm = next((part for part in model if hasattr(part, "running_mean")), None)
    if norm is None:
        seen["losses that it reports"] = kind_of_losses([float(loss) for loss, _ in reports], model, images, labels)
    else:
        seen["batches in training mode"] = int(norm.num_batches_tracked)
    accuracy = share(model, *data["validation"])
    if len(images) <= BATCH:
        seen["losses that it reports"] = np.array([float(loss) for loss, _ in reports])
        seen["weights after training"] = torch.cat([one.detach().ravel() for one in model.parameters()])
        seen["running mean of the batch norm"] = norm.running_mean
    elif images.shape[1:] == (1, 28, 28):
        good = share(model, *hidden_digits()) >= GOOD
        seen["hidden digits that it names"] = f"{GOOD:.0%} or more" if good else f"fewer than {GOOD:.0%}"
    told = accuracies(returned, epochs)
    seen["what it returns"] = f"a list of {epochs}" if told else kind_of(returned)
    if told and epochs == len(reports):
        seen["the last accuracy"] = agreement(told[-1], accuracy, lambda: share(model, images, labels))
        again = np.allclose(told, [float(one) for _, one in reports], atol=1e-6)
        seen["accuracies that it reports"] = "those that it returns" if again else "others than it returns"
    return seen | (
        in_use(function, model, data, lr) | in_time(function, model, data) if len(images) % BATCH == 1 else {}
    )


def accuracies(returned, epochs):
    """The numbers that a training loop returns, one an epoch; None where it returns something else."""
    if not isinstance(returned, list | tuple | np.ndarray) or len(returned) != epochs:
        return None
    return None if any(np.ndim(one) for one in returned) else [float(one) for one in returned]


def kind_of_losses(losses, model, images, labels):
    """What the losses of all epochs are, by their numbers alone: no step was taken, so each image keeps its loss.

    Whole batches have the mean of all images. With a smaller last batch, the mean of the batches depends on who is in
    it: if it is the same as in another epoch, so is the order of the images. Once that may be chance.
    """
    import torch

    with torch.no_grad():
        mean = torch.nn.functional.cross_entropy(model(images), labels).item()
    if len(images) % BATCH:
        again = np.count_nonzero(np.diff(np.sort(losses)) < 1e-7)
        new = again < 2 or np.allclose(losses, mean, rtol=1e-5)
        return "of new batches in each epoch" if new else "of batches that come again in another epoch"
    kinds = {"the mean of the epoch": mean, "the sum of its batches": mean * len(images) / BATCH}
    return next((kind for kind, one in kinds.items() if np.allclose(losses, one, rtol=1e-3)), "another number")


def share(model, images, labels):
    """The share of images that a network names rightly, in evaluation mode."""
    import torch

    was = model.training
    with torch.no_grad():
        said = model.eval()(images).argmax(dim=1)
    model.train(was)
    return (said == labels).float().mean().item()


def agreement(told, found, of_known):
    """What an accuracy is that was told, where the right one is `found`; `of_known` makes that of the training images."""
    if np.isclose(told, found, atol=1e-6):
        return "that of the model in evaluation mode on the validation images"
    if np.isclose(told, of_known(), atol=1e-6):
        return "that on the images that it was trained on"
    if np.isclose(told, 100 * found, atol=1e-3) and found:
        return "a percentage, not a share"
    return "a number above 1, not a share" if told > 1 else "another number"


def in_use(function, model, data, lr):
    """How a training loop uses its model: in one epoch on a GPU that is only pretended, and in one on the CPU."""
    from course_utils.device import pretend

    calls, mixed = pretend.trained(function, copy.deepcopy(model), data, lr, "cuda")
    idle = bool(calls) and all(
        where == "cpu" for *_, where in calls
    )  # no calls: memory was pinned, as only a real GPU can
    used = "the device is not used" if idle else "everything is moved"
    if mixed:
        trained_all = sum(count for training, count, *_ in calls if training) >= len(data["train"][0])
        used = f"something stays behind, {'after' if trained_all else 'in'} the training"
    calls, _ = pretend.trained(function, copy.deepcopy(model), data, lr, "cpu")
    kept = any(keeps for training, _, keeps, _ in calls if not training)
    return {
        "on another device": used,
        "batches of an epoch": ", ".join(str(count) for training, count, *_ in calls if training),
        "what backward would need, while it validates": "is kept" if kept else "is not kept",
    }


def in_time(function, model, data):
    """Whether each epoch's report comes when the model is as that epoch has left it."""
    from course_utils.device import pretend

    shares, reported = pretend.reported(function, copy.deepcopy(model), data, 0.05, 3)
    on_time = len(shares) == 3 and np.allclose(reported, shares, atol=1e-6)
    said = "after each epoch, with its accuracy" if on_time else "not after each epoch with the accuracy of then"
    return {"when it reports": said}

"""A training loop without the usual errors."""

import numpy as np

from course_utils.exercises.lesson10b_reading_digits.training_loops import (
    accuracy_of,
    pass_over,
    piece_by_piece,
    shuffled,
    usual,
)
from course_utils.exercises.lesson10b_reading_digits.training_watched import BATCH, runs_of_training, trained
from course_utils.exercises.spec import exercise


@exercise(
    cases=runs_of_training,
    observe=trained,
    tolerance=2e-5,  # right loops differ by 2e-6, Adam's variants by 8e-5 and more
    hints=(
        "Four things happen for each batch, and two things are different when you validate. Which?",
        "Each epoch: model.train(), a new torch.randperm over the training images, split(50). Each batch: loss, zero_grad, "
        "backward, step. Then model.eval() and torch.no_grad() for the accuracy. Images and labels go to the device with the same indices.",
        "for batch in torch.randperm(n).split(50):  loss = cross_entropy(model(images[batch].to(device)), labels[batch].to(device));  "
        "optimizer.zero_grad();  loss.backward();  optimizer.step()",
    ),
)
def train(model, data, epochs, lr, device, report=print):
    import torch

    model.to(device)
    (x, y), (vx, vy) = ([part.to(device) for part in data[name]] for name in ("train", "validation"))
    adam, found = torch.optim.Adam(model.parameters(), lr), []
    for _ in range(epochs):
        model.train()
        losses = []
        for rows in torch.randperm(len(x)).split(BATCH):
            adam.zero_grad()
            losses.append(torch.nn.functional.cross_entropy(model(x[rows]), y[rows]))
            losses[-1].backward()
            adam.step()
        model.eval()
        with torch.no_grad():
            found.append((model(vx).argmax(1) == vy).double().mean().item())
        report(sum(loss.item() for loss in losses) / len(losses), found[-1])
    return found


@train.mistake("ACC", "Gradients add up until someone clears them: optimizer.zero_grad() before each backward().")
def never_zeroed(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, zeroed=False)


@train.mistake("MOD", "You validate in training mode: batch norm then uses, and learns from, the validation images. Call model.eval() first.")
def validates_in_training_mode(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, *data["train"], device, optimizer)
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("MOD", "After the first validation your model stays in evaluation mode. Call model.train() at the start of *each* epoch.")
def trains_once_in_training_mode(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    model.train()
    for _ in range(epochs):
        losses = pass_over(model, *data["train"], device, optimizer)
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("MOD", "Your model is never put into training mode. It may come in evaluation mode: call model.train() before each epoch.")
def never_in_training_mode(model, data, epochs, lr, device, report=print):
    import torch

    optimizer, accuracies = torch.optim.Adam(model.to(device).parameters(), lr), []
    for _ in range(epochs):
        losses = pass_over(model, *data["train"], device, optimizer)
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("LGT", "cross_entropy takes logits and has a softmax inside. With one of yours before it, gradients shrink: hand it the model's output.")
def softmax_twice(model, data, epochs, lr, device, report=print):
    import torch

    def loss_of(logits, labels):
        return torch.nn.functional.cross_entropy(logits.softmax(dim=1), labels)

    return usual(model, data, epochs, lr, device, report, loss_of=loss_of)


@train.mistake("BAT", "Images and labels are shuffled apart, so the labels belong to other images. Take both with the *same* indices.")
def shuffled_apart(model, data, epochs, lr, device, report=print):
    return piece_by_piece(model, data, epochs, lr, device, report, lambda *both: map(shuffled, both))


@train.mistake("BAT", "The images get a new order and the labels keep theirs, so the labels belong to other images. Take both with the *same* indices.")
def images_alone_shuffled(model, data, epochs, lr, device, report=print):
    return piece_by_piece(model, data, epochs, lr, device, report, lambda images, labels: (shuffled(images), labels))


@train.mistake("BAT", "Images and labels are shuffled apart, so the labels belong to other images. Take both with the *same* indices.")
def shuffled_apart_again_and_again(model, data, epochs, lr, device, report=print):
    return piece_by_piece(model, data, epochs, lr, device, report, lambda *both: map(shuffled, both), anew=False)


@train.mistake("BAT", "The images get a new order and the labels keep theirs, so the labels belong to other images. Take both with the *same* indices.")
def images_alone_shuffled_again_and_again(model, data, epochs, lr, device, report=print):
    return piece_by_piece(model, data, epochs, lr, device, report, lambda images, labels: (shuffled(images), labels), anew=False)


@train.mistake("DAT", "You never shuffle. These digits come sorted: a batch of one class alone teaches the network to say that class. Draw a new order each epoch.")
def never_shuffled(model, data, epochs, lr, device, report=print):
    return piece_by_piece(model, data, epochs, lr, device, report, lambda *both: both)


@train.mistake("EDG", "The last batch of an epoch may be smaller than 50. It counts too.")
def drops_the_last_batch(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, kept=lambda count: max(count // 50, 1) * 50)


@train.mistake("BAT", "You take all images in one batch, which is one step an epoch. Split each epoch into batches of 50.")
def one_batch(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, batch=len(data["train"][0]))


@train.mistake("ACC", "The loss that you report is not the mean of the epoch: add up the losses of *all* its batches, and divide by how many there are.")
def reports_the_last_loss(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, told=lambda losses: losses[-1])


@train.mistake("AVG", "You report the sum of the losses. It grows with the number of batches: divide by it.")
def reports_the_summed_loss(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, told=sum)


@train.mistake("AVG", "You divide the sum of the losses by the number of images. Each is the mean of a batch already: divide by the number of batches.")
def reports_the_loss_by_images(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, told=lambda losses: sum(losses) / len(data["train"][0]))


@train.mistake("OPT", "Your optimizer is not Adam. Here it is torch.optim.Adam, with the usual settings and the lr that you are given.", uses=("SGD", "AdamW"))
def plain_descent(model, data, epochs, lr, device, report=print):
    import torch

    return usual(model, data, epochs, lr, device, report, kind=torch.optim.SGD)


@train.mistake("RND", "The images come in an order that they had in another epoch: it is drawn once, or the generator is set back. Draw a new one in each epoch.")
def one_order_for_all(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, seed=3)


@train.mistake("TST", "You report the accuracy on the images that you trained on. What counts is data['validation'], which the model has not seen.")
def marked_on_training_images(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, marked_on="train")


@train.mistake("TST", "You train on the validation images as well. Then nobody can say any more how the model does on images that it has not seen.")
def trains_on_validation(model, data, epochs, lr, device, report=print):
    import torch

    both = tuple(torch.cat(pair) for pair in zip(data["train"], data["validation"], strict=True))
    return usual(model, data | {"train": both}, epochs, lr, device, report)


@train.mistake("DEV", "The device is not used. The model, the images and the labels all go there, or the GPU stays idle.")
def device_ignored(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, "cpu", report)


@train.mistake("DEV", "Not everything goes to the device. The model, the images and the labels all have to: a layer refuses numbers that lie elsewhere.")
def images_left_behind(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, where="cpu", mark=lambda *given: accuracy_of(*given[:-1], "cpu"))


@train.mistake("DEV", "Training works on the device, validation does not: the validation images and labels have to go there too, and answers are compared with labels on one device.")
def validation_left_behind(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, mark=lambda *given: accuracy_of(*given[:-1], "cpu"))


@train.mistake("GRD", "While it validates, your loop keeps every map, as backward() would need them, and nobody calls it. Put the validation into `with torch.no_grad():`.")
def gradients_while_validating(model, data, epochs, lr, device, report=print):
    def mark(model, images, labels, device):
        return (model(images.to(device)).argmax(dim=1) == labels.to(device)).double().mean().item()

    return usual(model, data, epochs, lr, device, report, mark=mark)


@train.mistake("EDG", "Of 101 images the last batch has one, and yours leaves it out. Let the range end at how many images there are, not at one less.")
def last_image_lost(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, kept=lambda count: count - (count % 50 == 1))


@train.mistake("ACC", "A new optimizer in each epoch forgets what Adam has gathered. Make it once, before the loop.")
def new_optimizer(model, data, epochs, lr, device, report=print):
    import torch

    model.to(device)
    accuracies = []
    for _ in range(epochs):
        model.train()
        losses = pass_over(model, *data["train"], device, torch.optim.Adam(model.parameters(), lr))
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


@train.mistake("ARG", "lr is not used: the optimizer takes steps of its default length.")
def default_rate(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, 1e-3, device, report)


@train.mistake("EDG", "Full batches alone are counted: of 40 images there is none, so nothing is trained. The last batch may be smaller than 50.")
def full_batches_alone(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, kept=lambda n: n // 50 * 50, told=lambda losses: sum(losses) / sum(one == one for one in losses))


@train.mistake("ORD", "Nothing is learnt: the weights stay as they were. backward() finds the gradients, and step() goes by them: is it there, with nothing cleared in between?")
def never_steps(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, 0.0, device, report)


@train.mistake("UNI", "The accuracy is a share, from 0 to 1. Yours is a number of images: divide by how many there are.")
def counts_right_answers(model, data, epochs, lr, device, report=print):
    return usual(model, data, epochs, lr, device, report, mark=lambda *given: accuracy_of(*given) * len(given[1]))


@train.mistake("CNT", "report(…) is called after each batch. Call it once an epoch, after the validation, with the mean loss of the batches.")
def reports_each_batch(model, data, epochs, lr, device, report=print):
    losses = []

    def told(found):
        losses[:] = found
        return 0

    def often(_, accuracy):
        for loss in losses:
            report(loss, accuracy)

    return usual(model, data, epochs, lr, device, often, told=told)


@train.mistake("TYP", "You return two things. Asked is one list: the accuracies, one an epoch.")
def returns_losses_too(model, data, epochs, lr, device, report=print):
    return [], usual(model, data, epochs, lr, device, report)


@train.alternative
def with_a_loader(model, data, epochs, lr, device, report=print):
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    loader = DataLoader(TensorDataset(*data["train"]), batch_size=50, shuffle=True)
    criterion, optimizer = torch.nn.CrossEntropyLoss(), torch.optim.Adam(model.to(device).parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(images.to(device)), labels.to(device))
            loss.backward()
            optimizer.step()
            total += loss.item()
        model.eval()
        right = seen = 0
        with torch.inference_mode():
            for images, labels in DataLoader(TensorDataset(*data["validation"]), batch_size=64):
                right += (model(images.to(device)).argmax(dim=1).cpu() == labels).sum().item()
                seen += len(labels)
        history.append(right / seen)
        report(total / len(loader), history[-1])
    return history


@train.alternative
def with_numpy_order(model, data, epochs, lr, device, report=print):
    import numpy
    import torch

    model = model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    images, labels = data["train"][0].to(device), data["train"][1].to(device)
    accuracies = []
    for _ in range(epochs):
        order = numpy.random.permutation(len(images))
        losses = []
        model.train(True)
        for i in range(0, len(order), 50):
            some = torch.from_numpy(order[i : i + 50])
            log_probabilities = torch.log_softmax(model(images[some]), dim=1)
            loss = torch.nn.functional.nll_loss(log_probabilities, labels[some])
            model.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
        model.train(False)
        with torch.no_grad():
            guesses = model(data["validation"][0].to(device)).max(dim=1).indices
        accuracies.append(float((guesses == data["validation"][1].to(device)).float().mean()))
        report(float(np.mean(losses)), accuracies[-1])
    return accuracies

"""The usual loop, and loops with one thing in them changed, of which the mistakes of `train` are made."""

import numpy as np


def pass_over(model, images, labels, device, optimizer=None, batch=50, loss_of=None, where=None, zeroed=True):
    """The usual loop over one epoch, for the mistakes: returns the losses of its batches."""
    import torch

    losses = []
    for rows in torch.randperm(len(images)).split(batch):
        logits, wanted = model(images[rows].to(where or device)), labels[rows].to(where or device)
        loss = (loss_of or torch.nn.functional.cross_entropy)(logits, wanted)
        if zeroed:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def accuracy_of(model, images, labels, device):
    """The usual share of right names, in whatever mode the model is."""
    import torch

    with torch.no_grad():
        return (model(images.to(device)).argmax(dim=1) == labels.to(device)).double().mean().item()


def usual(
    model,
    data,
    epochs,
    lr,
    device,
    report,
    told=np.mean,
    marked_on="validation",
    mark=accuracy_of,
    seed=None,
    kept=None,
    kind=None,
    **options,
):
    """The right loop, for mistakes that change one thing in it. `kept` says how many of the images an epoch looks at."""
    import torch

    optimizer, accuracies = (kind or torch.optim.Adam)(model.to(device).parameters(), lr), []
    for _ in range(epochs):
        if seed is not None:
            torch.manual_seed(seed)
        model.train()
        images, labels = data["train"]
        some = torch.randperm(len(images))[: kept and kept(len(images))]
        losses = pass_over(model, images[some], labels[some], device, optimizer, **options)
        model.eval()
        accuracies.append(mark(model, *data[marked_on], device))
        report(float(told(losses)), accuracies[-1])
    return accuracies


def piece_by_piece(model, data, epochs, lr, device, report, drawn, anew=True):
    """A loop over pieces of what `drawn` makes of images and labels, in each epoch anew or of what it has made before."""
    import torch

    optimizer, accuracies, kept = torch.optim.Adam(model.to(device).parameters(), lr), [], data["train"]
    for _ in range(epochs):
        model.train()
        losses, made = [], tuple(drawn(*kept))
        kept = kept if anew else made
        for images, labels in zip(*(part.split(50) for part in made), strict=True):
            loss = torch.nn.functional.cross_entropy(model(images.to(device)), labels.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        accuracies.append(accuracy_of(model, *data["validation"], device))
        report(sum(losses) / len(losses), accuracies[-1])
    return accuracies


def shuffled(part):
    import torch

    return part[torch.randperm(len(part))]

"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "train": {
        "for rows in torch.randperm(len(x)).split(BATCH): → *len(y)*": "there is a label for each image",
        "for batch in torch.randperm(len(images)).split(50): → *len(labels)*": "there is a label for each image",
        "order = numpy.random.permutation(len(images)) → *len(labels)*": "there is a label for each image",
        "seen += len(labels) → seen += len(images)": "there is a label for each image",
        "report(sum((loss.item() for *": "a tensor of one number is reported as well",
        "losses.append(* → losses.append(*loss)*": "a tensor of one number is reported as well",
        "total += loss.item() → total += loss": "a tensor of one number is reported as well",
        "*.mean().item()) → *.mean())": "a tensor of one number is returned as well",
        "right += * → *(model(images.to(device)).argmax(dim=1).cpu() == labels).sum()": "a tensor of one number is returned as well",
        "for images, labels in DataLoader(TensorDataset(*data['validation']), batch_size=64): → *": "in evaluation mode any batch gives the same answers",
        "some = torch.from_numpy(order[i:i + 50]) → some = order[i:i + 50]": "PyTorch takes an array of indices as it is",
        "where epochs is more than *": "so many epochs take longer than a check may",
        "where lr is negative": "no optimizer of PyTorch takes such steps",
        "where lr is beyond *": "steps so long train nothing",
        "where lr is a whole number": "steps of length 1 train nothing",
        "where device is left out": "the check always gives one",
        "where report is left out": "the check always gives one",
    },
    "head_to_conv": {
        "conv = nn.Conv2d(*linear.weight.shape[::-1], 1, bias=False) → *": "its weight is set afterwards: neither shape nor kernel is left of it",
        "conv.weight = nn.Parameter(linear.weight.detach().clone()*": "a convolution that shares its numbers with the dense layer has the same ones",
        "conv.bias = nn.Parameter(linear.bias.detach().clone())*": "a convolution that shares its numbers with the dense layer has the same ones",
    },
}

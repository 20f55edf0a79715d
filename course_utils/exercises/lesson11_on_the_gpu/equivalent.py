"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "pick_device": {
        "*in ('auto', * → *in (*, 'auto')*": "the two may be looked for in either order",
        "return torch.device('cuda', 0) → return torch.device('cuda')": "cuda alone is the first one",
        "where prefer is None": "the check leaves prefer out; None is no name of a device",
    },
    "run_on": {
        "return np.array(own(*).tolist(), dtype=np.float32) → return np.array(own(*).tolist())": "Python's floats hold every number of float32",
        "own = copy.deepcopy(model).to(device=device) → own = model.to(device=device)": "the model may be moved itself",
        "with torch.no_grad(): → (without `with`)": "tolist() takes numbers from a tensor that autograd watches, too",
        "where x is of whole numbers": "a layer of fractions refuses whole numbers",
    },
    "benchmark": {
        "where * is more than a million": "so many runs take longer than a check may",
        "where warmup is more than 1000": "hundreds of calls are tried",
        "where iters is more than 1000": "hundreds of calls are tried",
        "times = np.zeros(iters) → times = np.ones(iters)": "every number is written",
        "times[i] = clock() - start → times[i - 1] = clock() - start": "going backwards from 0 meets every place once, and a median knows no order",
        "where * is left out": "sync and clock are always handed in",
    },
    "arithmetic_intensity": {
        "where itemsize is more than a million": "no number has so many bytes",
        "x, weight, y = * → *": "sizes are multiplied, and tensors added, in any order",
        "return 2 * np.prod(x) * c_out / (itemsize * sum(map(np.prod, (*)))) → return 2 * np.prod(x) * c_out / (itemsize * sum(map(np.prod, (*))))": "tensors are added in any order",
        "for numbers in (*): → for numbers in (*):": "tensors are added in any order",
        "where itemsize is more than 100*": "no number takes so many bytes",
    },
    "roofline": {
        "if ai >= ridge: → if ai > ridge:": "on the ridge both limits are the same number, and either name is right",
        "if ai * bandwidth < peak_flops: → if ai * bandwidth <= peak_flops:": "on the ridge both limits are the same number, and either name is right",
        "return sorted([*])[0] → return sorted([*])[0]": "what is sorted may come in any order",
        "where * is negative": "no device moves or computes less than nothing",
        "where * is zero": "a device that moves or computes nothing is none",
    },
}

"""What Python, NumPy and torch say when they stop, in plain words: a pattern each, and how it is told."""

import re

CHAINED = r"<=?[^<>,()]+<=?|>=?[^<>,()]+>=?"  # two comparisons in a row
IN_ORDER = "the first letters are those of the first operand"


def _index(m, sizes):
    index, axis, size = map(int, m.groups())
    what = (
        f"{sizes.axis(axis, size)} has {size} place{'s' * (size > 1)}, 0 to {size - 1}"
        if size
        else "that axis is empty"
    )
    return f"index {index} is too {'large' if index >= 0 else 'small'}: {what}"


def _broadcast(m, sizes):
    a, b = (re.findall(r"\d+", text) for text in m.groups())
    meets = next((p for p in zip(a[::-1], b[::-1], strict=False) if p[0] != p[1] and "1" not in p), None)
    clash = f" There {sizes.named(meets[0])} meets {sizes.named(meets[1])}." if meets else ""
    shapes = f"shapes {sizes.shape(m[1])} and {sizes.shape(m[2])}"
    return f"{shapes} do not fit together. NumPy lines them up from the right.{clash}{_out_of_line(a, b, sizes)}"


def _out_of_line(a, b, sizes):
    """The axis that two shapes share, at different places counted from the right."""
    for size in b if len(b) <= len(a) else a:
        name = sizes.named(size).partition(" ")[2].strip("()")
        if name and name != "n" and a[::-1].count(size) == b[::-1].count(size) == 1:
            if a[::-1].index(size) != b[::-1].index(size) and not len(a) == len(b) == 2:
                return f" Both have {name}, but not at the same place: axes of length 1 behind it decide where it is."
    return ""


def _matmul(m, sizes):
    said = (
        f"this product does not fit: the last axis on the left must be as long as the first axis of the matrix on the "
        f"right. Here {sizes.named(m[2])} meets {sizes.named(m[1])}"
    )
    return said + next(map(_on_the_last_two, sizes.many(m[2], m[1])), "")


def _on_the_last_two(name):
    return f". `@` works on the last two axes, and in `{name}`, which has more, the channels are not where it looks"


def _dot(m, sizes):
    how = " (np.dot sums over the last axis on the left and the last but one on the right)" * (m[2].count(",") > 1)
    both = f"shapes {sizes.shape(m[1])} and {sizes.shape(m[2])}"
    return f"{both} do not fit: {sizes.named(m[3])} meets {sizes.named(m[4])}{how}"


def _torch_sizes(m, sizes):
    said = f"two tensors do not fit: on axis {m[3]} {sizes.named(m[1])} meets {sizes.named(m[2])}"
    return f"{said}. PyTorch lines shapes up from the right"


def _reshape(m, sizes):
    wanted = re.findall(r"-?\d+", m[2])
    room = 1
    for size in wanted:
        room *= int(size)
    full = "" if "-1" in wanted else f", which has room for {room}"
    return f"{m[1]} numbers do not fit into shape ({', '.join(wanted)}){full}"


def _unpack(m, sizes):
    return f"on the left stand {m[1]} names, on the right are {m[2] if m.lastindex > 1 else 'more'} values"


def _letters(m, sizes):
    if "@" in sizes.line or "matmul" in sizes.line:
        return "a product of stacks of matrices takes their last two axes; those before have to be of one length"
    return "one letter of your einsum stands for two axes of different length"


RULES: tuple = (  # (what Python, NumPy or torch says, how it is told)
    (r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", _index),
    (r"operands could not be broadcast together with shapes \(([\d,]*)\) \(([\d,]*)\)", _broadcast),
    (r"non-broadcastable output operand with shape \(([\d,]*)\) doesn't match the broadcast shape \(([\d,]*)\)",
     lambda m, s: f"`+=` cannot put shape {s.shape(m[2])} into an array of shape {s.shape(m[1])}"),
    (r"matmul: .*\(size (\d+) is different from (\d+)\)", _matmul),
    (r"shapes \(([\d,]*)\) and \(([\d,]*)\) not aligned: (\d+) \(dim \d\) != (\d+)", _dot),
    (r"mat1 and mat2 shapes cannot be multiplied \(\d+x(\d+) and (\d+)x\d+\)",
     lambda m, s: f"this product does not fit: {s.named(m[1])} columns meet {s.named(m[2])} rows"),
    (r"output with shape \[([\d, ]*)\] doesn't match the broadcast shape \[([\d, ]*)\]",
     lambda m, s: f"a tensor of another shape does not fit into a place of shape {s.shape(m[1])}"),
    (r"weight should have at least three dimensions",
     lambda m, s: "a convolution's weight has four axes, (C_out, C_in, height, width)"),
    (r"size of tensor a \((\d+)\) must match .* b \((\d+)\) at non-singleton dimension (\d+)", _torch_sizes),
    (r"with remapped shapes|dimensions? in operand \d+ for collapsing|einsum\(\): subscript", _letters),
    (r"contains too many subscripts for operand|fewer dimensions than the number of subscripts",
     lambda m, s: f"one operand of your einsum has fewer axes than you give it letters: {IN_ORDER}"),
    (r"includes output subscript '(\w)' multiple times",
     lambda m, s: f"after the arrow the letter {m[1]} stands more than once: each axis has a letter of its own"),
    (r"operand has more dimensions than subscripts",
     lambda m, s: f"one operand of your einsum has more axes than you give it letters: {IN_ORDER}"),
    (r"could not broadcast input array from shape \(([\d,]*)\) into shape \(([\d,]*)\)",
     lambda m, s: f"an array of shape {s.shape(m[1])} does not fit into a place of shape {s.shape(m[2])}"),
    (r"inhomogeneous shape",
     lambda m, s: "parts of different shapes make no array: is it a tuple of several results, of which you want one?"),
    (r"setting an array element with a sequence",
     lambda m, s: "one place of an array takes one number, and gets an array"),
    (r"cannot reshape array of size (\d+) into shape \(?([-\d, ]+)\)?", _reshape),
    (r"shape '\[([-\d, ]+)\]' is invalid for input of size (\d+)",
     lambda m, s: f"{m[2]} numbers do not fit into shape ({m[1]})"),
    (r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)\)", _unpack),
    (r"too many values to unpack \(expected (\d+)(?:, got (\d+))?\)", _unpack),
    (r"[Tt]ruth value of an array|Boolean value of Tensor",
     lambda m, s: "`low <= a <= high` asks twice, with an `and` in between, which wants one True or False where this "
     "is an array. Put each question into brackets, with `&` between them" if re.search(CHAINED, s.line) else
     "`if`, `and`, `or`, `not` ask for one True or False and get an array. To ask whether there is "
     "an array, write `is not None`; to compare arrays, np.array_equal or .all()"),
    (r"'list' object cannot be interpreted as an integer",
     lambda m, s: "a list stands where a whole number is wanted: several axes are a tuple, `axis=(…)` in round brackets"
     if re.search(r"axis=\[", s.line) else m[0]),
    (r"Cannot interpret '(\d+)' as a data type",
     lambda m, s: f"the {m[1]} is taken for a type of numbers: several axes are one tuple, `axis=(…)`"),
    (r"'dict' object has no attribute '(\w+)'",
     lambda m, s: f"a dictionary has no `.{m[1]}`: ask for what it holds in square brackets, by its name in quotes"),
    (r"'torch.dtype' object is not callable",
     lambda m, s: "a type such as torch.float32 is no function: hand it on as `dtype=`, or to `.to(…)`"),
    (r"Tensor with (\d+) elements cannot be converted to Scalar",
     lambda m, s: f"`.item()` gets the one number out of a tensor that has one, and this has {m[1]}"),
    (r"cannot assign '[\w.]+' as parameter '(\w+)'",
     lambda m, s: f"`.{m[1]}` of a layer takes an nn.Parameter, no plain tensor: wrap it in nn.Parameter(…), or copy "
     "the numbers into the one that is there"),
    (r"argument 'input' \(position 1\) must be Tensor, not (int|float)",
     lambda m, s: f"torch's functions take tensors, and this is a plain {m[1]}: Python's own `**` or `math` will do"),
    (r"must be Tensor, not NoneType", lambda m, s: "None stands where a tensor is wanted: may it be missing here?"),
    (r"must be (?:a string or )?a real number, not '?(?:function|builtin_function_or_method|method)",
     lambda m, s: "a function stands where numbers are wanted: call it, with brackets"),
    (r"tuple index out of range",
     lambda m, s: "an array has fewer axes than are asked for here: print its shape"
     if "shape" in s.line else m[0]),
    (r"(?:function|method)' object is not subscriptable",
     lambda m, s: "a function is asked for an item: call it first, with round brackets"),
    (r"destination is read-only", lambda m, s: "this array may be read, not written: make a new one, or a .copy()"),
    (r"axes don't match array|number of dimensions in the tensor input does not match",
     lambda m, s: "transpose (permute) wants each axis of the array once: as many numbers as the array has axes"),
    (r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
     lambda m, s: f"there is no axis {m[1]}: this array has {m[2]} axes, 0 to {int(m[2]) - 1}"),
    (r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed",
     lambda m, s: f"{m[2]} indices for an array of {m[1]} axes"),
    (r"name '(\w+)' is not defined",
     lambda m, s: f"the name `{m[1]}` has no value here. Is it spelt as where you set it, and set before this line?"),
    (r"cannot access local variable '(\w+)'",
     lambda m, s: f"`{m[1]}` is used before it has a value: set it before this line, above the loop perhaps"),
    (r"'NoneType' object has no attribute '(\w+)'", lambda m, s: f"what stands before `.{m[1]}` is None here"),
    (r"'NoneType' has no len", lambda m, s: "a value in this line is None, which has no length"),
    (r"integer (-?\d+) out of bounds for (u?int\d+)",
     lambda m, s: f"{m[1]} does not fit into {m[2]}: make the array wider first, with .astype(...)"),
    (r"'NoneType' object is not (\w+)", lambda m, s: f"a value in this line is None, which is not {m[1]}"),
    (r"unsupported operand type\(s\) for ([^ :]+): '(\w+)' and '(\w+)'",
     lambda m, s: f"`{m[1]}` cannot work on {_kind(m[2])} and {_kind(m[3])}"),
    (r"'(list|tuple)' object has no attribute '(\w+)'",
     lambda m, s: f"a {m[1]} has no `.{m[2]}`; np.array(...) makes an array of it"),
    (r"(list|tuple) indices must be integers or slices, not tuple",
     lambda m, s: f"a {m[1]} takes one index at a time; np.array(...) makes an array of it"),
    (r"'(int|float|float64|numpy.float64|int64)' object is not (subscriptable|iterable)",
     lambda m, s: f"a single number is not {m[2]}: it has no places to look into"),
    (r"'(float|numpy.float64)' object cannot be interpreted as an integer",
     lambda m, s: "a float stands where a whole number is wanted: `/` makes a float, `//` a whole number"),
    (r"only integer scalar arrays can be converted to a scalar index|arrays used as indices must be of integer",
     lambda m, s: "an index must be a whole number, and here it is not"),
    (r"missing (\d+) required positional arguments?: (.+)",
     lambda m, s: f"a function is called without {m[2].replace(chr(39), '`')}"),
    (r"takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) (?:was|were) given",
     lambda m, s: f"a function that takes {m[1]} arguments is called with {m[2]}"),
    (r"got an unexpected keyword argument '(\w+)'",
     lambda m, s: f"a function is called with `{m[1]}=`, which it does not take"),
    (r"maximum recursion depth", lambda m, s: "the function calls itself without end, or a thousand calls deep"),
    (r"[Ee]xpected all tensors to be on the same device", lambda m, s: "tensors of two devices meet: move all of them"),
    (r"must be the same dtype|same dtype|expected scalar type|should be the same$",
     lambda m, s: f"numbers of two types meet, such as float32 and float64. PyTorch says: {m.string}"),
    (r"a leaf Variable that requires grad is being used in an in-place operation",
     lambda m, s: "a parameter is changed in place while autograd watches: put this into `with torch.no_grad():`"),
    (r"batch2 tensor to be: \[(\d+), (\d+)\] but got: \[\1, (\d+)\]",
     lambda m, s: "this product does not fit: the last axis on the left must be as long as the last but one on the "
     f"right. Here {s.named(m[2])} meets {s.named(m[3])}"),
    (r"does not require grad and does not have a grad_fn",
     lambda m, s: "nothing that this loss was made of waits for a gradient, so backward() has nowhere to go"),
    (r"expected input\[([\d, ]+)\] to have (\d+) channels, but got (\d+)",
     lambda m, s: f"this layer takes {s.named(m[2])} channels and gets {s.named(m[3])}"),
    (r"No module named '([\w.]+)'", lambda m, s: f"there is no module `{m[1]}` here. Is its name spelt right?"),
    (r"has no method called forward", lambda m, s: m.string),
    (r"'\w+' object has no attribute '(\w+)'",
     lambda m, s: f"`self.{m[1]}` has not been set. Does __init__ set it in every case, under this very name?"
     if f"self.{m[1]}" in s.line else m[0]),
    (r"division by zero", lambda m, s: "this divides by 0" + next((f": `{one}` is 0" for one in s.zeros()), "")),
    (r"^list index out of range", lambda m, s: "a list is asked for a place beyond its end, which is len(…) - 1"),
    (r"Last 2 dimensions of the array must be square", lambda m, s: "np.linalg.solve and np.linalg.inv take square "
     "matrices only: as many equations as unknowns"),
    (r"except for the concatenation axis must match exactly, .* dimension (\d+), .* has size (\d+) .* has size (\d+)",
     lambda m, s: f"what is joined has to agree on all axes but the one it is joined along: on axis {m[1]} "
     f"{s.named(m[2])} meets {s.named(m[3])}"),
    (r"must have same number of dimensions, .* has (\d+) dimension.* has (\d+) dimension",
     lambda m, s: f"what is joined has to have equally many axes: {m[1]} meet {m[2]}"),
    (r"array split does not result in an equal division",
     lambda m, s: "np.split cuts along axis 0 unless you say another, and that axis has no such number of equal parts"),
    (r"^Incompatible dimensions", lambda m, s: "np.linalg.lstsq(a, b) takes one equation per row: `a` and `b` need "
     "equally many rows"),
    (r"included output subscript '(\w)' which never appeared",
     lambda m, s: f"after the arrow of your einsum stands `{m[1]}`, a letter that no operand has"),
    (r"ndarray' object is not callable",
     lambda m, s: "an array is called like a function. Its places stand in square brackets, x[…]"),
    (r"expected 1D vector for x", lambda m, s: "np.polyfit takes one row of numbers for x, and no table"),
    (r"shape-mismatch for sum",
     lambda m, s: "np.tensordot sums over axes of both arrays at once, and those that you name are not equally long"),
    (r"ufunc '(?:bitwise|left|right)_\w+' not supported",
     lambda m, s: "`&`, `|`, `<<` and `>>` work on whole numbers, and these are floats"),
)  # fmt: skip


def _kind(name):
    return {"NoneType": "None", "list": "a list", "tuple": "a tuple", "str": "a text"}.get(name, f"a {name}")

"""A block 1×1, 3×3, 1×1 with a shortcut, as a module."""

from course_utils.exercises.lesson10_pytorch.block_watched import block_seen, blocks
from course_utils.exercises.lesson10_pytorch.modules import block_of, net_of, run_block
from course_utils.exercises.spec import exercise


@exercise(
    cases=blocks,
    observe=block_seen,
    hints=(
        "How many channels go into the 3×3? And what must be true of two tensors before you can add them?",
        "Down: c_in → c_mid. 3×3: c_mid → c_mid, padding 1, with the stride. Up: c_mid → c_out. Where stride or channels "
        "change, x needs a 1×1 with the stride before it can be added.",
        "y = relu(down(x));  y = relu(middle(y));  return relu(up(y) + shortcut(x)),  where shortcut is nn.Identity() or "
        "nn.Conv2d(c_in, c_out, 1, stride=stride, bias=False)",
    ),
)
def Bottleneck(c_in, c_mid, c_out, stride=1):
    from course_utils import layers

    return layers.Bottleneck(c_in, c_mid, c_out, stride)


@Bottleneck.mistake(
    "SKP", "x cannot be added where stride or channels change: there the shortcut needs a 1×1 convolution of its own."
)
def no_projection(c_in, c_mid, c_out, stride=1):
    from torch import nn

    return block_of(c_in, c_mid, c_out, stride, shortcut=nn.Identity())


@Bottleneck.mistake("SKP", "Your shortcut always has a 1×1. Where x already fits the sum, the shortcut is x itself.")
def always_projected(c_in, c_mid, c_out, stride=1):
    from torch import nn

    return block_of(c_in, c_mid, c_out, stride, shortcut=nn.Conv2d(c_in, c_out, 1, stride, bias=False))


@Bottleneck.mistake(
    "SKP", "A stride changes H and W, so the shortcut needs its 1×1 then too, even if the channels stay the same."
)
def projected_by_channels(c_in, c_mid, c_out, stride=1):
    from torch import nn

    shortcut = nn.Conv2d(c_in, c_out, 1, stride, bias=False) if c_in != c_out else nn.Identity()
    return block_of(c_in, c_mid, c_out, stride, shortcut=shortcut)


@Bottleneck.mistake("LIN", "The ReLU after the sum is missing.")
def no_last_relu(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return self.up(self.middle(self.down(x).relu()).relu()) + self.shortcut(x)

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake(
    "ORD", "Your last ReLU comes before the sum. First add the shortcut, then cut off what is negative."
)
def relu_before_the_sum(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return self.up(self.middle(self.down(x).relu()).relu()).relu() + self.shortcut(x)

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake(
    "LIN", "Between your three convolutions there is no ReLU: they are one linear map, and could be one convolution."
)
def no_inner_relu(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return (self.up(self.middle(self.down(x))) + self.shortcut(x)).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake(
    "LIN", "The ReLU after the 3×3 is missing: without it, the 3×3 and the last 1×1 are one linear map."
)
def no_relu_after_three(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return (self.up(self.middle(self.down(x).relu())) + self.shortcut(x)).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake(
    "LIN", "The ReLU after the first 1×1 is missing: without it, that 1×1 and the 3×3 are one linear map."
)
def no_relu_after_one(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return (self.up(self.middle(self.down(x)).relu()) + self.shortcut(x)).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake("CHN", "After the first 1×1 there are c_mid channels: the 3×3 takes c_mid, not c_in.")
def three_takes_c_in(c_in, c_mid, c_out, stride=1):
    from torch import nn

    return block_of(c_in, c_mid, c_out, stride, middle=nn.Conv2d(c_in, c_mid, 3, stride, padding=1, bias=False))


@Bottleneck.mistake(
    "CHN", "Your 3×3 widens to c_out by itself, which is the expensive place. It keeps c_mid; the last 1×1 widens."
)
def three_widens(c_in, c_mid, c_out, stride=1):
    from torch import nn

    middle, up = nn.Conv2d(c_mid, c_out, 3, stride, padding=1, bias=False), nn.Conv2d(c_out, c_out, 1, bias=False)
    return block_of(c_in, c_mid, c_out, stride, middle=middle, up=up)


@Bottleneck.mistake(
    "CHN", "Your block is never narrow: the 3×3 runs on c_out channels. Reduce to c_mid first, that is the point of it."
)
def never_narrow(c_in, c_mid, c_out, stride=1):
    return block_of(c_in, c_out, c_out, stride)


@Bottleneck.mistake("BRD", "Without padding=1 the 3×3 cuts off a border of one pixel, and the sum no longer fits.")
def no_padding(c_in, c_mid, c_out, stride=1):
    from torch import nn

    return block_of(c_in, c_mid, c_out, stride, middle=nn.Conv2d(c_mid, c_mid, 3, stride, bias=False))


@Bottleneck.mistake("STR", "The stride is not used. It belongs to the 3×3, and to the 1×1 of the shortcut.")
def stride_forgotten(c_in, c_mid, c_out, stride=1):
    from torch import nn

    changes = stride > 1 or c_in != c_out
    shortcut = nn.Conv2d(c_in, c_out, 1, bias=False) if changes else nn.Identity()
    return block_of(c_in, c_mid, c_out, 1, shortcut=shortcut)


@Bottleneck.mistake(
    "STR", "The stride sits in your first 1×1, which then reads only every fourth pixel. Let the 3×3 stride."
)
def stride_in_the_first(c_in, c_mid, c_out, stride=1):
    from torch import nn

    down = nn.Conv2d(c_in, c_mid, 1, stride, bias=False)
    middle = nn.Conv2d(c_mid, c_mid, 3, padding=1, bias=False)
    return block_of(c_in, c_mid, c_out, stride, down=down, middle=middle)


@Bottleneck.mistake(
    "STR",
    "The numbers are right, but the stride comes after your 3×3, which works at every pixel, most of it for nothing.",
)
def stride_in_the_last(c_in, c_mid, c_out, stride=1):
    from torch import nn

    middle, up = nn.Conv2d(c_mid, c_mid, 3, padding=1, bias=False), nn.Conv2d(c_mid, c_out, 1, stride, bias=False)
    return block_of(c_in, c_mid, c_out, stride, middle=middle, up=up)


@Bottleneck.mistake("STR", "The numbers are right, but your shortcut's 1×1 works at every pixel: it strides too late.")
def shortcut_cut_late(c_in, c_mid, c_out, stride=1):
    from torch import nn

    late = nn.Sequential(nn.Conv2d(c_in, c_out, 1, bias=False), nn.MaxPool2d(1, stride))
    return block_of(c_in, c_mid, c_out, stride, **({"shortcut": late} if stride > 1 else {}))


@Bottleneck.mistake("STR", "The main path strides and the shortcut does not, so the two no longer have one shape.")
def shortcut_without_stride(c_in, c_mid, c_out, stride=1):
    from torch import nn

    changes = stride > 1 or c_in != c_out
    shortcut = nn.Conv2d(c_in, c_out, 1, bias=False) if changes else nn.Identity()
    return block_of(c_in, c_mid, c_out, stride, shortcut=shortcut)


@Bottleneck.mistake(
    "BIA", "A convolution of yours has a bias. Here none has one, as in ResNet, where a batch norm follows: bias=False."
)
def with_biases(c_in, c_mid, c_out, stride=1):
    from torch import nn

    down, middle = nn.Conv2d(c_in, c_mid, 1), nn.Conv2d(c_mid, c_mid, 3, stride, padding=1)
    changes = stride > 1 or c_in != c_out
    shortcut = nn.Conv2d(c_in, c_out, 1, stride) if changes else nn.Identity()
    up = nn.Conv2d(c_mid, c_out, 1)
    return block_of(c_in, c_mid, c_out, stride, down=down, middle=middle, up=up, shortcut=shortcut)


@Bottleneck.mistake("BIA", "The 1×1 of your shortcut has a bias. Here no convolution has one: bias=False.")
def shortcut_with_bias(c_in, c_mid, c_out, stride=1):
    from torch import nn

    changes = stride > 1 or c_in != c_out
    return block_of(
        c_in, c_mid, c_out, stride, shortcut=nn.Conv2d(c_in, c_out, 1, stride) if changes else nn.Identity()
    )


@Bottleneck.mistake("EXT", "There are batch norms in your block. ResNet has them; the block asked for here has none.")
def with_batch_norms(c_in, c_mid, c_out, stride=1):
    from torch import nn

    return block_of(c_in, c_mid, c_out, stride, norm=nn.BatchNorm2d(c_mid))


@Bottleneck.mistake(
    "STR",
    "The stride acts twice on the way through your convolutions, and once in the shortcut. The 3×3 alone strides.",
)
def strides_twice(c_in, c_mid, c_out, stride=1):
    from torch import nn

    return block_of(c_in, c_mid, c_out, stride, down=nn.Conv2d(c_in, c_mid, 1, stride, bias=False))


@Bottleneck.mistake(
    "SKP", "What goes into your shortcut is no longer x: the name was given to what a convolution made. Keep x itself."
)
def x_overwritten(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        x = self.middle(self.down(x).relu()).relu()
        return (self.up(x) + self.shortcut(x)).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake("SKP", "Your shortcut takes what the first convolution made. It takes x, as it came in.")
def shortcut_behind_the_first(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        x = self.down(x).relu()
        return (self.up(self.middle(x).relu()) + self.shortcut(x)).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake(
    "REG",
    "Layers in a plain Python list are found by nobody: not trained, not saved, not moved. Use nn.ModuleList or nn.Sequential.",
)
def layers_in_a_list(c_in, c_mid, c_out, stride=1):
    inner = block_of(c_in, c_mid, c_out, stride)
    return net_of(lambda self, x: run_block(self.layers[0], x), layers=[inner])


@Bottleneck.mistake("SKP", "There is no shortcut: x itself never reaches the sum.")
def no_shortcut(c_in, c_mid, c_out, stride=1):
    from torch import nn

    def forward(self, x):
        return self.up(self.middle(self.down(x).relu()).relu()).relu()

    return block_of(c_in, c_mid, c_out, stride, forward, shortcut=nn.Identity())


@Bottleneck.mistake("SKP", "The shortcut is *added* to what the three convolutions make, not multiplied with it.")
def multiplied(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return (self.up(self.middle(self.down(x).relu()).relu()) * self.shortcut(x)).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake(
    "SKP",
    "The shortcut is *added* to what the three convolutions make. torch.cat puts it beside that, as more channels.",
)
def put_beside(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        import torch

        return torch.cat([self.up(self.middle(self.down(x).relu()).relu()), self.shortcut(x)], dim=1).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake(
    "INP", "A ReLU with inplace=True, or +=, changes x itself. Whoever gave you x still needs it, your shortcut too."
)
def changes_x(c_in, c_mid, c_out, stride=1):
    return block_of(c_in, c_mid, c_out, stride, lambda self, x: run_block(self, x.relu_()))


@Bottleneck.mistake(
    "SKP", "Other channels alone need a 1×1 in the shortcut too: x cannot be added where c_in is not c_out."
)
def projected_by_stride(c_in, c_mid, c_out, stride=1):
    from torch import nn

    shortcut = nn.Conv2d(c_in, c_out, 1, stride, bias=False) if stride != 1 else nn.Identity()
    return block_of(c_in, c_mid, c_out, stride, shortcut=shortcut)


@Bottleneck.mistake(
    "LIN", "The shortcut has a ReLU of its own. It is x itself, or a 1×1 convolution, and nothing else."
)
def relu_on_the_shortcut(c_in, c_mid, c_out, stride=1):
    def forward(self, x):
        return (self.up(self.middle(self.down(x).relu()).relu()) + self.shortcut(x).relu()).relu()

    return block_of(c_in, c_mid, c_out, stride, forward)


@Bottleneck.mistake(
    "SKP", "Your shortcut has a 3×3. It only has to make x fit the sum, as cheaply as that goes: a 1×1 with the stride."
)
def three_on_the_shortcut(c_in, c_mid, c_out, stride=1):
    from torch import nn

    changes = stride > 1 or c_in != c_out
    shortcut = nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False) if changes else nn.Identity()
    return block_of(c_in, c_mid, c_out, stride, shortcut=shortcut)


@Bottleneck.alternative
def as_a_sequence(c_in, c_mid, c_out, stride=1):
    from torch import nn

    body = nn.Sequential(
        nn.Conv2d(c_in, c_mid, 1, bias=False),
        nn.ReLU(inplace=True),
        nn.Conv2d(c_mid, c_mid, 3, stride, padding=1, bias=False),
        nn.ReLU(inplace=True),
        nn.Conv2d(c_mid, c_out, 1, bias=False),
    )
    skip = nn.Sequential() if stride == 1 and c_in == c_out else nn.Conv2d(c_in, c_out, 1, stride, bias=False)
    return net_of(lambda self, x: nn.functional.relu(self.body(x) + self.skip(x)), body=body, skip=skip)


@Bottleneck.alternative
def with_linear_layers(c_in, c_mid, c_out, stride=1):
    import torch
    from torch import nn

    def forward(self, x):
        last = x.movedim(1, -1)
        y = torch.relu(self.reduce(last)).movedim(-1, 1)
        y = torch.relu(nn.functional.conv2d(y, self.kernels, stride=stride, padding=1))
        if self.match is not None:
            last = self.match(last[:, ::stride, ::stride])
        return torch.relu(self.widen(y.movedim(1, -1)) + last).movedim(-1, 1)

    return net_of(
        forward,
        reduce=nn.Linear(c_in, c_mid, bias=False),
        widen=nn.Linear(c_mid, c_out, bias=False),
        kernels=nn.Parameter(torch.randn(c_mid, c_mid, 3, 3) / 5),
        match=nn.Linear(c_in, c_out, bias=False) if stride > 1 or c_in != c_out else None,
    )

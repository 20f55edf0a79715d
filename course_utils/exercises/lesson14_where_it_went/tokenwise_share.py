"""How much of a transformer's arithmetic is done token by token."""

from course_utils.exercises.spec import case, exercise


def transformers(rng):
    """Cases `(architecture,)`: sizes by name, as `Transformer.sizes()` gives them."""
    from course_utils.cost.transformer import GPT2_SMALL, VIT_B16

    yield case("ViT-B/16", VIT_B16.sizes())
    yield case("GPT-2 small, 1,024 tokens", GPT2_SMALL.sizes())
    yield case("GPT-2 small, 64 tokens", GPT2_SMALL.sizes(64))
    yield case(
        "one block", sizes(tokens=5, width=6, hidden=7, blocks=1, heads=2, classes=3, read=1, patches=4, patch=10)
    )
    yield case("no patches", sizes(tokens=7, width=4, hidden=3, blocks=2, heads=1, classes=5, read=7))
    yield case(
        "more tokens than channels",
        sizes(tokens=90, width=8, hidden=20, blocks=3, heads=4, classes=2, read=1, patches=89, patch=3),
    )
    yield case("one token", sizes(tokens=1, width=4, hidden=5, blocks=2, heads=2, classes=3, read=1))
    yield case(
        "no blocks", sizes(tokens=6, width=4, hidden=5, blocks=0, heads=2, classes=3, read=1, patches=5, patch=7)
    )
    t, c, m, b = (int(size) for size in rng.permutation([5, 12, 31, 3]))
    yield case(
        "random sizes",
        sizes(tokens=t, width=c, hidden=m, blocks=b, heads=1, classes=9, read=2, patches=t - 1, patch=11),
    )


def sizes(tokens, width, hidden, blocks, heads, classes, read, patches=0, patch=0):
    return {"tokens": tokens, "width": width, "hidden": hidden, "blocks": blocks, "heads": heads, "classes": classes,
            "read": read, "patches": patches, "patch": patch}  # fmt: skip


@exercise(
    cases=transformers,
    small=(
        '{"tokens": 2, "width": 1, "hidden": 1, "blocks": 1, "heads": 1, "classes": 4, "read": 1, "patches": 0, "patch": 0}',
        '{"tokens": 1, "width": 1, "hidden": 2, "blocks": 1, "heads": 1, "classes": 1, "read": 1, "patches": 0, "patch": 0}',
        '{"tokens": 2, "width": 2, "hidden": 1, "blocks": 1, "heads": 1, "classes": 1, "read": 1, "patches": 1, "patch": 3}',
        '{"tokens": 2, "width": 2, "hidden": 1, "blocks": 1, "heads": 2, "classes": 1, "read": 1, "patches": 0, "patch": 0}',
        '{"tokens": 2, "width": 1, "hidden": 1, "blocks": 0, "heads": 1, "classes": 1, "read": 1, "patches": 1, "patch": 2}',
        '{"tokens": 1, "width": 1, "hidden": 1, "blocks": 2, "heads": 1, "classes": 1, "read": 2, "patches": 1, "patch": 1}',
    ),
    hints=(
        "Take one token through one block. Which matrices does it meet, and how many numbers has each?",
        "Token by token: four C × C matrices in attention, two C × M in feed-forward, the patches, the head. Between tokens: T · T scores of C products each, and as many for the sum of values.",
        "each = 4 * c * c + 2 * c * m;  own = b * t * each + patches * patch * c + read * c * classes;  mixing = b * 2 * t * t * c;  return own / (own + mixing)",
    ),
)
def tokenwise_share(architecture):
    t, c, m, b = (architecture[name] for name in ("tokens", "width", "hidden", "blocks"))
    own = b * t * (4 * c**2 + 2 * c * m) + architecture["patches"] * architecture["patch"] * c
    own += architecture["read"] * c * architecture["classes"]
    return own / (own + 2 * b * t**2 * c)


def counted(a, projections=4, layers=2, mixings=2, heads=1, stem=True, head=True, blocks=True):
    """The share with one thing counted otherwise."""
    t, c, m, b = a["tokens"], a["width"], a["hidden"], a["blocks"] if blocks else 1
    own = b * t * (projections * c * c + layers * c * m)
    own += a["patches"] * a["patch"] * c * stem + a["read"] * c * a["classes"] * head
    return own / (own + mixings * heads * b * t * t * c)


@tokenwise_share.mistake("CNT", "The output layer of attention is left out: query, key, value *and* output are C × C.")
def three_projections(architecture):
    return counted(architecture, projections=3)


@tokenwise_share.mistake("CNT", "Attention has four 1×1 layers: query, key, value and output. You count one.")
def one_projection(architecture):
    return counted(architecture, projections=1)


@tokenwise_share.mistake("CNT", "Feed-forward is two layers, C → M and M → C. You count one.")
def one_layer(architecture):
    return counted(architecture, layers=1)


@tokenwise_share.mistake(
    "CNT", "Between tokens there are two products: the scores, and the weighted sum of values. You count one."
)
def scores_alone(architecture):
    return counted(architecture, mixings=1)


@tokenwise_share.mistake("CNT", "The heads do not multiply the work: each has C / heads channels.")
def times_heads(architecture):
    return counted(architecture, heads=architecture["heads"])


@tokenwise_share.mistake(
    "EDG", "The first layer is left out: each patch goes through a 1×1 layer too, once, before the blocks."
)
def no_stem(architecture):
    return counted(architecture, stem=False)


@tokenwise_share.mistake("EDG", "The head is left out: it scores the classes for each token that it reads.")
def no_head(architecture):
    return counted(architecture, head=False)


@tokenwise_share.mistake(
    "CNT", "The head makes each score of all C channels: for a token that is read, C · classes multiply-adds."
)
def head_without_channels(architecture):
    return counted(architecture | {"classes": architecture["classes"] / architecture["width"]})


@tokenwise_share.mistake("EDG", "First layer and head are left out: both work on one token at a time.")
def blocks_alone(architecture):
    return counted(architecture, stem=False, head=False)


@tokenwise_share.mistake("CNT", "You count one block. There are architecture['blocks'] of them.")
def one_block(architecture):
    return counted(architecture, blocks=False)


@tokenwise_share.mistake("UNI", "That is a share in per cent. Return it as a number from 0 to 1.")
def in_per_cent(architecture):
    return 100 * counted(architecture)


@tokenwise_share.mistake("UNI", "That is the share of what happens *between* tokens. The other one was asked for.")
def the_other_share(architecture):
    return 1 - counted(architecture)


@tokenwise_share.mistake("UNI", "That is one part divided by the other. A share is a part divided by the whole.")
def as_a_ratio(architecture):
    share = counted(architecture)
    return share / (1 - share) if share < 1 else float("inf")


@tokenwise_share.mistake(
    "UNI", "You count weights: each is used once for every token, so a layer costs tokens · weights."
)
def weights_counted(architecture):
    t, c, m, b = (architecture[name] for name in ("tokens", "width", "hidden", "blocks"))
    own = (
        b * (4 * c**2 + 2 * c * m)
        + architecture["patch"] * c * (architecture["patches"] > 0)
        + c * architecture["classes"]
    )
    return own / (own + 2 * b * t**2 * c)


@tokenwise_share.mistake("CNT", "The head works on the tokens that are read, architecture['read'] of them, not on all.")
def head_on_all_tokens(architecture):
    return counted(architecture | {"read": architecture["tokens"]})


@tokenwise_share.mistake(
    "CNT", "The first layer works on the patches, architecture['patches'] of them: the class token is no patch."
)
def patches_like_tokens(architecture):
    return counted(architecture | {"patches": architecture["tokens"] if architecture["patches"] else 0})


@tokenwise_share.mistake("CNT", "You take 4 C for the hidden channels. How many there are says architecture['hidden'].")
def hidden_four_times(architecture):
    return counted(architecture | {"hidden": 4 * architecture["width"]})


@tokenwise_share.mistake("CNT", "The products between tokens are counted for one block. Every block has its own.")
def one_block_between(architecture):
    share = in_a_loop(architecture)
    between = 2 * architecture["tokens"] ** 2 * architecture["width"]
    alone = share * between * architecture["blocks"] / (1 - share) if share < 1 else tokenwise_alone(architecture)
    return alone / (alone + between)


def tokenwise_alone(a):
    return a["read"] * a["width"] * a["classes"] + a["patches"] * a["patch"] * a["width"]


def otherwise(a, own=None, between=None):
    """The share with all that is done token by token, or between tokens, counted otherwise."""
    t, c, b = a["tokens"], a["width"], a["blocks"]
    own = tokenwise_alone(a) + b * t * (4 * c * c + 2 * c * a["hidden"]) if own is None else own
    return own / (own + (2 * b * t * t * c if between is None else between))


@tokenwise_share.mistake("CNT", "The 1×1 layers are counted for one block. Every block has its own.")
def one_block_alone(architecture):
    t, c, m = (architecture[name] for name in ("tokens", "width", "hidden"))
    return otherwise(architecture, own=tokenwise_alone(architecture) + t * (4 * c * c + 2 * c * m))


@tokenwise_share.mistake(
    "CNT", "The 1×1 layers of a block are counted for one token. Each of the T tokens goes through them."
)
def one_token_alone(architecture):
    b, c, m = (architecture[name] for name in ("blocks", "width", "hidden"))
    return otherwise(architecture, own=tokenwise_alone(architecture) + b * (4 * c * c + 2 * c * m))


@tokenwise_share.mistake("CNT", "Each of the T tokens asks all T tokens: what goes on between them costs T · T, not T.")
def each_token_asks_one(architecture):
    return otherwise(architecture, between=2 * architecture["blocks"] * architecture["tokens"] * architecture["width"])


@tokenwise_share.mistake(
    "CNT", "The head scores the classes for each token that it reads: architecture['read'] of them, not one."
)
def one_token_read(architecture):
    return counted(architecture | {"read": 1})


@tokenwise_share.mistake("CNT", "The patch layer is counted in each block. It stands outside, before the blocks, once.")
def patches_in_each_block(architecture):
    return counted(architecture | {"patches": architecture["patches"] * architecture["blocks"]})


@tokenwise_share.alternative
def in_a_loop(architecture):
    a = architecture
    alone = a["patches"] * a["patch"] * a["width"] + a["read"] * a["width"] * a["classes"]
    together = 0
    for _ in range(a["blocks"]):
        alone += a["tokens"] * (4 * a["width"] * a["width"] + 2 * a["width"] * a["hidden"])
        together += a["tokens"] * a["tokens"] * a["width"]  # scores
        together += a["tokens"] * a["tokens"] * a["width"]  # the sum of values
    return alone / (alone + together)


@tokenwise_share.alternative
def head_by_head(architecture):
    a = architecture
    mixing = 2 * a["blocks"] * a["heads"] * a["tokens"] ** 2 * (a["width"] / a["heads"])
    layers = [(a["width"], a["width"])] * 4 + [(a["width"], a["hidden"]), (a["hidden"], a["width"])]
    own = a["blocks"] * a["tokens"] * sum(rows * columns for rows, columns in layers)
    own += a["width"] * (a["patches"] * a["patch"] + a["read"] * a["classes"])
    return 1 - mixing / (mixing + own)

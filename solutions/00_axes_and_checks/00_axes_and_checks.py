# %% [markdown]
# # Lesson 00 · Axes, checks and asking for help
#
# Two arrays hold the same numbers and have the same shape, and yet one shows a cup of coffee and the other a carpet of
# coloured dots. How can that be? In this lesson you make it happen, put it right, and on the way learn how a lesson
# works.
#
# **Time:** 40 minutes. **You need:** a little Python (functions, indexing); nothing about neural networks.
#
# You will be able to
# - run a lesson: cells, checks, hints, quiz, progress;
# - name the four axes of a batch of images and say what an index or a colon does to each;
# - turn a photo into the form that networks expect, and read one pixel of it in all its channels.

# %% [markdown]
# ## How a lesson works
#
# A lesson is a page of cells: some are text like this one, some are code. To run a code cell, click into it and press
# **Shift+Enter**. A star in the brackets at its left means that it is busy, a number that it is done.
#
# Run cells from top to bottom; later ones use what earlier ones made. You can change any code you like and run it
# again. You cannot break anything: if a cell surprises you, *Kernel → Restart Kernel* forgets all results, keeps what
# you wrote, and you start again from the top.
#
# Does the star stay? Then the cell is still at work, and if there is a loop in it, the loop may never end. Stop it with
# the button ■ above, or with *Kernel → Interrupt Kernel*: everything else is kept. Should it not stop, restart the kernel.
#
# The first cell fetches the tools. Run it.

# %%
import numpy as np

from course_utils import before, check, data, hint, plots, progress, quiz, solution, widgets

# %% [markdown]
# ## What do you know already?
#
# Before the course tells you anything: twelve questions. Nobody marks them and nothing is explained yet; much in them you cannot know. Click what
# you think, and leave open what would be a mere guess. At the end of the course you get twelve others like them, and see how far you have come.

# %%
before(
    maps="",
    mixing="",
    neighbours="",
    axes="",
    reshape="",
    weights="",
    window="",
    lost="",
    linear="",
    reuse="",
    clock="",
    tokens="",
)

# %% [markdown]
# ## A photo is a block of numbers
#
# This one (Rachel Michetti, CC0) comes with the course. It is shrunk so that its longer side has 300 pixels.
# (`alt="00.pictures"` is the name of a description, for readers who cannot see the picture. The words themselves lie elsewhere, so
# that they do not tell in advance what you are asked to predict.)

# %%
image = data.photo("coffee", longest=300)
plots.show(plots.pictures([image], ["image"]), alt="00.pictures")

# %% [markdown]
# **Before you run it:** the array has three axes. Which of the three sizes is the width?

# %%
print(image.shape)

# %% [markdown]
# Rows come first, as in a table of text: you go *down* to a row, then *along* it to a column. So the order is height,
# width, and at last 3: the **channels** red, green and blue. Short: **H W C**.
#
# Here is what each channel holds. **Before you run it:** the saucer is red. In which of the three will it be bright?

# %%
plots.show(
    plots.photo_and_channels(image),
    alt="00.photo_and_channels",
)

# %% [markdown]
# Only in red: a dark red is little of the other two. Your turn to touch it. An axis of `x` with a tick below is kept whole; one
# without is fixed at one index, which its slider sets. You see the expression, the shape that is left, and the picture. Try to get
#
# 1. the green channel alone,
# 2. a single row of the photo (how many numbers is that?),
# 3. one single number.

# %%
widgets.axis_slicer(image)

# %% [markdown]
# ## Four names: N C H W
#
# A network works on several images at once, a *batch*, so there is a fourth axis. And in this course, as in PyTorch,
# the channels come before the rows:
#
# | axis | name | counts |
# |---|---|---|
# | 0 | **N** | images in the batch |
# | 1 | **C** | channels: 3 for a colour photo, often hundreds inside a network |
# | 2 | **H** | rows, from top to bottom |
# | 3 | **W** | columns, from left to right |
#
# One channel of one image, a grid of H × W numbers, is called a **feature map**. Here are two images of three channels.

# %%
shape = (2, 3, 4, 6)
plots.show(
    plots.axes_diagram(shape),
    alt="00.axes_diagram",
)

# %% [markdown]
# An index picks one entry of an axis, and the axis is gone. A colon keeps the axis whole. Axes that you do not mention
# at the end are kept.
#
# **Before you run it:** cover the right-hand side and say each shape. Which line is the coloured pixel of the drawing?

# %%
batch = np.zeros(shape)
print("batch[0]          ", batch[0].shape)
print("batch[0, 1]       ", batch[0, 1].shape)
print("batch[0, 1, 2]    ", batch[0, 1, 2].shape)
print("batch[:, 1]       ", batch[:, 1].shape)
print("batch[0, :, 0, 5] ", batch[0, :, 0, 5].shape)

# %% [markdown]
# ## Same numbers, same shape, another picture
#
# The photo is H W C; a network wants N C H W. `reshape` can give an array any shape that has room for its numbers, so
# this looks like the end of the matter:

# %%
h, w, c = image.shape
guess = image.reshape(1, c, h, w)
print("shape:", guess.shape)
print("same numbers:", sorted(guess.ravel()) == sorted(image.ravel()))

# %% [markdown]
# **Before you run it:** the shape is right and all numbers are there. If we now draw channels 0, 1 and 2 of `guess` as
# red, green and blue, what will you see?

# %%
drawn = np.stack([guess[0, 0], guess[0, 1], guess[0, 2]], axis=-1)
plots.show(
    plots.pictures([image, drawn], ["image", "image.reshape(1, c, h, w), drawn"]),
    alt="00.pictures_2",
)

# %% [markdown]
# That is the answer to the question at the top. `reshape` reads the numbers in the order in which they lie in memory and
# draws new borders between them. It moves nothing. A photo of four pixels shows it; each number there says where it
# lives, for example 102 is row **1**, column **0**, channel **2**.

# %%
tiny = np.array([[[0, 1, 2], [10, 11, 12]], [[100, 101, 102], [110, 111, 112]]])
print("The red channel, the numbers that end in 0:")
print(tiny[:, :, 0])
print("What reshape(3, 2, 2) takes for it:")
print(tiny.reshape(3, 2, 2)[0])

# %% [markdown]
# To *move* an axis you need a transpose: `np.transpose(a, order)` asks, for each new place, which old axis goes there.
# For the photo (old axes: 0 is H, 1 is W, 2 is C) the order `(1, 0, 2)` says: first the old W, then the old H, then C.
#
# The other tool is `np.newaxis`, which puts an axis of length 1 where you write it.

# %%
lying = np.transpose(image, (1, 0, 2))
print("transposed:", lying.shape)
print("with a new axis at the end:", image[:, :, :, np.newaxis].shape)
plots.show(
    plots.pictures([image, lying], ["image", "rows and columns exchanged"]),
    alt="00.pictures_3",
)

# %% [markdown]
# ### Exercise: from a photo to a batch of one
#
# About 8 minutes. Write `hwc_to_nchw(image)`: it takes one photo H W C and returns the batch N C H W that holds it
# alone. The numbers stay the same; only their places change. In pictures: on the left what comes in, on the right the
# feature maps that should come out.

# %%
plots.show(
    plots.pictures(
        [image, *(image[:, :, channel] for channel in range(3))],
        ["in: image", "out: x[0, 0]", "out: x[0, 1]", "out: x[0, 2]"],
    ),
    alt="00.pictures_4",
)

# %% [markdown]
# Do it wrong first, on purpose:
#
# 1. Run the next two cells as they are. The check says ○: not written yet.
# 2. Replace the `raise` line by `return image[np.newaxis]`. Run both cells again. The check says ✗ and *names the
#    mistake*: read what it says, on which input it happened, and what was expected.
# 3. Now write what is right, and run both again until you see ✓.
#
# Stuck? `hint(hwc_to_nchw)` gives a nudge, run again it says which axis to look at, a third time it gives pseudo-code.
# Nobody counts hints against you.

# %% nbgrader={"grade": false, "grade_id": "hwc_to_nchw", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hwc_to_nchw(image):
    """One image (H, W, C) as a batch of one, (1, C, H, W).

    Example: an image of 1 row, 2 columns, 3 channels
        [[[1, 2, 3], [4, 5, 6]]]               shape (1, 2, 3)
    becomes 3 feature maps of 1 row, 2 columns each
        [[[[1, 4]], [[2, 5]], [[3, 6]]]]       shape (1, 3, 1, 2)
    """
    ### BEGIN SOLUTION
    planes = np.transpose(image, (2, 0, 1))  # C, H, W
    return planes[np.newaxis]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "hwc_to_nchw_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(hwc_to_nchw)
### BEGIN HIDDEN TESTS
check(hwc_to_nchw, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# This is how you ask for a hint. Run the cell again for the next one.

# %%
hint("hwc_to_nchw")

# %% [markdown]
# When you have passed, compare your answer with another person's: make a new cell (the **+** in the toolbar) and run
# `solution(hwc_to_nchw)` there. It answers once you have really tried.
#
# And here is your function at work. The slider of N has only one place to go; the other three are yours.

# %%
widgets.axis_slicer(hwc_to_nchw(image), axes="n c h w")

# %% [markdown]
# ## One pixel, all channels
#
# Pick one place in the photo. There is one number in each channel: three numbers for a colour photo. Together they are
# the **channel vector** of that pixel, and it is all that a 1×1 convolution ever looks at.

# %%
row, column = 150, 60
plots.show(
    plots.pixel(image, row, column),
    alt="00.pixel",
)

# %% [markdown]
# ### Exercise: the channel vector
#
# About 5 minutes. Write `pixel_vector(x, n, i, j)`: the channels of image `n` at row `i`, column `j`. In the drawing of
# the axes above this is the coloured pixel: one place, straight through all the grids. Stuck? `hint(pixel_vector)`

# %% nbgrader={"grade": false, "grade_id": "pixel_vector", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pixel_vector(x, n, i, j):
    """The channel vector (C,) of one pixel of a batch x (N, C, H, W): image n, row i, column j.

    Example: x has one image, two channels of 1 row and 3 columns each
        x = np.array([[[[1, 2, 3]], [[10, 20, 30]]]])     shape (1, 2, 1, 3)
        pixel_vector(x, 0, 0, 2)                          array([ 3, 30])
    """
    ### BEGIN SOLUTION
    return x[n, :, i, j]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "pixel_vector_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(pixel_vector)
### BEGIN HIDDEN TESTS
check(pixel_vector, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Nothing about three channels is special. The first layer of a network makes more of them: maps of edges, of colours, of
# fine detail. Below are ten of a cat (Chelsea, by Stefan van der Walt, CC0). Blue is negative, orange positive.

# %%
maps = data.feature_maps()
plots.show(
    plots.channels_grid(maps, titles=data.FEATURES),
    alt="00.channels_grid",
)

# %% [markdown]
# One place on the cat, read by your function: ten numbers of both signs. **Before you run it:** what is the shape of
# `maps`?

# %%
print("shape of maps:", maps.shape)
for name, value in zip(data.FEATURES, pixel_vector(maps, 0, 20, 30), strict=True):
    print(f"{value:+.2f}  {name}")

# %% [markdown]
# What could you do with such a vector? Add its numbers up, each with a weight of its own. That is lesson 01.
#
# ## Quiz
#
# Run the cell and click your choices; each choice explains itself. A click writes the letter into the cell, and the
# letter is what counts. (No buttons where you are? Type the letters between the quotes and run the cell again.)

# %% nbgrader={"grade": false, "grade_id": "00_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    axes_shape="c",
    axes_pixel="a",
    axes_reshape="d",
    axes_message="b",
)

# %% [markdown]
# Each answer has its own check. A wrong choice is no drama: click another one and run the check again.

# %% nbgrader={"grade": true, "grade_id": "axes_shape_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["axes_shape"], "axes_shape")

# %% nbgrader={"grade": true, "grade_id": "axes_pixel_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["axes_pixel"], "axes_pixel")

# %% nbgrader={"grade": true, "grade_id": "axes_reshape_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["axes_reshape"], "axes_reshape")

# %% nbgrader={"grade": true, "grade_id": "axes_message_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["axes_message"], "axes_message")

# %% [markdown]
# ## How far are you?
#
# This map shows all lessons, what is done in each, and what is next; a title is a link. What you did is kept in a file on
# this computer and goes nowhere else.

# %%
progress()

# %% [markdown]
# ## Summary
#
# - A check tells *not written yet* ○, *wrong* ✗, *stopped with an error* ⚠ and *right* ✓ apart, and names the mistake
#   where it knows it. Hints come in three steps.
# - Photos are stored H W C; networks here work on N C H W.
# - An index takes an axis away, a colon keeps it. A pixel's channel vector keeps C and gives up the other three.
# - `reshape` draws new borders, a transpose moves axes. The shape alone never proves that an array is right.
#
# ## Go further
#
# The two layouts N C H W and N H W C hold the same picture, and which one is faster depends on the machine; lesson 11b
# measures it. The paper that made the 1×1 convolution a building block of networks is
# [Network In Network](https://arxiv.org/abs/1312.4400); you will reproduce its idea in lesson 08.
#
# Next: lesson 01, one pixel and many channels.

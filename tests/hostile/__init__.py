"""Submissions that a grader must survive: one file a family, each case a function that makes a submission.

    forged    results made up or checks patched away        greedy    time, memory, disk and output without end
    snooping  hidden tests, other students, the gradebook   edited    cells and their grading data changed
    dying     the process ended or hung                     broken    files that are no notebook, or more than one
    returned  answers that are no answers                   shown     what ends up in front of a person
    further   what came to mind when the rest was done   unforeseen  the sandbox from inside, the browser, IPython
    flooding  outputs that push out others              wired     messages to the referee that are made up
    boundary  ways out: what is open, shared, or the kernel's
    again     each kind of hole that was found, tried again in other ways
    unheard   kinds that nobody had tried
    afresh    a look by somebody new
    sideways  beside those ways: hooks of Python, later answers, twins by name, words in a page
    amplified a few bytes that become much where they are read, kept or shown

A case says what is expected as data. To try some of them: `pytest tests/test_hostile.py -k os_exit`.
"""

FAMILIES = ("forged", "snooping", "dying", "greedy", "edited", "broken", "returned", "shown", "further", "unforeseen",
            "flooding", "wired", "boundary", "again", "unheard", "afresh", "sideways",
            "amplified")  # fmt: skip

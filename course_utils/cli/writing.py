"""The verb of the `course` command that begins something new, for authors; part of `verbs`."""

import os

ARGUMENTS = {
    "new": [
        ("what", {"choices": ["exercise"], "help": "what to begin"}),
        ("lesson", {"metavar": "LESSON", "help": "the lesson it is for: 02, 02_by_hand"}),
        ("name", {"metavar": "NAME", "help": "the name of the function that learners write"}),
    ]
}


def new(what, lesson, name):
    """Begin an exercise: a file with oracle, cases and mistakes, its place in the lesson, its count in the README.

    It works from the start, and doubles numbers: change it into what you want. No file that is there is written over.

    course new exercise 02 mix_channels
    """
    from course_utils.authoring.new import new_exercise
    from course_utils.base import paths

    own, listed, text, readme = (os.path.relpath(path) for path in new_exercise(lesson, name))
    number = paths.number(paths.find_lesson(lesson))
    print(f"{own}: oracle, cases, mistakes and hints; now it doubles numbers.")
    print(f"{text}: what learners read, the answer and its check, before the quiz. Move the three cells.")
    print(f"{listed} and {readme}: named and counted. Change the order in the first if you moved the cells.")
    print(f"Then `course build {number}`, `course check`, `course mutate {name}` and a line in CHANGELOG.md.")
    return 0

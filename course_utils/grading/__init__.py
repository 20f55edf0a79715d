"""The grading room: submissions in, marks, misconceptions and feedback out; nbgrader keeps the gradebook.

A submission's way, one module a step:

    intake    file → notebook, or the reason why it cannot be read
    scrub     notebook → the lesson's own cells with the learner's answers in them
    store     notebook → notebook with outputs, at once where it is known already
    execute   the same where it is not: hand it to a referee (`warm` forks those, from two processes that wait)
    referee   the student's cells go to a process of the student's, the checks run here
    student   that process: `sandbox` shuts it in, `shell` captures what it shows
    link      how the two call each other's functions, and `wire`: data alone passes
    gradebook nbgrader scores it, stores the marks and writes the feedback page
    results   marks and misconceptions of one student → table and grades.csv
    report    those of the class → one page; `items` computes what stands in it
    export    that page again from the gradebook, and marks into the file of an LMS (`lms`, `spreadsheet`)

`grade` does this for a class, `demo` for a simulated one that it makes up itself.
"""

import sys

# Whoever imports nbformat compiles this grammar of internationalized web addresses, which takes most of a second, in
# each process anew. Formats of notebooks have no such addresses: jsonschema does without, as where it is not installed.
sys.modules.setdefault("rfc3987_syntax", None)

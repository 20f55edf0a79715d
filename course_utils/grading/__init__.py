"""The grading room: submissions in, marks, misconceptions and feedback out; nbgrader keeps the gradebook.

A submission's way, one module a step:

    intake    file → notebook, or the reason why it cannot be read
    scrub     notebook → the lesson's own cells with the learner's answers in them
    execute   run it in a kernel, with an end to everything
    gradebook nbgrader scores it, stores the marks and writes the feedback page
    results   marks and misconceptions of one student → table and grades.csv
    report    those of the class → one page; `items` computes what stands in it
    export    that page again from the gradebook, and marks into the file of an LMS (`lms`, `spreadsheet`)

`grade` does this for a class, `demo` for a simulated one that it makes up itself.
"""

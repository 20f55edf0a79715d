"""From a notebook with outputs to marks, and back to the student.

scoring    decides what a check's output is worth
gradebook  nbgrader's: scores a notebook, keeps the marks, writes the feedback page
results    marks and misconceptions of one student, as just found; `recorded`, as the gradebook has them
feedback   the page that goes back to a student; `hidden`, what it may say of hidden cases
"""

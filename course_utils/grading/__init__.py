"""The grading room: submissions in, marks, misconceptions and feedback out; nbgrader keeps the gradebook.

A submission's way, one folder a step; each imports only those before it (`collect` alone, the first, comes late: it
puts things in place as `marks` does):

    people    who is in the class, from tables that people and LMSs make
    collect   an LMS's download → a folder for each student, matched to the class
    prepare   file → notebook with the lesson's own cells and the learner's answers in them, or why it cannot be read
    run       notebook → notebook with outputs, run where it can do no harm: the boundary of trust is this folder
    marks     notebook with outputs → marks in nbgrader's gradebook, and the page that goes back to the student
    report    marks of a class → one page, one table, the file of an LMS
    demo      a simulated class, graded like a real one

`classroom` says where the work of a class lies; `grade` goes the whole way.
"""

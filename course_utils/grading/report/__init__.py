"""What a teacher reads and hands on.

page     the class on one page; `items` computes what stands in it
sheet    the table of marks, grades.csv
export   marks into the file of an LMS (`lms`, `spreadsheet`)
"""

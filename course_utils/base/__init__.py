"""What every room stands on: where things are, what a person can put right, what somebody gave.

errors  the exception that means *you can fix this*
paths   the course's folders and its lessons
files   a file is written whole or not at all
values  what somebody gave, as numbers and in words
remote  functions that run where a learner's object is
startup what makes a process of our own start sooner
"""

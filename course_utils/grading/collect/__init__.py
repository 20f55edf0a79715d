"""A class and its LMS: from a download to one folder for each student, and from pages of feedback back to them.

archive   the files in a zip or folder, whatever it is made of; nothing is written where a path in it says
labels    whose work a file is, by the ways in which Moodle, Canvas, ILIAS and people name them
sort      which submission is whose: matched, twice, unknown, another lesson's, missing
collect   the whole way; puts the submissions in place
exchange  the same out of nbgrader's exchange, by nbgrader's own command
members   who leaves, is called otherwise, or has more time
give_back feedback on its way to the students
"""

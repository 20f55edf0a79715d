"""Who is in the class, and the tables in which a teacher or an LMS keeps people.

spreadsheet   a CSV file as it came, read in any encoding and written back in the same
columns       which of its columns is what, by header where the language is known and by content where not
roster        the people: names, identifiers, sections, graders, extensions; whose name is it?
late          what being late costs: nbgrader's mechanism, with each person's extension
"""

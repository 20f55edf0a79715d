"""Are the checks strict enough? Right answers are changed in one place each, and every change must be refused.

A changed answer is a *mutant*; one that a check accepts is a *survivor*. A survivor asks for a case that tells it from
a right answer, or it is *equivalent*: it is right as well, and the lesson's `equivalent.py` says why in a line.

`answers` finds the right answers, `rewrite` changes their syntax trees, `spoil` their results on inputs of one kind,
`trial` runs the mutants, `survey` shares them among processes and tells.
"""

"""Running a notebook that nobody trusts. The boundary of trust is this folder.

store     notebook → notebook with outputs, at once where it is known already
execute   the same where it is not: hand it to a referee (`warm` forks those, from two processes that wait)
cluster   the same on the workers of a Dask cluster
referee   the student's cells go to a process of the student's, then the checks run here
inside    that process, and copies of it that wait for checks; `watch` counts what they use
student   that process: `sandbox` shuts it in, `walls` and `cgroups` stand behind, `shell` captures what it shows
link      how the two call each other's functions, and `wire`: data alone passes (`frames` in time, `networks`
          as their numbers), and `changes` to arguments
verdicts  what a check decided, bound to submission, check and run: the one place where marks are made
"""

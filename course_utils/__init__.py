"""What a lesson imports: `from course_utils import check, hint, solution, progress, quiz, show`.

Importing the package loads nothing else: each name is fetched when it is first used, so that a notebook starts at once.
"""

__all__ = ["check", "hint", "progress", "quiz", "show", "solution"]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module 'course_utils' has no attribute {name!r}; it offers {', '.join(__all__)}")
    if name == "show":
        from course_utils.plots import show

        return show
    from course_utils import checking

    return getattr(checking, name)


def __dir__():
    return [*globals(), *__all__]

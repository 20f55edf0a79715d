"""What a lesson imports: `from course_utils import check, hint, solution, progress, quiz, show`.

Importing the package loads nothing else: each name is fetched when it is first used, so that a notebook starts at once.
"""

import sys
from importlib.machinery import ModuleSpec

__all__ = ["after", "before", "check", "hint", "progress", "quiz", "show", "solution"]
MOVED = {  # where notebooks that were handed out before know modules -> where they are
    "course_utils.claims": "course_utils.experiments.claims",
    "course_utils.contest": "course_utils.experiments.contest",
    "course_utils.descent": "course_utils.experiments.descent",
    "course_utils.errors": "course_utils.base.errors",
    "course_utils.paths": "course_utils.base.paths",
    "course_utils.reduction": "course_utils.experiments.reduction",
    "course_utils.xor": "course_utils.experiments.xor",
}


class Moved:
    """Python's way to find a module under an older name: one module, two names."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        return ModuleSpec(name, Moved) if name in MOVED else None

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        import importlib

        sys.modules[module.__name__] = importlib.import_module(MOVED[module.__name__])


sys.meta_path.append(Moved)


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

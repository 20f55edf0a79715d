"""What a cell is to grading, whoever wrote its notebook: read here, once."""


def grader(cell):
    """What nbgrader is told of a cell: a dictionary, empty where it is told nothing that can be read.

    >>> grader({"metadata": {"nbgrader": {"grade_id": "mix_pixel"}}})
    {'grade_id': 'mix_pixel'}
    >>> grader({"metadata": {"nbgrader": "broken"}})
    {}
    """
    entry = cell.get("metadata", {}).get("nbgrader")
    return entry if isinstance(entry, dict) else {}


def grade_id(cell):
    """The name by which a cell is graded, or None.

    >>> grade_id({"metadata": {"nbgrader": {"grade_id": "mix_pixel_check"}}})
    'mix_pixel_check'
    """
    name = grader(cell).get("grade_id")
    return name if isinstance(name, str) else None


def is_quiz(cell):
    """Is this the one cell of a lesson where a learner answers the quiz?

    >>> is_quiz({"metadata": {"nbgrader": {"grade_id": "weights_quiz", "solution": True}}})
    True
    """
    return bool(grader(cell).get("solution")) and (grade_id(cell) or "").endswith("_quiz")

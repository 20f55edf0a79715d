"""All mutants of lessons, shared among processes; what survives is told unless the lesson lists it as equivalent."""

import concurrent.futures
import fnmatch
import functools
import importlib
import importlib.util
import os
import resource
import time
from dataclasses import dataclass, field

from course_utils.base import paths
from course_utils.exercises import Exercise, find, of_lesson
from course_utils.mutation.trial import changed_answers, refused, survives

MEMORY = 12 << 30  # bytes of addresses a process; PyTorch takes about two thirds of one GiB
SHARES = 4  # of the mutants of an exercise, for as many processes


@dataclass
class Found:
    """What became of the mutants of one exercise."""

    exercise: str
    tried: int = 0
    styles: dict = field(default_factory=dict)  # what survives: a change, and the styles of answers that it was made in

    def unexplained(self, listed):
        """Survivors that no line of the list explains."""
        return [change for change in self.styles if not any(matches(change, line) for line in listed)]


def matches(change, line):
    """Whether a line of a list of equivalents, which may have `*` in it, is about this change.

    >>> matches("where axis 2 of rgb is 1", "where axis 2 of rgb *"), matches("y[i] → y[j]", "y[i] → *")
    (True, True)
    """
    return fnmatch.fnmatchcase(change, line.replace("[", "[[]"))


def equivalents(exercise):
    """Changes of an exercise's answers that are right as well, and why, from the lesson's equivalent.py."""
    name = f"course_utils.exercises.lesson{exercise.lesson}.equivalent"
    listed = importlib.import_module(name).EQUIVALENT if importlib.util.find_spec(name) else {}
    return listed.get(exercise.name, {})


def survey(names, jobs=None):
    """Try all mutants of these exercises; yields a `Found` for each when it is done."""
    with concurrent.futures.ProcessPoolExecutor(jobs or os.cpu_count(), initializer=_alone) as pool:
        waiting = {name: [pool.submit(sample, name, i, SHARES) for i in range(SHARES)] for name in names}
        for name in names:
            found = Found(name)
            for tried, survivors in (job.result() for job in waiting[name]):
                found.tried += tried
                for style, change in survivors:
                    found.styles.setdefault(change, []).append(style)
            yield found


def sample(name, first, step):
    """Try every `step`th mutant of an exercise from the `first` on: how many that are, and which survive."""
    exercise = find(name)
    own = every(name)[first::step]
    return len(own), [(style, change) for style, change, make in own if survives(exercise, make)]


@functools.lru_cache(maxsize=4)
def every(name):
    """All mutants of an exercise: style, change, and a function that makes it."""
    return list(changed_answers(find(name)))


def _alone():
    """One thread a process, for they share the cores; and a limit of memory, that one mutant does not end them all."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"


def tell(lessons, jobs=None):
    """Print what survives, by exercise; the number of survivors that nobody has explained."""
    start, sums = time.monotonic(), [0, 0, 0]
    names = [item.name for lesson in lessons for item in of_lesson(lesson) if isinstance(item, Exercise)]
    for found in survey(names, jobs):
        listed = equivalents(find(found.exercise))
        left = found.unexplained(listed)
        accepted = sum(len(found.styles[change]) for change in left)
        equivalent = sum(map(len, found.styles.values())) - accepted
        counts = found.tried, equivalent, accepted
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        print(f"{paths.number(find(found.exercise).lesson)} {found.exercise:24}{_words(*counts)}", flush=True)
        for style in refused(find(found.exercise)):
            print(f"     a right answer is refused: {style}")
            sums[-1] += 1
        for change in left:
            print(f"     {', '.join(found.styles[change])}: {change}")
        for line in listed:
            if not any(matches(change, line) for change in found.styles):
                print(f"     no mutant that survives is like this; take it out of equivalent.py: {line}")
    print(f"{len(names)} exercises: {_words(*sums)}; {time.monotonic() - start:.0f} s.")
    return sums[-1]


def _words(tried, equivalent, accepted):
    refused = tried - equivalent - accepted
    return f"{tried:6,} mutants, {refused:6,} refused, {equivalent:4,} equivalent, {accepted:4,} accepted"

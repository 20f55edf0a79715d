"""All mutants of lessons, shared among processes; what survives is told unless the lesson lists it as equivalent."""

import concurrent.futures
import fnmatch
import functools
import importlib
import importlib.util
import multiprocessing
import os
import random
import resource
import time
from dataclasses import dataclass, field

from course_utils.base import paths
from course_utils.exercises import Exercise, Question, catalogue, find, of_lesson
from course_utils.mutation.trial import STOPPED, SURVIVES, changed_answers, refused, tried

MEMORY = 12 << 30  # bytes of addresses a process; PyTorch takes about two thirds of one GiB
BUDGET = 600  # seconds of processor time for the mutants of an exercise
SHARES = 16  # of the mutants of an exercise: processes that are done with one take the next


@dataclass
class Found:
    """What became of the mutants of one exercise."""

    exercise: str
    made: int = 0
    tried: int = 0
    stopped: int = 0  # that were at work for longer than any right answer needs
    seconds: float = 0  # of processor time
    right: list = field(default_factory=list)  # styles of right answers that the check refuses
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


def survey(names, jobs=None, budget=BUDGET):
    """Try the mutants of these exercises, all or as many as the budget pays; yields a `Found` for each when it is done.

    Each exercise has processes of its own: what answers of another one have imported or turned is not there.
    """
    fork = multiprocessing.get_context("fork")
    for name in names:
        found = Found(name)
        with concurrent.futures.ProcessPoolExecutor(jobs or os.cpu_count(), fork, initializer=_alone) as pool:
            right = pool.submit(_refused, name)  # before a mutant has written where its process keeps other things
            waiting = [pool.submit(sample, name, i, SHARES, budget / SHARES) for i in range(SHARES)]
            found.right = right.result()
            for job in waiting:
                made, tried, stopped, survivors, seconds = job.result()
                found.made, found.tried = found.made + made, found.tried + tried
                found.stopped, found.seconds = found.stopped + stopped, found.seconds + seconds
                for style, change in survivors:
                    found.styles.setdefault(change, []).append(style)
        yield found


def sample(name, first, step, budget=BUDGET):
    """Try every `step`th mutant of an exercise from the `first` on, until the seconds of processor time are used up.

    Returns how many there are, how many were tried, how many of these are stopped, which survive, and the seconds.
    """
    own, exercise, ends = every(name)[first::step], find(name), []
    start = time.process_time()
    for style, change, make in own:
        if time.process_time() - start >= budget:
            break
        ends.append((style, change, tried(exercise, make)))
    survivors = [(style, change) for style, change, end in ends if end == SURVIVES]
    stopped = sum(end == STOPPED for *_, end in ends)
    return len(own), len(ends), stopped, survivors, time.process_time() - start


def _refused(name):
    return refused(find(name))


@functools.lru_cache(maxsize=4)
def every(name):
    """All mutants of an exercise, in a mixed order that is always the same: style, change, a function that makes it."""
    found = list(changed_answers(find(name)))
    random.Random(0).shuffle(found)
    return found


def _alone():
    """A limit of memory, that one mutant does not end them all."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def named(words):
    """The exercises that somebody means by numbers or names of lessons and names of exercises; all, if by nothing.

    >>> named(["01", "gap"])
    ['mix_pixel', 'mix_pixel_many', 'weights_for', 'gap']
    """
    of = {word: [word] if isinstance(catalogue().get(word), Exercise) else None for word in words}
    lessons = [] if words else paths.lessons()
    found = [one or of_lesson(paths.find_lesson(word)) for word, one in of.items()] + list(map(of_lesson, lessons))
    return [getattr(item, "name", item) for items in found for item in items if not isinstance(item, Question)]


REMEDY = """What is unexplained was accepted. If it is wrong, add a case that tells it from a right answer (what is
spoilt is right but for inputs of one kind); course_utils/exercises/inputs.py makes inputs of many kinds. If it is
right as well, add a line to equivalent.py in the lesson's package: "EXERCISE": {"CHANGE": "why it is right"}, in which
* stands for anything."""


def tell(names, jobs=None, budget=BUDGET):
    """Print what survives, by exercise; the number of survivors that nobody has explained."""
    start, seconds, sums = time.monotonic(), 0, [0, 0, 0, 0, 0]
    for found in survey(names, jobs, budget):
        listed = equivalents(find(found.exercise))
        left = found.unexplained(listed)
        accepted = sum(len(found.styles[change]) for change in left)
        equivalent = sum(map(len, found.styles.values())) - accepted
        counts = found.made, found.tried, found.stopped, equivalent, accepted
        sums, seconds = [a + b for a, b in zip(sums, counts, strict=True)], seconds + found.seconds
        number = paths.number(find(found.exercise).lesson)
        print(f"{number:3} {found.exercise:24}{_words(*counts)}; {found.seconds:4.0f} s", flush=True)
        for style in found.right:
            print(f"     a right answer is refused: {style}")
            sums[-1] += 1
        for change in left:
            print(f"     {', '.join(found.styles[change])}: {change}")
        for line in listed:
            if found.tried == found.made and not any(matches(change, line) for change in found.styles):
                print(f"     no mutant that survives is like this; take it out of equivalent.py: {line}")
    print(f"{len(names)} exercises: {_words(*sums)}.")
    print(f"{seconds:.0f} s of processor time, {time.monotonic() - start:.0f} s by the clock.")
    if sums[-1]:
        print(REMEDY)
    return sums[-1]


def _words(made, tried, stopped, equivalent, accepted):
    refused = tried - equivalent - accepted
    ended = f"({stopped:3,} of them stopped)"
    part = f" ({tried:,} tried)" if tried < made else ""
    return (
        f"{made:6,} mutants{part}, {refused:6,} refused {ended}, {equivalent:4,} equivalent, {accepted:4,} unexplained"
    )

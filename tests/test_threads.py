"""One thread trains what is small, and the learner's own setting stays."""

import numpy as np
import torch
from threadpoolctl import threadpool_info, threadpool_limits

from course_utils.base.threads import one_thread
from course_utils.checking.judge import judge
from course_utils.exercises import find
from course_utils.experiments import contest


def test_a_small_network_is_trained_with_one_thread_and_the_learners_setting_stays(monkeypatch):
    before, seen = torch.get_num_threads(), []
    torch.set_num_threads(2)
    try:
        contest.scores(lambda: None, seeds=[0], score=lambda *_: seen.append(torch.get_num_threads()))
        judge(find("mix_pixel"), lambda v, w, b=0.0: seen.append(torch.get_num_threads()))
        with one_thread():
            pass
        assert set(seen) == {1} and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_a_check_multiplies_small_matrices_with_one_thread_and_the_learners_setting_stays(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)  # the suite begins with one; a learner's kernel does not

    def threads():
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    seen = []
    with threadpool_limits(2, user_api="blas"):
        judge(find("mix_pixel"), lambda v, w, b=0.0: seen.extend(threads()) or np.dot(v, w) + b)
        assert seen and set(seen) == {1} and set(threads()) == {2}

"""The same plan, byte for byte, wherever the passes over all pairs are done."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import pytest

from mentorkit import MatchPlan, codec, match
from mentorkit.matching.solvers import shortlist
from mentorkit.testing import instances

PEOPLE = instances.people("popular", 200, 70)
PROGRAMME = instances.programme("popular")


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts, though the people are few."""
    monkeypatch.setattr(shortlist, "SHORTEST", 32)
    monkeypatch.setattr(shortlist, "LONGEST", 32)


def plan_on(executor: Executor | None) -> str:
    plan: MatchPlan = match(PEOPLE, PROGRAMME, executor=executor)
    assert plan.certificate.gap == 0
    return codec.to_json(plan)


class Counting(Executor):
    """Hands work on, and may kill the worker when so much has been handed out."""

    def __init__(self, executor: Any, kill_at: int | None = None) -> None:
        self.executor, self.kill_at, self.handed = executor, kill_at, 0

    def submit(self, work: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.handed += 1
        if self.handed == self.kill_at:
            for pid in self.executor._processes:
                os.kill(pid, signal.SIGKILL)
        future: Future[Any] = self.executor.submit(work, *args, **kwargs)
        return future


@pytest.mark.parametrize("workers", [1, 2])
def test_threads(workers):
    with ThreadPoolExecutor(workers) as pool:
        counting = Counting(pool)
        assert plan_on(counting) == plan_on(None)
    assert counting.handed > 10


@pytest.mark.once
@pytest.mark.parametrize("kill_at", [None, 5])
def test_processes_also_when_they_are_killed(kill_at):
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        counting = Counting(pool, kill_at)
        assert plan_on(counting) == plan_on(None)
    assert counting.handed > 10


@contextmanager
def cluster() -> Iterator[Any]:
    """Two worker processes on this machine."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as here,
        distributed.Client(here) as client,
    ):
        yield client


@pytest.mark.once
@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_also_when_a_worker_is_killed():
    with cluster() as client:
        executor = Counting(client.get_executor())
        expected = plan_on(None)
        assert plan_on(executor) == expected
        (pid, *_) = client.run(os.getpid).values()
        submit = executor.submit

        def once(work: Any, /, *args: Any, **kwargs: Any) -> Any:
            if executor.handed == 5:
                os.kill(pid, signal.SIGKILL)
            return submit(work, *args, **kwargs)

        executor.handed, executor.submit = 0, once  # type: ignore[method-assign]
        assert plan_on(executor) == expected
        assert executor.handed > 10

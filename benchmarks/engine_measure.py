"""One measurement in a process of its own: seconds, the peak of its memory, what it found.

    python benchmarks/engine_measure.py '{"work": "solver", "by": "scipy", ...}'

`engine.py` starts it. What is measured is made ready first, and run once at a small size,
so that neither instances nor compiling count; then the memory's peak is set back.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
Ready = tuple[Callable[[], Any], Callable[[Any], Figures]] | str
"""What is measured, and what tells afterwards how good its answer is; or why it is not."""

WORKS = {
    "solver": "engine_peers",
    "pool": "engine_peers",
    "plan": "engine_work",
    "peers": "engine_work",
    "change": "engine_work",
    "scoring": "engine_work",
    "naive": "engine_work",
}
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def measured(task: Figures, threads: int, timeout: float) -> Figures:
    """Figures of a task from a fresh process, or {"skipped": reason}, {"failed": reason}."""
    given = os.environ | dict.fromkeys(THREADS, str(threads))
    command = [sys.executable, str(Path(__file__)), json.dumps(task)]
    try:
        ended = subprocess.run(
            command, env=given, capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"more than {timeout:g} s"}
    if ended.returncode:
        said = ended.stderr.strip().splitlines() or [f"ended with {ended.returncode}"]
        return {"failed": said[-1]}
    figures: Figures = json.loads(ended.stdout.strip().splitlines()[-1])
    return figures


def middle(several: list[Figures]) -> Figures:
    """The medians of what is measured; the rest is the same each time, or the first's."""
    first = next((one for one in several if "seconds" not in one), several[0])
    if "seconds" not in first:
        return first
    numbers = [name for name, held in first.items() if isinstance(held, float)]
    return first | {name: statistics.median(one[name] for one in several) for name in numbers}


def timed(run: Callable[[], Any], judge: Callable[[Any], Figures]) -> Figures:
    """Wall and processor seconds (its children's too) and the peak of this process in MB."""
    _forget_peak()
    start, spent = time.perf_counter(), _processor()
    answer = run()
    seconds, processor = time.perf_counter() - start, _processor() - spent
    memory = _peak()
    return {"processor": processor, "seconds": seconds, "memory": memory, **judge(answer)}


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _forget_peak() -> None:
    """Where Linux lets it be set back; elsewhere the peak is that of the whole process."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _peak() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def main() -> None:
    """Do the task in the first argument and print its figures as JSON."""
    task = json.loads(sys.argv[1])
    name = task.pop("work")
    ready: Ready = getattr(importlib.import_module(WORKS[name]), name)(**task)
    print(json.dumps({"skipped": ready} if isinstance(ready, str) else timed(*ready)))


if __name__ == "__main__":
    main()

"""A progress bar on a terminal, which makes way for whatever else is printed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

_shown: list[Progress] = []
"""The bar that is on the terminal now, if one is."""


@contextmanager
def steps(count: int) -> Iterator[Callable[[str], None]]:
    """A bar of so many steps on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    # What is printed makes the bar go by itself: see `aside`.
    with Progress(
        console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
    ) as bar:
        task = bar.add_task("starting", total=count)
        _shown.append(bar)
        try:
            yield lambda name: bar.update(task, advance=1, description=name)
        finally:
            _shown.remove(bar)


@contextmanager
def aside() -> Iterator[None]:
    """Have the bar off the terminal for as long as something else is printed."""
    for bar in _shown:
        bar.stop()
    try:
        yield
    finally:
        for bar in _shown:
            bar.start()

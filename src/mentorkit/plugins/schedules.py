"""Schedulers that come with mentorkit: a regular series, and times that fit together best."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import mentorkit
from mentorkit.interfaces import Kind
from mentorkit.plugins.schedules_flexible import Flexible
from mentorkit.plugins.schedules_series import Series


@mentorkit.hookimpl
def mentorkit_schedulers() -> Iterable[Kind[Any, Any]]:
    """Schedulers of meetings."""
    return [mentorkit.kind("flexible", Flexible), mentorkit.kind("series", Series)]

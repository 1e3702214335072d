"""Faults are found and not simplified, which would take most of the time."""

from __future__ import annotations

import pytest
from hypothesis import Phase

from mentorkit.testing.contracts import check


@pytest.fixture(autouse=True)
def unsimplified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "PHASES", (Phase.generate,))

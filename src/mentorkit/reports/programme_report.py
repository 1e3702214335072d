"""The report of a programme: one HTML page about what came of it."""

from __future__ import annotations

from mentorkit.models import ProgrammeReport
from mentorkit.reports.page import rendered


def programme_report(report: ProgrammeReport) -> str:
    """A self-contained HTML page about a programme, the same text for the same report.

    The page runs no script, loads nothing, and forbids itself both. It names nobody.
    """
    return rendered("programme_report.html", report=report)

"""Reports for people: one self-contained HTML page each."""

from mentorkit.reports.match_plan import match_report

__all__ = ["match_report"]

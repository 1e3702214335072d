"""Reports for people: one self-contained HTML page each."""

from mentorkit.reports.match_plan import match_report
from mentorkit.reports.programme_report import programme_report

__all__ = ["match_report", "programme_report"]

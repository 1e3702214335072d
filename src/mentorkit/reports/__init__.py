"""Reports for people: one self-contained HTML page each, and tables for spreadsheets."""

from mentorkit.reports.certificate import certificate
from mentorkit.reports.match_plan import match_report
from mentorkit.reports.programme_report import programme_report
from mentorkit.reports.programme_table import programme_table

__all__ = ["certificate", "match_report", "programme_report", "programme_table"]

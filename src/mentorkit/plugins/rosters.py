"""Rosters that come with mentorkit: people from CSV files and Excel workbooks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import mentorkit
from mentorkit.interfaces import Kind, Roster
from mentorkit.plugins.rosters_csv import Csv
from mentorkit.plugins.rosters_xlsx import Xlsx


@mentorkit.hookimpl
def mentorkit_rosters() -> Iterable[Kind[Any, Roster]]:
    """Files of text with separated cells, and workbooks, each under its ending."""
    return [
        mentorkit.kind("csv", Csv),
        mentorkit.kind("tsv", Csv),
        mentorkit.kind("txt", Csv),
        mentorkit.kind("xlsx", Xlsx),
    ]

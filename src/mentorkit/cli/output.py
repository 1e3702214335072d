"""What the commands print and write: plain when piped, whole or not at all on disk."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from mentorkit.errors import NotFound
from mentorkit.spreadsheets import csv_text

__all__ = ["clean", "csv_text", "print_json", "print_table", "write_text"]


def clean(text: str) -> str:
    """Text without control signs, which could command a terminal, and with plain spaces."""
    kinds = ("C", "Z")
    return "".join(" " if unicodedata.category(sign)[0] in kinds else sign for sign in text)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for the eye on a terminal; lines of cells between tabs in a pipe."""
    rows = [[clean(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            click.echo("\t".join(row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def print_json(data: object) -> None:
    """JSON for other programmes: the same bytes for the same data."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True))


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all: whoever looks sees the old one or the new one."""
    if not path.parent.is_dir():
        raise NotFound(f"{path} cannot be written: there is no folder {path.parent}")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise

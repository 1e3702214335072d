"""What the pages share: their templates, their style, and that nothing else is loaded."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

import jinja2
from markupsafe import Markup

from mentorkit.models import POINT
from mentorkit.wording import (
    SPACE,
    brief_points,
    clean,
    counted,
    in_points,
    plural,
    points,
    share,
    worded,
)


def rendered(template: str, *, style: str = "page.css", **values: object) -> str:
    """The page that a template makes, with the style that all reports have or one of its own."""
    style = _style(style)
    return (
        _environment()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - our own file, and inside <style> nothing is escaped
            style_hash=_hash(style),
            **values,
        )
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("mentorkit.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_final,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "points": brief_points,
        "unit": _unit,
        "in_points": lambda score: f"{brief_points(score)}{SPACE}{_unit(score)}",
        "exact": points,
        "exactly": in_points,
        "number": "{:,}".format,
        "worded": worded,
        "counted": counted,
        "plural": plural,
        "percent": "{:.2f}%".format,
    }
    environment.globals |= {"share": share, "POINT": POINT}
    return environment


def _unit(thousandths: int) -> str:
    """The unit of a score as the page shows it, to two decimals."""
    return "point" if brief_points(thousandths) == "1" else "points"


def _final(value: object) -> object:
    """Text that HTML can hold; None is a fault of the template."""
    if value is None:
        raise TypeError("the template writes a value that is missing")
    if isinstance(value, Markup):
        return value
    return clean(str(value))


@cache
def _style(name: str) -> str:
    return resources.files("mentorkit.reports").joinpath(name).read_text("utf-8")


def _hash(style: str) -> str:
    """What a Content-Security-Policy calls this style by."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

"""The public holidays of countries and their parts, as the package `holidays` knows them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from mentorkit.errors import Fault, Invalid, below
from mentorkit.models.plain import shown


def public_holidays(
    places: Iterable[str], first: datetime.date, last: datetime.date
) -> frozenset[datetime.date]:
    """The days from `first` to `last` that are a public holiday in any of the places.

    A place is a country or a part of it, by their ISO 3166 codes: `DE`, `DE-BE`. Raises Invalid,
    below `policies.holidays`, for a place that is not known, and where the package is not
    installed.
    """
    named = tuple(places)
    years = range(first.year, last.year + 1)
    found = [_of(place, years) for place in _known(named)]
    return frozenset(day for days in found for day in days if first <= day <= last)


def check_places(places: Iterable[str]) -> None:
    """Refuse places of which `public_holidays` would know nothing."""
    _known(tuple(places))


def _known(places: tuple[str, ...]) -> tuple[str, ...]:
    if not places:
        return places
    supported = _package().list_supported_countries()
    faults = [
        Fault(
            below("policies.holidays", index),
            f"{shown(place)} is not known; write a country such as DE, or a part of it such as"
            " DE-BE",
        )
        for index, place in enumerate(places)
        if not _is_known(place, supported)
    ]
    if faults:
        raise Invalid(faults=faults)
    return places


def _is_known(place: str, supported: dict[str, list[str]]) -> bool:
    country, sign, part = place.partition("-")
    return country in supported and (not sign or part in supported[country])


def _of(place: str, years: range) -> Iterable[datetime.date]:
    country, _, part = place.partition("-")
    days: Iterable[datetime.date] = _package().country_holidays(
        country, subdiv=part or None, years=years
    )
    return days


def _package() -> Any:
    try:
        import holidays
    except ModuleNotFoundError:
        words = "needs the package 'holidays'; install it with: pip install 'mentorkit[holidays]'"
        raise Invalid("policies.holidays", words) from None
    return holidays

"""Public holidays, and what is said where they are not known."""

from __future__ import annotations

import builtins
import datetime

import pytest

from mentorkit import Invalid
from mentorkit.scheduling import check_places, public_holidays

YEAR = datetime.date(2027, 1, 1), datetime.date(2027, 12, 31)


def test_days_of_a_country_and_of_a_part_of_it():
    germany, berlin = public_holidays(["DE"], *YEAR), public_holidays(["DE-BE"], *YEAR)
    assert datetime.date(2027, 10, 3) in germany
    womens_day = datetime.date(2027, 3, 8)
    assert berlin - germany == {womens_day}
    assert public_holidays(["DE", "DE-BE"], *YEAR) == germany | berlin
    assert public_holidays(["DE-BE"], womens_day, womens_day) == {womens_day}


def test_days_of_every_year_that_is_asked_about():
    found = public_holidays(["US"], datetime.date(2026, 12, 25), datetime.date(2028, 1, 1))
    assert {datetime.date(2026, 12, 25), datetime.date(2027, 7, 4)} <= found
    assert datetime.date(2028, 1, 1) in found


@pytest.mark.parametrize("place", ["XX", "de", "DE-XX", "DE-", "", "Germany"])
def test_a_place_that_is_not_known_is_named(place):
    with pytest.raises(Invalid, match="write a country such as DE") as caught:
        public_holidays(["DE", place], *YEAR)
    assert [fault.path for fault in caught.value.faults] == ["policies.holidays[1]"]


def test_without_the_package_it_is_said_what_to_install(monkeypatch):
    real = builtins.__import__

    def absent(name: str, *rest: object) -> object:
        if name == "holidays":
            raise ModuleNotFoundError(name)
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", absent)
    check_places([])
    assert public_holidays([], *YEAR) == frozenset()
    with pytest.raises(Invalid, match=r"pip install 'mentorkit\[holidays\]'"):
        check_places(["DE"])

"""Expectations and terms by commands, and what these show to whom."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.once

POINTS = ("preparation", "progress", "reply", "reschedule", "success")


def words(*differ: str) -> list[str]:
    """The options that state something on every point."""
    said = {**dict.fromkeys(POINTS, "as usual"), **dict(one.split("=") for one in differ)}
    return [part for name, text in said.items() for part in ("--point", f"{name}={text}")]


@pytest.fixture
def agreeing(at, published) -> None:
    """Ann and May have accepted."""
    at("2026-09-02", "agree", "ann+may", "--as", "ann", "--as", "may")


def test_expectations_are_compared_and_terms_settle_them(mentorkit, at, agreeing) -> None:
    first = at("2026-09-02", "expect", "ann+may", "--as", "Ann Reed", *words("reply=in a day"))
    assert first.err == "May Stone to say what they expect\n"
    alone = mentorkit("terms", "ann+may", "--as", "may").out
    assert "How long before a meeting do you say that you cannot come?" in alone
    assert "in a day" not in alone
    second = at("2026-09-02", "expect", "ann+may", "--as", "may", *words("reply=in a week"))
    assert second.err == "open: reply\n"
    held = at("2026-09-02", "agree", "ann+may", "--as", "may")
    assert "what members expect is open on reply" in held.out
    beside = mentorkit("terms", "ann+may", "--as", "may").out
    assert "\tin a day\tin a week\t\n" in beside
    assert "\tas usual\tas usual\tas usual\n" in beside
    office = mentorkit("terms", "ann+may").out
    for secret in ("in a day", "as usual", "By e-mail"):
        assert secret in beside
        assert secret not in office
    assert "cadence\t14" in office
    change = ("terms", "ann+may", "--as", "ann", "--set", "points.reply=in two days")
    dry = mentorkit(*change)
    assert (dry.err, "points.reply\t\tin two days" in dry.out) == (
        "nothing was changed; add --propose\n",
        True,
    )
    assert "in two days" not in mentorkit("terms", "ann+may", "--as", "ann").out
    at("2026-09-02", *change, "--propose")
    settled = mentorkit("terms", "ann+may", "--as", "may").out
    assert "\tin a day\tin a week\tin two days\n" in settled


def test_accepting_alone_leaves_the_signatures_for_later(mentorkit, at, published) -> None:
    for _ in range(2):
        done = at("2026-09-02", "agree", "--all", "autumn", "--accept").out
        assert done.count("\tagreeing\t") == 2
        held = json.loads(mentorkit("relationships", "autumn", "--json").out)
        assert [one["signed"] for one in held] == [[], []]
    at("2026-09-02", "agree", "--all", "autumn")
    held = json.loads(mentorkit("relationships", "autumn", "--json").out)
    assert all(one["signed"] for one in held)


def test_accepting_alone_signs_no_other_terms(mentorkit, at, active) -> None:
    at("2026-10-01", "terms", "ann", "--as", "may", "--set", "channels=Letters.", "--propose")
    at("2026-10-02", "agree", "ann", "--accept")
    held = json.loads(mentorkit("terms", "ann", "--as", "ann", "--json").out)["relationship"]
    assert held["proposal"]["signed"] == []


def test_terms_in_force_wait_for_all_signatures(mentorkit, at, active) -> None:
    change = ("terms", "ann", "--as", "may", "--set", "channels=The blue room.", "--propose")
    shown = at("2026-10-01", *change).out
    assert "channels\tBy e-mail between meetings; calls are agreed beforehand.\tThe blue" in shown
    assert "signed by\tAnn Reed, May Stone\tnobody" in shown
    listed = mentorkit("relationships", "autumn").out
    assert "Ann Reed and May Stone to sign other terms" in listed
    assert "blue" not in listed + mentorkit("terms", "ann").out
    half = at("2026-10-02", "agree", "ann", "--as", "may")
    assert "Ann Reed to sign other terms" in half.out
    office = mentorkit("terms", "ann").out
    assert "signed by\tAnn Reed, May Stone\tMay Stone" in office
    later = ("--set", "points.reply=at once", "--set", "cadence=7", "--propose")
    again = at("2026-10-02", "terms", "ann", "--as", "ann", *later).out
    assert "channels\tBy e-mail between meetings; calls are agreed beforehand.\tThe blue" in again
    assert "cadence\t14\t7" in again
    at("2026-10-03", "agree", "ann")
    held = json.loads(mentorkit("terms", "ann", "--as", "ann", "--json").out)
    assert held["terms"] == held["relationship"]["agreement"]
    assert (held["terms"]["cadence"], held["terms"]["points"]) == (7, {"reply": "at once"})
    assert [one["agreement"]["cadence"] for one in held["relationship"]["former"]] == [14]
    office = json.loads(mentorkit("terms", "ann", "--json").out)
    assert office["relationship"]["former"][0]["agreement"]["channels"] == ""
    assert office["terms"]["points"] == {}


REFUSED = [
    (("expect", "ann", "--as", "ann", "--point", "reply"), "must be a name and a text"),
    (("expect", "ann", "--as", "ann", "--point", "reply=now"), "--point success: is missing"),
    (("expect", "ann", "--as", "ben", *words()), "ben"),
    (("expect", "ann", "--as", "ann", *words("pay=more")), "--point pay: is no point"),
    (("terms", "ann", "--set", "cadence=7", "--propose"), "give --as PERSON"),
    (("terms", "ann", "--as", "ann", "--propose"), "give --as PERSON"),
    (("terms", "ann", "--as", "ann", "--set", "cadence=x"), "cadence: must be a whole"),
    (("terms", "ann", "--as", "ann", "--set", "cadense=7"), "did you mean 'cadence'?"),
    (
        ("terms", "ann", "--as", "ann", "--set", "confidentiality=all"),
        "confidentiality: must be one of author, members, coordinator",
    ),
    (
        ("terms", "ann", "--as", "ann", "--set", "points.pay=more", "--propose"),
        "--set points.pay: is no point of this programme's agreement",
    ),
]
"""Calls, and what each is told."""


def test_what_is_refused_says_what_would_be_right(mentorkit, agreeing) -> None:
    for call, told in REFUSED:
        ran = mentorkit(*call)
        assert (ran.code, told in ran.err) == (2, True), ran.err


def test_no_days_are_moved_by_other_terms(mentorkit, active) -> None:
    ran = mentorkit("terms", "ann", "--as", "ann", "--set", "ends=2027-12-31", "--propose")
    assert (ran.code, "to go on for longer, extend it" in ran.err) == (2, True), ran.err
    assert "points: preparation, progress, reply" in mentorkit("programme", "show", "autumn").out

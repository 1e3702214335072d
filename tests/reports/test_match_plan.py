from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from page_reading import Page
from report_plans import HOSTILE, crowded, plans

from mentorkit import matching
from mentorkit.models import Certificate, MatchPlan, Participant, Policies, Programme, Use
from mentorkit.reports import match_report
from mentorkit.testing import strategies
from mentorkit.wording import Directory, clean

Reported = tuple[MatchPlan, list[Participant]]


@given(plans())
def test_any_plan_is_a_sound_page_that_runs_and_loads_nothing(reported: Reported) -> None:
    plan, people = reported
    text = match_report(plan, people)
    page = Page(text)
    text.encode("utf-8")
    assert text.startswith("<!doctype html>\n<html lang")
    assert len(set(page.ids)) == len(page.ids)
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(page.headings))


@given(plans())
def test_everybody_in_the_plan_is_on_the_page(reported: Reported) -> None:
    plan, people = reported
    page = Page(match_report(plan, people))
    directory = Directory.of(people)
    assert len(page.articles) == len(plan.matches)
    for match, article in zip(plan.matches, page.articles, strict=True):
        for member in match.team.members:
            assert clean(directory.name(member.person)) in article
        for finding in match.reasons:
            assert clean(str(finding.message)) in article
        assert ("Caveat:" in article) == (match.caveat is not None)
        assert ("Pinned by hand" in article) == match.pinned
    # The page lists the unmatched role by role, in the plan's order within each.
    assert len(page.missed) == len(plan.unmatched)
    for left in plan.unmatched:
        name, cause = clean(directory.name(left.person)), clean(str(left.cause))
        assert any(name in item and cause in item for item in page.missed)
    for note in plan.notes:
        assert clean(str(note)) in page.text


@given(plans())
def test_the_order_of_the_people_does_not_matter(reported: Reported) -> None:
    plan, people = reported
    assert match_report(plan, people) == match_report(plan, people[::-1])


@given(plans())
def test_people_who_are_not_given_appear_by_id(reported: Reported) -> None:
    plan, _ = reported
    page = Page(match_report(plan, []))
    for match, article in zip(plan.matches, page.articles, strict=True):
        assert all(person in article for person in match.team.people)


@given(strategies.populations(most=10))
def test_what_the_engine_plans_can_be_shown(people: list[Participant]) -> None:
    programme = Programme(
        policies=Policies(by="department"),
        criteria={name: Use(name) for name in ("skills", "interests", "language")},
    )
    plan = matching.match(people, programme)
    page = Page(match_report(plan, people))
    assert len(page.articles) == len(plan.matches)
    assert len(page.missed) == len(plan.unmatched)
    assert ("proven." in page.text) == (plan.certificate.gap == 0)


def test_the_same_bytes_in_every_process() -> None:
    code = (
        "import hashlib, report_plans; from mentorkit.reports import match_report;"
        "print(hashlib.sha256(match_report(*report_plans.crowded()).encode()).hexdigest())"
    )
    here = str(Path(__file__).parent)
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": here, "LC_ALL": locale},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, locale in (("1", "C"), ("2", "de_DE.UTF-8"))
    }
    assert len(digests) == 1
    assert digests != {""}


def test_the_page_forbids_itself_everything_but_its_style() -> None:
    text = match_report(*crowded())
    (style,) = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text
    assert "<style" not in text.replace("<style>", "", 1)
    assert not re.search(r"@import|url\(", style)


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if "<" in text])
def test_what_people_typed_stays_text(hostile: str) -> None:
    text = match_report(*crowded())
    assert hostile not in text
    assert hostile in Page(text).text


@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        (Certificate(bound=9000, gap=0), "mentors; the best total there is, proven."),
        (Certificate(bound=250_000, gap=1000), "at most 0.4\u00a0% below the best total there is."),
        (Certificate(bound=250_001, gap=1000), "at most 0.4\u00a0% below the best total there is."),
        (Certificate(bound=249_999, gap=1000), "at most 0.5\u00a0% below the best total there is."),
        (Certificate(), "mentors."),
    ],
)
def test_the_first_sentence_says_no_more_than_what_is_proven(
    certificate: Certificate, said: str
) -> None:
    plan, people = crowded()
    page = Page(match_report(attrs.evolve(plan, certificate=certificate), people))
    assert "8 pairs of 18 mentees and 18 mentors" in page.text
    assert said in page.text


def test_groups_that_are_too_small_have_no_figures() -> None:
    plan, people = crowded()
    small = [attrs.evolve(plan.quality.groups[0], value="Tiny", people=None, matched=None)]
    quality = attrs.evolve(plan.quality, groups=tuple(small))
    page = Page(match_report(attrs.evolve(plan, quality=quality), people))
    assert "Mentees, fewer than fiveTiny" in page.text
    assert "People with a partner" not in page.text


def test_a_plan_of_nobody_says_so() -> None:
    plan, _ = crowded()
    empty = attrs.evolve(plan, matches=(), unmatched=(), certificate=Certificate())
    page = Page(match_report(empty, []))
    assert "No pairs of 18 mentees and 18 mentors." in page.text
    assert "Nobody was matched." in page.text
    assert "There was nobody to match." in page.text
    assert "Everybody has a partner." not in page.text

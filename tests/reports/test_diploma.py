"""What a certificate says, and to whom."""

from __future__ import annotations

import datetime

import attrs
import pytest
from page_reading import Page

from mentorkit.models import Diploma, Message
from mentorkit.reports import certificate

pytestmark = pytest.mark.once


def diploma() -> Diploma:
    day = datetime.date(2026, 9, 2)
    return Diploma(
        record="0f1e2d3c",
        person="ann",
        name="Ann <Reed> & Co",
        programme="Autumn <b>2026</b>",
        role="mentee",
        title=Message("told", "{words}", {"words": "Thank you </main><script>"}),
        begun=day,
        on=day + datetime.timedelta(days=180),
        evidence=(Message("told", "Meetings: {n}", {"n": 12}),),
    )


def test_it_says_who_did_what_and_when_and_nothing_gets_out_of_its_place() -> None:
    page = certificate(diploma())
    read = Page(page)
    for words in ("Ann <Reed> & Co", "Autumn <b>2026</b>", "</main><script>", "Meetings: 12"):
        assert words in read.text
    for words in ("2026-09-02", "2027-03-01", "Mentee", "0f1e2d3c"):
        assert words in read.text
    assert read.headings == [1]
    assert read.links == []
    assert "<script" not in page
    assert certificate(diploma()) == page


def test_without_a_name_it_is_the_ids_and_without_evidence_it_has_no_list() -> None:
    page = certificate(attrs.evolve(diploma(), name="\u200b ", evidence=(), role=""))
    assert "<h1><bdi>ann</bdi></h1>" in page
    assert "<ul" not in page
    assert "Role" not in page

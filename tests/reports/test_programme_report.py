"""What the page about a programme says."""

from __future__ import annotations

import attrs
from report_plans import closing_report

from mentorkit.reports import programme_report


def test_every_part_is_there_with_its_sentences_and_its_table() -> None:
    report = closing_report()
    page = programme_report(report)
    assert page.count("<section") == len(report.parts)
    assert page.count("<table") == page.count("</table>") == 2
    assert "2 of them &lt;b&gt;&amp;amp;&lt;/b&gt;" in page
    assert "Links &lt;&amp;&gt;" in page
    assert "2027-03-01 09:00 UTC" in page


def test_the_same_report_is_the_same_page() -> None:
    assert programme_report(closing_report()) == programme_report(closing_report())


def test_a_report_without_parts_says_so() -> None:
    assert "names no section" in programme_report(attrs.evolve(closing_report(), parts=()))

"""The page in a real Chromium: accessible, within the screen, silent, and loading nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import pytest
from report_plans import closing_report, crowded
from test_diploma import diploma

from mentorkit.reports import certificate, match_report, programme_report

pytest.importorskip("playwright", reason="playwright is not installed")
pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
VIEWS = [
    *((width, scheme, "screen") for width in (360, 1280) for scheme in ("light", "dark")),
    (680, "light", "print"),  # the width of A4 within its margins
]

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests, with a fresh profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crowded page about a plan on disk."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(match_report(*crowded()), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def closing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crowded page about a programme on disk."""
    file = tmp_path_factory.mktemp("report") / "closing.html"
    file.write_text(programme_report(closing_report()), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate on disk, with long words."""
    file = tmp_path_factory.mktemp("report") / "certificate.html"
    held = diploma()
    name, programme = f"{'Wilhelmina-Theodora ' * 10}", f"{'Programme ' * 30}"
    file.write_text(certificate(attrs.evolve(held, name=name, programme=programme)), "utf-8")
    return file


@pytest.fixture(params=["report", "closing"])
def shown(request: pytest.FixtureRequest) -> Path:
    """Each page in turn."""
    file: Path = request.getfixturevalue(request.param)
    return file


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page about nobody."""
    plan, _ = crowded()
    file = tmp_path_factory.mktemp("report") / "empty.html"
    nobody = attrs.evolve(plan, matches=(), unmatched=(), notes=())
    file.write_text(match_report(nobody, []), encoding="utf-8")
    return file


@attrs.frozen
class Visit:
    """An open page, with all that it asked for and complained of."""

    page: Page
    requests: list[str]
    complaints: list[str]


def visit(browser: Browser, file: Path, width: int = 1280, **options: Any) -> Visit:
    """Open a file in a window of its own."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **options)
    seen = Visit(context.new_page(), [], [])
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("console", lambda message: seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.goto(file.as_uri())
    return seen


@pytest.mark.parametrize(("width", "scheme", "media"), VIEWS)
def test_no_accessibility_violation(
    browser: Browser, shown: Path, axe: str, width: int, scheme: Any, media: Any
) -> None:
    page = visit(browser, shown, width, color_scheme=scheme).page
    page.emulate_media(media=media, color_scheme=scheme)
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    page.context.close()
    told = [
        (violation["id"], node["html"][:200]) for violation in found for node in violation["nodes"]
    ]
    assert told == []


def test_no_accessibility_violation_on_an_empty_page(
    browser: Browser, empty: Path, axe: str
) -> None:
    page = visit(browser, empty, 360).page
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    page.context.close()
    assert [violation["id"] for violation in found] == []


def test_axe_sees_a_fault(browser: Browser, report: Path, axe: str) -> None:
    page = visit(browser, report).page
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate(axe)
    found = page.evaluate("axe.run({runOnly: ['html-has-lang']})")["violations"]
    page.context.close()
    assert [violation["id"] for violation in found] == ["html-has-lang"]


@pytest.mark.parametrize(
    ("width", "media"),
    [(320, "screen"), (360, "screen"), (768, "screen"), (1280, "screen"), (680, "print")],
)
def test_the_page_never_scrolls_sideways(
    browser: Browser, shown: Path, width: int, media: Any
) -> None:
    page = visit(browser, shown, width).page
    page.emulate_media(media=media)
    page.evaluate("document.querySelectorAll('details').forEach(held => { held.open = true })")
    own = ".scroll > *, " if media == "screen" else ""
    wide = page.evaluate(
        """(apart) => [...document.querySelectorAll('body *')]
        .filter(held => !held.closest(apart))
        .filter(held => held.getBoundingClientRect().right > innerWidth + 1)
        .map(held => held.outerHTML.slice(0, 80))""",
        f"{own}svg, .skip, .hidden",
    )
    size = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()
    assert wide == []
    assert size <= width


@pytest.mark.parametrize("width", [360, 390])
def test_a_phone_shows_sentences_of_a_report_whole(
    browser: Browser, closing: Path, report: Path, width: int
) -> None:
    """No table with words in it, and no text of a programme, has to be pushed aside to be read."""
    hidden: list[str] = []
    for file, places in ((closing, ".scroll"), (report, "pre.scroll")):
        page = visit(browser, file, width).page
        page.evaluate("document.querySelectorAll('details').forEach(held => { held.open = true })")
        hidden += page.evaluate(
            """(places) => [...document.querySelectorAll(places)]
            .filter(held => held.scrollWidth > held.clientWidth + 1)
            .map(held => held.textContent.trim().slice(0, 60))""",
            places,
        )
        page.context.close()
    assert hidden == []


def test_a_stacked_row_names_its_columns(browser: Browser, closing: Path) -> None:
    page = visit(browser, closing, 390).page
    cell = page.locator(".stacked td").first
    assert cell.evaluate("held => getComputedStyle(held, '::before').content") == '"column 0"'
    assert page.get_by_role("table").count() == 2
    assert page.get_by_role("columnheader", name="column 7").count() == 1
    page.context.close()
    page = visit(browser, closing, 1280).page
    assert page.locator(".stacked td").first.evaluate("held => getComputedStyle(held).display") == (
        "table-cell"
    )
    page.context.close()


def test_nothing_is_loaded_and_nothing_complains(browser: Browser, shown: Path) -> None:
    seen = visit(browser, shown)
    seen.page.wait_for_load_state("networkidle")
    seen.page.context.close()
    assert seen.requests == [shown.as_uri()]
    assert seen.complaints == []


def test_a_script_that_got_in_would_not_run(browser: Browser, report: Path, tmp_path: Path) -> None:
    file = tmp_path / "tampered.html"
    text = report.read_text("utf-8")
    bad = "<script>document.title = 'ran'</script><img src='https://example.org/x.png'>"
    file.write_text(text.replace("<main", bad + "<main"), encoding="utf-8")
    seen = visit(browser, file)
    title = seen.page.title()
    seen.page.context.close()
    assert title == "Mentoring <2027> & on: match report"
    assert len(seen.complaints) == 2


def test_the_page_is_the_same_without_javascript(browser: Browser, report: Path) -> None:
    with_script = visit(browser, report)
    without = visit(browser, report, java_script_enabled=False)
    pictures = [seen.page.screenshot() for seen in (with_script, without)]
    texts = [seen.page.content() for seen in (with_script, without)]
    for seen in (with_script, without):
        seen.page.context.close()
    assert texts[0] == texts[1]
    assert pictures[0] == pictures[1]


def test_headings_and_landmarks_are_in_order(browser: Browser, shown: Path) -> None:
    page = visit(browser, shown).page
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(held => +held.tagName[1])"
    )
    marks = page.evaluate("[...document.body.children].map(held => held.tagName)")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    reached = page.evaluate("document.activeElement.id")
    page.context.close()
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert marks == ["A", "HEADER", "NAV", "MAIN"]
    assert focused == "Skip to the report"
    assert reached == "main"


def test_on_paper_no_match_is_torn(browser: Browser, report: Path) -> None:
    page = visit(browser, report).page
    page.emulate_media(media="print")
    style = page.evaluate(
        "[...document.querySelectorAll('article')].map(held => getComputedStyle(held).breakInside)"
    )
    hidden = page.evaluate("getComputedStyle(document.querySelector('nav')).display")
    paper = page.pdf(prefer_css_page_size=True)
    page.context.close()
    assert set(style) == {"avoid"}
    assert hidden == "none"
    assert paper.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in paper


@pytest.mark.parametrize(("width", "scheme", "media"), VIEWS)
def test_a_certificate_is_for_everybody_and_fits(
    browser: Browser, certified: Path, axe: str, width: int, scheme: Any, media: Any
) -> None:
    seen = visit(browser, certified, width)
    seen.page.emulate_media(media=media, color_scheme=scheme)
    seen.page.evaluate(axe)
    found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    size = seen.page.evaluate("document.documentElement.scrollWidth")
    seen.page.context.close()
    assert [violation["id"] for violation in found] == []
    assert size <= width
    assert (seen.requests, seen.complaints) == ([certified.as_uri()], [])


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_certificate_is_one_sheet(browser: Browser, certified: Path, paper: str) -> None:
    page = visit(browser, certified).page
    printed = page.pdf(format=paper)
    page.context.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert re.findall(rb"/MediaBox \[0 0 (\d+)", printed) == [
        {"A4": b"842", "Letter": b"792"}[paper]
    ]

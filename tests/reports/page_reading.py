"""Reads a page strictly: every tag closed in order, and nothing that runs or loads."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "rect", "line"}
TAGS = re.compile(
    "html|head|meta|title|style|body|a|header|nav|main|section|article|figure|figcaption|svg|desc"
    "|rect|line|text|h1|h2|h3|p|span|b|bdi|strong|code|pre|ul|li|dl|div|dt|dd|table|caption|thead"
    "|tbody|tfoot|tr|th|td|details|summary|time"
)
ATTRIBUTES = re.compile(
    "lang|charset|http-equiv|content|name|class|href|id|aria-label|aria-labelledby|aria-hidden"
    "|role|tabindex|scope|dir|datetime|width|height|x|y|x1|x2|y1|y2|dy|focusable"
)


class Page(HTMLParser):
    """A page's text by element, and its ids, links and headings."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.articles: list[str] = []
        self.missed: list[str] = []
        self.text = ""
        self._missing = False
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert TAGS.fullmatch(tag), tag
        assert all(map(ATTRIBUTES.fullmatch, names)), (tag, names)
        assert len(set(names)) == len(names), (tag, names)
        held = dict(attrs)
        if held.get("id"):
            self.ids.append(str(held["id"]))
        if held.get("href"):
            self.links.append(str(held["href"]))
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if tag == "article":
            self.articles.append("")
        if tag == "li" and str(held.get("id")).startswith("unmatched-"):
            self.missed.append("")
            self._missing = True
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, f"{tag} closes itself"
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, tag
        if tag == "li":
            self._missing = False

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if "article" in self.open:
            self.articles[-1] += data
        if self._missing:
            self.missed[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

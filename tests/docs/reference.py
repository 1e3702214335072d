"""The reference's headings and table rows, as a reader finds them."""

from __future__ import annotations

import re

from pages import ROOT

Rows = dict[str, list[str]]
"""The name in the first cell of each row of a section, and the row's cells."""

_CODE = re.compile(r"`([^`]+)`")


def sections(page: str) -> dict[str, Rows]:
    """The rows of each section of a page of the reference, by the section's heading."""
    text = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
    text = re.sub(r"(?ms)^```.*?^```$", "", text)
    found: dict[str, Rows] = {"": {}}
    heading = ""
    for line in text.splitlines():
        if title := re.fullmatch(r"#+ (.+)", line):
            heading = title[1].replace("`", "")
            assert heading not in found, f"{page}: two sections are called {heading}"
            found[heading] = {}
        elif line.startswith("| "):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            for name in _CODE.findall(cells[0]):
                word = name.split()[0]
                assert word not in found[heading], f"{page}, {heading}: {word} is there twice"
                found[heading][word] = cells
    return found


def headings(page: str) -> set[str]:
    """The headings of a page that are names, in code."""
    text = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
    return set(re.findall(r"(?m)^#{2,} `([^`]+)`$", text))

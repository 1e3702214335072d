"""The certificate: one page of HTML for a person, to be printed."""

from __future__ import annotations

from mentorkit.models import Diploma
from mentorkit.reports.page import rendered
from mentorkit.wording import visible

LONG = 250
"""Signs in all from which on they are set small, so that they stay on one sheet."""


def certificate(diploma: Diploma) -> str:
    """A self-contained page that prints on one sheet, A4 or Letter; the same for the same diploma.

    It runs no script, loads nothing, and forbids itself both. It names its person, and nobody
    else; without a name, by their id.
    """
    name = " ".join(diploma.name.split())
    words = len(name) + len(str(diploma.title)) + len(diploma.programme)
    return rendered(
        "certificate.html",
        style="certificate.css",
        diploma=diploma,
        long=words > LONG,
        name=name if visible(name) else diploma.person,
        role=diploma.role and f"{diploma.role[0].upper()}{diploma.role[1:]}",
    )

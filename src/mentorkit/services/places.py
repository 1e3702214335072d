"""Where meetings take place: on hosts that the programme allows, and first where others are."""

from __future__ import annotations

from urllib.parse import urlsplit

from mentorkit.errors import Invalid
from mentorkit.models import ProgrammeRun, Relationship
from mentorkit.store.shelves import SESSIONS, Rows

NOT_PUBLIC = (
    "is missing: the first meeting in person is where others are about, such as a canteen or a"
    " library; mark the place as public, or give a link"
)


def check_link(run: ProgrammeRun, link: str | None) -> None:
    """Invalid, unless the link is on a host that the programme allows, or on one below it."""
    hosts = run.blueprint.policies.hosts
    if link is None or not hosts:
        return
    host = _host(link)
    if not any(host == one or host.endswith(f".{one}") for one in hosts):
        raise Invalid("link", f"must be on {' or '.join(hosts)}, not on {host or 'another host'}")


def _host(link: str) -> str:
    """The host of a link; none where browsers might take another one."""
    authority = urlsplit(link).netloc
    if "\\" in authority or "@" in authority:
        return ""
    return authority.partition(":")[0].lower().removesuffix(".")


def check_public(
    rows: Rows, run: ProgrammeRun, held: Relationship, place: str | None, public: bool
) -> None:
    """Invalid, where they meet in person for the first time and the place is not public."""
    if place is None or public or run.blueprint.policies.public_first is False:
        return
    met = rows.find(SESSIONS, relationship=held.id, state="held")
    if not any(session.place is not None for session in met):
        raise Invalid("public", NOT_PUBLIC)


def check_offered(run: ProgrammeRun, place: str | None, public: bool) -> None:
    """As `check_public`, of a place where whoever books meets somebody for the first time."""
    if place is not None and not public and run.blueprint.policies.public_first is not False:
        raise Invalid("public", NOT_PUBLIC)

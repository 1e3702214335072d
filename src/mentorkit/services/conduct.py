"""Conduct: reports to the safeguarding contact, and what they halt until they are settled."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from mentorkit.access import Ties
from mentorkit.errors import Conflict, Invalid
from mentorkit.models import ConductReport, Message, Relationship
from mentorkit.services.of_relationship import OfRelationship
from mentorkit.services.work import changing, check_version
from mentorkit.store import members
from mentorkit.store.shelves import CONDUCT, PROGRAMMES, Rows

HALTED = Message("session.halted", "no meeting can be planned here for now")
"""All that anybody reads of a halt."""


def halted(rows: Rows, relationships: Collection[str]) -> frozenset[str]:
    """Those of some relationships in which nothing is planned, by their ids."""
    found = rows.find(CONDUCT, relationship=relationships, state="open")
    return frozenset(held.relationship for held in found if held.relationship is not None)


def check_not_halted(rows: Rows, held: Relationship) -> None:
    """Conflict, without saying why, where nothing may be planned in a relationship."""
    if halted(rows, [held.id]):
        raise Conflict(f"relationship {held.id!r}: {HALTED}")


class Conduct(OfRelationship):
    """The part of `kit.feedback` that only the safeguarding contact reads."""

    @changing
    def report_conduct(
        self,
        about: str,
        words: str,
        *,
        relationship: str | None = None,
        programme: str | None = None,
        person: str | None = None,
        key: str | None = None,
    ) -> ConductReport:
        """A member reports another's conduct in a relationship, which halts planning in it.

        Or, with `programme`, one who takes part reports anybody's: `about` is not looked up
        then, so that nobody learns from it who else takes part. The same `key` gives the same
        report again. Conflict where the programme names no safeguarding contact.
        """
        held, programme, person = self._place(relationship, programme, person)
        if about == person or (held is not None and about not in held.people):
            others = [one for one in held.people if one != person] if held is not None else []
            listed = f" of relationship {held.id!r}: {', '.join(others)}" if held else ""
            raise Invalid("about", f"must be another person{listed}, not {about!r}")
        for name, text in (("about", about), ("words", words)):
            if not text.strip():
                raise Invalid(name, "is missing" if name == "about" else "are missing")
        id = self._work.id("conduct", key, held.id if held else programme, person)
        if again := self._again(CONDUCT, id, key):
            return again
        contact = self._rows.get(PROGRAMMES, programme).blueprint.policies.safeguarding
        if contact is None:
            lacking = "names no safeguarding contact (policies.safeguarding), who would read it"
            raise Conflict(f"programme {programme!r} {lacking}")
        report = ConductReport(
            id=id,
            programme=programme,
            relationship=held.id if held else None,
            reporter=person,
            about=about,
            words=words,
            contact=contact if contact != about else None,
            reported=self._work.now(),
        )
        self._rows.add(CONDUCT, [report])
        # Neither whom it is about nor where: a coordinator reads events, and may be the subject.
        self._work.happened("conduct.reported", report.id)
        return self._rows.get(CONDUCT, report.id)

    def _place(
        self, relationship: str | None, programme: str | None, person: str | None
    ) -> tuple[Relationship | None, str, str]:
        """The relationship, if it is one, the programme, and who reports, if they may."""
        if relationship is not None and programme is None:
            held, person = self._as_member(relationship, "feedback.report_conduct", person)
            return held, held.programme, person
        if programme is None or relationship is not None:
            raise Invalid("relationship", "name a relationship, or else a programme")
        person = person if person is not None else self._work.actor.person
        if person is None:
            raise Invalid("person", "say in whose name this is done")
        self._work.allow("feedback.report_conduct", Ties(programme=programme, own=(person,)))
        if not members.kept(self._rows, programme, [person]):
            return members.absent(programme, person)
        return None, programme, person

    def conduct_reports(self, programme: str) -> tuple[ConductReport, ...]:
        """The reports of a programme that the actor may read, the oldest first."""
        shown = self._visible(self._rows.find(CONDUCT, programme=programme), _ties)
        return tuple(sorted(shown, key=lambda report: (report.reported, report.id)))

    @changing
    def settle_conduct(self, report: str, *, version: int | None = None) -> ConductReport:
        """The safeguarding contact has dealt with a report; planning goes on again."""
        found = self._rows.get(CONDUCT, report)
        own = (found.contact,) if found.contact is not None else ()
        self._work.allow("feedback.settle_conduct", Ties(own=own), found)
        if found.relationship is not None:
            self._relationship(found.relationship)
        if found.state == "settled":
            return found
        check_version(found, version)
        self._work.happened("conduct.settled", report)
        return self._rows.save(CONDUCT, attrs.evolve(found, state="settled"))


def _ties(report: ConductReport) -> Ties:
    """The safeguarding contact's, and of who wrote it; nobody else's, and no coordinator's."""
    return Ties(own=tuple(one for one in (report.reporter, report.contact) if one is not None))

"""Invitations: they let somebody in once, and only for a while."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from typing import Literal

import attrs

from mentorkit.access import Ties
from mentorkit.admission import check_role_names
from mentorkit.errors import Conflict, Invalid, NotFound, below
from mentorkit.models import Enrolment, Invitation, Participant, ProgrammeRun
from mentorkit.services.admitting import Admitting
from mentorkit.services.work import changing, check_version
from mentorkit.store.shelves import INVITATIONS, PROGRAMMES

WEEKS = datetime.timedelta(days=28)
"""How long an invitation holds unless it is said otherwise."""


def digest_of(tenant: str, token: str) -> str:
    """What is kept of a token. It is too long to be guessed, so plain SHA-256 will do."""
    words = f"mentorkit invitation\0{tenant}\0{token}"
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


class Inviting(Admitting):
    """Invitations on their way from the office to whoever uses them."""

    @changing
    def invite(
        self,
        programme: str,
        *,
        roles: Iterable[str] = (),
        email: str | None = None,
        until: datetime.datetime | None = None,
        key: str | None = None,
    ) -> tuple[Invitation, str]:
        """An invitation with its token, which is told this once and never again.

        The same `key` gives the same invitation with another token, while nobody has used it:
        the token before does not work any more. Without `until`, it holds for four weeks.
        """
        run = self._opened("programmes.invite", programme)
        id, token = self._work.id("invitation", key, run.id), self._work.tokens()
        self._forget_addresses(run)
        again = self._again(INVITATIONS, id, key)
        if again is not None:
            if not self._holds(again):
                raise Conflict(f"invitation {id!r} is {again.state} or over; give another key")
            held = self._rows.save(INVITATIONS, attrs.evolve(again, digest=self._digest(token)))
            return self._shown(INVITATIONS, held, Ties(programme=run.id)), token
        roles = tuple(roles)
        check_role_names(roles, run.blueprint)
        held = Invitation(
            id=id,
            programme=run.id,
            roles=roles,
            email=email,
            made=self._work.now(),
            until=self._until(until),
            digest=self._digest(token),
        )
        self._rows.add(INVITATIONS, [held])
        self._work.happened("invitation.made", held.id, programme=run.id)
        kept = self._rows.get(INVITATIONS, held.id)
        return self._shown(INVITATIONS, kept, Ties(programme=run.id)), token

    @changing
    def redeem(self, token: str, participant: Participant) -> Enrolment:
        """Take part in one's own name, by the token of an invitation, without an approval.

        Who states no role takes one partner in each of the invitation's. Who offers too few
        hours comes to the waiting list. Raises NotFound for a token that does not work, and
        never says why; Invalid for a role that the invitation is not for; and Conflict for
        whoever takes part already, for whom it stays as it is.
        """
        self._work.allow("programmes.redeem", Ties(own=(participant.id,)))
        run, held = self._invited(token, participant.id)
        before = self._there(run, participant.id)
        if held.state == "used":
            return self._answered(run, participant.id)
        if before is not None and before.state == "enrolled":
            raise Conflict(f"{participant.id!r} takes part already")
        entered = self._entered(run, _in_roles(participant, held), before, "invited", "enrolled")
        self._ended(held, "used", person=participant.id)
        return entered

    @changing
    def revoke(self, invitation: str, *, version: int | None = None) -> Invitation:
        """An invitation works no longer. Conflict where it was used."""
        held = self._rows.get(INVITATIONS, invitation)
        run = self._rows.get(PROGRAMMES, held.programme, lock=True)
        self._work.allow("programmes.revoke", Ties(programme=run.id), held)
        held = self._rows.get(INVITATIONS, invitation)
        if held.state == "used":
            raise Conflict(f"invitation {invitation!r} was used already")
        if held.state == "open":
            check_version(held, version)
            held = self._ended(held, "revoked")
        return self._shown(INVITATIONS, held, Ties(programme=run.id))

    def invitations(self, programme: str) -> tuple[Invitation, ...]:
        """A programme's invitations as far as the actor sees them, the oldest first."""
        found = [
            held if self._holds(held) else attrs.evolve(held, email=None)
            for held in self._rows.find(INVITATIONS, programme=programme)
        ]
        found.sort(key=lambda held: (held.made, held.id))
        return self._visible(found, lambda held: Ties(programme=programme))

    def _invited(self, token: str, person: str) -> tuple[ProgrammeRun, Invitation]:
        """The programme, locked, and the invitation of a token, if it works for a person.

        Whatever is wrong, a stranger is told the same.
        """
        refusal = NotFound("this invitation does not work; ask for another")
        digest = self._digest(token)
        for found in self._rows.find(INVITATIONS, digest=digest):
            run = self._rows.get(PROGRAMMES, found.programme, lock=True)
            for held in self._rows.find(INVITATIONS, digest=digest):
                mine = held.state == "used" and held.person == person
                if self._holds(held) or mine:
                    return run, held
        raise refusal

    def _holds(self, held: Invitation) -> bool:
        return held.state == "open" and self._work.now() < held.until

    def _digest(self, token: str) -> str:
        return digest_of(self._rows.tenant, token)

    def _until(self, until: datetime.datetime | None) -> datetime.datetime:
        if until is None:
            return self._work.now() + WEEKS
        if until <= self._work.now():
            raise Invalid("until", f"must be a time to come, not {until.isoformat()}")
        return until.astimezone(datetime.UTC)

    def _ended(
        self, held: Invitation, state: Literal["used", "revoked"], person: str | None = None
    ) -> Invitation:
        after = attrs.evolve(held, state=state, email=None, person=person)
        kind = "invitation.used" if state == "used" else "invitation.revoked"
        people = (after.person,) if after.person is not None else ()
        saved = self._rows.save(INVITATIONS, after)
        self._work.happened(kind, held.id, programme=held.programme, people=people)
        return saved

    def _forget_addresses(self, run: ProgrammeRun) -> None:
        """Nobody is written to about an invitation that is over."""
        for held in self._rows.find(INVITATIONS, programme=run.id, state="open"):
            if held.email is not None and not self._holds(held):
                self._rows.save(INVITATIONS, attrs.evolve(held, email=None))

    def _revoke_all(self, run: ProgrammeRun) -> None:
        for held in self._rows.find(INVITATIONS, programme=run.id, state="open"):
            self._ended(held, "revoked")


def _in_roles(participant: Participant, held: Invitation) -> Participant:
    """The participant in the roles that the invitation is for."""
    if not participant.roles:
        return attrs.evolve(participant, roles=dict.fromkeys(held.roles, 1))
    for role in participant.roles:
        if held.roles and role not in held.roles:
            known = ", ".join(held.roles)
            raise Invalid(below("roles", role), f"is not what the invitation is for: {known}")
    return participant

"""What is open in relationships and around them, thing by thing."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence

import attrs

from mentorkit import lifecycle
from mentorkit.models import (
    Action,
    ConductReport,
    Duty,
    Expectation,
    Gathering,
    Goal,
    Message,
    ProgrammeRun,
    Query,
    Relationship,
    Request,
    Session,
    Signal,
    Story,
)
from mentorkit.models.person import erased

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def by_urgency(found: Iterable[Duty]) -> tuple[Duty, ...]:
    """Duties in the order in which they press: what has no end is due since it began."""
    return tuple(
        sorted(
            found,
            key=lambda one: (one.until or one.since or EPOCH, one.kind, one.subject, one.people),
        )
    )


def of_stage(held: Relationship, run: ProgrammeRun) -> Iterator[Duty]:
    """What a relationship itself waits for: answers, signatures, words on a later last day."""
    accept, sign = _left(held, held.accepted), _left(held, held.signed)
    if lifecycle.on_path(held) == "proposed" and accept:
        words = Message("today.proposal", "accept or decline the proposal")
        until = answered_by(held, run)
        yield _duty(held, "proposal.answer", words, held.id, accept, held.since["proposed"], until)
    if held.stage == "agreeing" and sign:
        words = Message("today.agreement", "sign the agreement")
        yield _duty(held, "agreement.sign", words, held.id, sign, held.since["agreeing"])
    if held.proposal is not None and held.stage in ("active", "paused"):
        words = Message("today.terms", "sign other terms, or propose such as hold")
        unsigned = _left(held, held.proposal.signed)
        yield _duty(held, "agreement.sign", words, held.id, unsigned, None)
    asked = held.extensions[-1] if held.extensions else None
    if asked is not None and asked.made is None and held.stage in ("active", "paused"):
        words = Message("today.extension", "agree to go on until {day}", {"day": str(asked.ends)})
        others = _left(held, asked.agreed)
        yield _duty(held, "extension.agree", words, held.id, others, None, held.over)


def answered_by(held: Relationship, run: ProgrammeRun) -> datetime.datetime | None:
    """When an unanswered proposal expires; None where the programme states no days for it."""
    days = run.blueprint.policies.answer
    return None if days is None else held.since[held.stage] + datetime.timedelta(days=days)


def of_goal(held: Relationship, goal: Goal) -> Iterator[Duty]:
    """A goal waits for those who have not accepted it."""
    left = _left(held, goal.accepted)
    if goal.state == "proposed" and left:
        words = Message("today.goal", "accept a goal, or talk about it")
        yield _duty(held, "goal.accept", words, goal.id, left, goal.made)


def of_action(held: Relationship, action: Action) -> Iterator[Duty]:
    """An open action waits for its owner, at the latest until the day is over that it is due on."""
    if action.state == "open" and not erased(action.owner):
        day = action.due
        until = None if day is None else held.begins(day + datetime.timedelta(days=1))
        words = Message("today.action", "do what you have taken on, or drop it")
        yield _duty(held, "action.do", words, action.id, (action.owner,), action.made, until)


def of_query(held: Relationship, query: Query) -> Iterator[Duty]:
    """A question waits for the others until one of them has answered."""
    others = _left(held, (query.asker,))
    if not query.replies and others:
        words = Message("today.question", "answer a question")
        yield _duty(held, "question.answer", words, query.id, others, query.asked)


def of_story(held: Relationship, story: Story) -> Iterator[Duty]:
    """A story waits for those who have not decided on it; whoever took that back has."""
    left = _left(held, (*story.consented, *story.withdrawn))
    if left:
        words = Message("today.story", "consent to a story, or say that you do not")
        yield _duty(held, "story.consent", words, story.id, left, story.written)


def of_expectations(held: Relationship, stated: Sequence[Expectation]) -> Iterator[Duty]:
    """Once one member has stated what they expect, the others are waited for."""
    waited = _left(held, [one.person for one in stated])
    if held.stage == "agreeing" and stated and waited:
        words = Message("today.expectations", "state what you expect")
        since = min(one.stated for one in stated)
        yield _duty(held, "expectation.state", words, held.id, waited, since)


def of_meetings(
    held: Relationship, sessions: Sequence[Session], now: datetime.datetime
) -> Iterator[Duty]:
    """Meetings that are over and not recorded, the next one, and all others of today."""
    planned = sorted(
        (one for one in sessions if one.state == "planned"), key=lambda one: (one.starts, one.id)
    )
    ahead = [one for one in planned if one.ends > now]
    for session in planned:
        if session.ends <= now:
            yield unrecorded(held, session)
        elif session == ahead[0] or _today(session, now):
            people, until = _left(held, ()), session.starts
            yield _duty(held, "meeting.attend", session.title, session.id, people, None, until)


def unrecorded(held: Relationship, session: Session) -> Duty:
    """A meeting of which nobody has said whether it was held."""
    words = Message(
        "today.meeting", "say whether this was held: {title}", {"title": str(session.title)}
    )
    people = _left(held, ())
    return _duty(held, "meeting.record", words, session.id, people, session.ends)


def _today(session: Session, now: datetime.datetime) -> bool:
    zone = zoneinfo.ZoneInfo(session.timezone)
    return session.starts.astimezone(zone).date() == now.astimezone(zone).date()


def of_request(held: Relationship, request: Request, now: datetime.datetime) -> Iterator[Duty]:
    """A survey waits for an answer as long as it can be given."""
    if request.state == "open" and request.until > now:
        words = Message("today.survey", "answer the survey {survey}", {"survey": request.survey})
        people, span = (request.person,), (request.asked, request.until)
        yield _duty(held, "survey.answer", words, request.id, people, *span)


def of_signal(held: Relationship, signal: Signal) -> Iterator[Duty]:
    """A nudge asks people, flags and reviews ask the office."""
    if signal.effect != "nudge":
        yield Duty(
            kind="signal.settle",
            what=signal.message,
            subject=signal.id,
            programme=held.programme,
            relationship=held.id,
            about=signal.people,
            since=signal.raised,
        )
    else:
        people = signal.people
        yield _duty(held, "nudge.follow", signal.message, signal.id, people, signal.raised)


def of_ending(held: Relationship, soon: datetime.datetime) -> Iterator[Duty]:
    """A relationship that is over before an instant, which its coordinator may look after."""
    until = held.over
    if held.stage in ("active", "paused") and until is not None and until <= soon:
        day = str(held.agreement.ends) if held.agreement else ""
        words = Message("today.ending", "the last day agreed is {day}", {"day": day})
        yield _duty(held, "relationship.ending", words, held.id, (), None, until)


def of_gathering(
    held: Gathering, people: tuple[str, ...], now: datetime.datetime
) -> Iterator[Duty]:
    """A gathering waits for one who has a seat, and is over for those who run the programme."""
    title = {"title": held.title}
    one = Duty(
        kind="gathering.attend",
        what=Message("today.gathering", "come to this: {title}", title),
        subject=held.id,
        programme=held.programme,
        people=people,
        until=held.starts,
    )
    if held.state == "planned" and people and held.ends > now:
        yield one
    elif held.state == "planned" and not people and held.ends <= now:
        words = Message("today.gathered", "say who came to this: {title}", title)
        yield attrs.evolve(one, kind="gathering.record", what=words, since=held.ends, until=None)


def of_report(report: ConductReport) -> Duty:
    """A report of conduct waits for the safeguarding contact, and nobody else learns of it."""
    return Duty(
        kind="conduct.settle",
        what=Message("today.conduct", "deal with a report of conduct"),
        subject=report.id,
        programme=report.programme,
        people=() if report.contact is None else (report.contact,),
        since=report.reported,
    )


def _left(held: Relationship, done: Sequence[str]) -> tuple[str, ...]:
    """The members who have not done something yet, without those who were erased."""
    return tuple(one for one in held.people if one not in done and not erased(one))


def _duty(
    held: Relationship,
    kind: str,
    what: Message,
    subject: str,
    people: tuple[str, ...],
    since: datetime.datetime | None,
    until: datetime.datetime | None = None,
) -> Duty:
    return Duty(
        kind=kind,
        what=what,
        subject=subject,
        programme=held.programme,
        relationship=held.id,
        people=people,
        about=held.people,
        since=since,
        until=until,
    )

"""The story of the tour: what happens, the command that does it, and the call that does it.

It knows no format by name: it follows the blueprint's path and policies, and what is due.
The ids that it names follow from the key of the draft, so that both ways of playing it meet them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from mentorkit.cli import made_up
from mentorkit.kit import Kit
from mentorkit.models import Blueprint, Participant, Relationship, Session

ID, MAPPING, PROGRAMME, ANSWERS = "tour", "mapping.toml", "programme.toml", "answers.csv"
DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 9, 1, 8, tzinfo=datetime.UTC)


@attrs.frozen(kw_only=True)
class Step:
    """A command line, without the leading `mentorkit`, and the Python that does the same.

    `shown` is how many lines of what the command prints are worth showing, `dated` whether
    it matters when it is run.
    """

    words: tuple[str, ...]
    python: str
    shown: int = 3
    dated: bool = True


@attrs.frozen
class Chapter:
    """Something that happens at an instant: one step, or several of which the first shows all."""

    what: str
    at: datetime.datetime
    steps: tuple[Step, ...]


def _step(*words: str, python: str, shown: int = 3, dated: bool = True) -> Step:
    return Step(words=words, python=python, shown=shown, dated=dated)


def _in_kit(*lines: str) -> str:
    return "\n".join(
        ["with house.kit(actor=mentorkit.SYSTEM) as kit:", *(f"    {line}" for line in lines)]
    )


@attrs.frozen(kw_only=True)
class Story:
    """What the tour tells, as it goes. `kit` gives a unit of work in which it looks around."""

    blueprint: Blueprint
    opening: str
    kit: Callable[[], Kit]
    fill: Callable[[], None]
    """Fills in the file of open questions, as people would."""

    def chapters(self) -> Iterator[Chapter]:
        """One after the other: each is to be played before the next is asked for."""
        yield from self._enrolment()
        yield from self._agreement(START + 2 * DAY)
        yield from self._meetings(START + 3 * DAY)
        yield from self._end()

    def _enrolment(self) -> Iterator[Chapter]:
        migrate = _step("migrate", python=self.opening, dated=False)
        yield Chapter("A database gets its tables", START, (migrate,))
        new = _step(
            "programme", "new", "programme.toml", "--id", ID,
            python="from mentorkit import codec\n"
            'programme = codec.from_toml(mentorkit.Programme, "programme.toml")\n'
            + _in_kit(f'kit.programmes.create(programme, id="{ID}")'),
        )  # fmt: skip
        yield Chapter("The programme is created as its file states it", START, (new,))
        enrol = _step(
            "import", "people.csv", "--map", "mapping.toml", "--programme", ID,
            python="from mentorkit.enrolment import load_map, read_people\n"
            'column_map = load_map("mapping.toml")\n'
            'people = read_people(["people.csv"], column_map, house.registry).people\n'
            + _in_kit(f'kit.programmes.enrol("{ID}", people, entry="imported")'),
        )  # fmt: skip
        yield Chapter("The people of a spreadsheet are enrolled", START, (enrol,))
        draft = _step(
            "draft", ID, "--key", "first",
            python=_in_kit(f'draft = kit.matching.draft("{ID}", key="first")'),
        )  # fmt: skip
        yield Chapter("They are matched; the plan can be reviewed first", START, (draft,))
        publish = _step("publish", ID, python=_in_kit("kit.matching.publish(draft.id)"))
        yield Chapter("The plan is published: now they know each other", START, (publish,))

    def _agreement(self, at: datetime.datetime) -> Iterator[Chapter]:
        acts = {"proposed": "accept", "agreeing": "sign"}
        acts = {stage: act for stage, act in acts.items() if stage in self.blueprint.path}
        agree = _step("agree", "--all", ID, python=_agreeing(acts.values()))
        if acts:
            said = " and ".join(acts.values())
            yield Chapter(f"Everybody is asked to {said}", at, (agree,))
        if self.blueprint.policies.goals is not None:
            yield from self._goals(at)
        if acts and any(held.stage in acts for held in self._relationships()):
            yield Chapter("What was still held back can go on now", at, (agree,))

    def _goals(self, at: datetime.datetime) -> Iterator[Chapter]:
        with self.kit() as kit:
            people = {held.id: held.participant for held in kit.programmes.participants(ID)}
        proposed = [_goal(held, people[held.people[0]]) for held in self._relationships()]
        if proposed:
            yield Chapter("They set themselves goals", at, tuple(proposed))
        accept = _step(
            "goals", "accept", "--all", ID,
            python=_in_kit(
                f'for held in kit.relationships.page("{ID}"):',
                "    for goal in kit.goals.of(held.id):",
                "        for person in held.people:",
                "            kit.goals.accept(goal.id, person=person)",
            ),
        )  # fmt: skip
        yield Chapter("A goal is agreed once all have accepted it", at, (accept,))

    def _meetings(self, at: datetime.datetime) -> Iterator[Chapter]:
        if self.blueprint.policies.scheduler is not None:
            schedule = _step(
                "schedule", ID,
                python=_in_kit(
                    f'held = kit.relationships.page("{ID}")',
                    "kit.sessions.schedule([one.id for one in held])",
                ),
            )  # fmt: skip
            yield Chapter("All meetings are planned when people are free", at, (schedule,))
        rounds = _rounds(self._sessions())
        for number, (day, due) in enumerate(rounds, 1):
            yield Chapter(f"Meetings, round {number} of {len(rounds)}", day, (_log(due),))
            yield from self._upkeep(day)
            if number == len(rounds):
                yield from self._achievements(day)

    def _upkeep(self, day: datetime.datetime) -> Iterator[Chapter]:
        run = _step("run", "--once", python="house.advance()\nhouse.deliver()")
        yield Chapter("What is due is done, and events are carried out", day, (run,))
        with self.kit() as kit:
            ids = [held.id for held in kit.relationships.page(ID)]
            asked = [one for id in ids for one in kit.feedback.of(id) if one.state == "open"]
        if any(made_up.answers(one) for one in asked):
            ask = _step("survey", "list", ID, "--out", "answers.csv", python="")
            yield Chapter("Open questions go to a file, for people to fill in", day, (ask,))
            self.fill()
            yield Chapter("Their answers are read", day, (_answer(),))

    def _achievements(self, day: datetime.datetime) -> Iterator[Chapter]:
        held = [one for one in self._relationships() if self._has_goal(one)]
        if reached := tuple(_reach(one) for one in held[::2]):
            yield Chapter("Some have reached their goals", day, reached)
        for one in self._relationships()[:1]:
            giver, *_, person = one.people
            words = "You asked the right questions"
            thank = _step(
                "thank", _named(one), words, "--to", person, "--as", giver,
                python=_in_kit(
                    f'kit.recognition.thank("{one.id}", "{person}", "{words}", giver="{giver}")'
                ),
            )  # fmt: skip
            yield Chapter("One thanks another", day, (thank,))

    def _end(self) -> Iterator[Chapter]:
        held = self._relationships()
        ends = [one.agreement.ends for one in held if one.agreement]
        last = max(ends, default=START.date())
        at = datetime.datetime.combine(last, START.timetz()) + 2 * DAY
        yield from self._upkeep(at)
        with self.kit() as kit:
            signals = kit.feedback.signals(ID)
        settled = [word for held in signals for word in ("--settle", held.id)]
        health = _step(
            "health", ID, *settled,
            python=_in_kit(
                f'for signal in kit.feedback.signals("{ID}"):',
                "    kit.feedback.settle(signal.id)",
            ),
        )  # fmt: skip
        yield Chapter("What needed attention has been attended to", at, (health,))
        awards = _step("awards", ID, python=_in_kit(f'kit.recognition.awards("{ID}")'))
        yield Chapter("What was earned", at, (awards,))
        close = _step("close", ID, python=_in_kit(f'kit.programmes.close("{ID}")'))
        yield Chapter("The programme is closed", at, (close,))
        deliver = _step("deliver", python="house.deliver()")
        yield Chapter("The last events are carried out", at, (deliver,))
        journal = _step("journal", ID, python=_in_kit(f'journal = kit.reports.journal("{ID}")'))
        yield Chapter("All that happened is in the journal", at, (journal,))
        report = _step(
            "report", ID, python=_in_kit(f'report = kit.reports.report("{ID}")'), shown=100
        )
        yield Chapter("What came of it", at, (report,))

    def _relationships(self) -> Sequence[Relationship]:
        with self.kit() as kit:
            return kit.relationships.page(ID)

    def _sessions(self) -> list[Session]:
        with self.kit() as kit:
            return [one for held in kit.relationships.page(ID) for one in kit.sessions.of(held.id)]

    def _has_goal(self, held: Relationship) -> bool:
        with self.kit() as kit:
            return any(goal.state == "agreed" for goal in kit.goals.of(held.id))


def _named(held: Relationship) -> str:
    return "+".join(held.people)


def _agreeing(acts: Iterable[str]) -> str:
    lines = [f'for held in kit.relationships.page("{ID}"):', "    try:"]
    for act in acts:
        lines += [
            "        for person in held.people:",
            f"            kit.relationships.{act}(held.id, person=person)",
        ]
    return _in_kit(*lines, "    except mentorkit.Conflict as reason:", "        print(reason)")


def _goal(held: Relationship, owner: Participant) -> Step:
    goal = made_up.goal(held, owner)
    title = goal.pop("title")
    options = [
        word for name, value in goal.items() for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    arguments = ", ".join(f"{name}={value!r}" for name, value in goal.items())
    return _step(
        "goals", "add", _named(held), title, "--as", owner.id, *options,
        python=_in_kit(
            f'kit.goals.propose("{held.id}", {title!r}, {arguments}, person="{owner.id}")'
        ),
    )  # fmt: skip


def _reach(held: Relationship) -> Step:
    return _step(
        "goals", "reach", _named(held),
        python=_in_kit(
            f'for goal in kit.goals.of("{held.id}"):',
            "    kit.goals.reach(goal.id, person=goal.owner)",
        ),
    )  # fmt: skip


def _log(due: Sequence[str]) -> Step:
    outputs = [word for name in due for word in ("--output", f"{name}=our {name}")]
    return _step(
        "log", "--all", ID, "--held", *outputs,
        python=_in_kit(
            f'for held in kit.relationships.page("{ID}"):',
            "    for session in kit.sessions.of(held.id):",
            '        if session.state == "planned" and session.ends <= now:',
            '            outputs = {name: f"our {name}" for name in session.due}',
            "            kit.sessions.hold(session.id, outputs=outputs)",
        ),
    )  # fmt: skip


def _answer() -> Step:
    return _step(
        "survey", "answer", "--from", "answers.csv",
        python="from mentorkit.cli import made_up\n"
        + _in_kit(
            f'for held in kit.relationships.page("{ID}"):',
            "    for request in kit.feedback.of(held.id):",
            '        answers = request.state == "open" and made_up.answers(request)',
            "        if answers:",
            "            kit.feedback.answer(request.id, answers)",
        ),
    )  # fmt: skip


def _rounds(sessions: Sequence[Session]) -> list[tuple[datetime.datetime, list[str]]]:
    """The mornings after which the meetings of each number are over, and what these owe."""
    found = []
    for number in sorted({session.number for session in sessions}):
        held = [session for session in sessions if session.number == number]
        over = max(session.ends for session in held)
        morning = datetime.datetime.combine(over.date(), START.timetz()) + DAY
        due = sorted({name for session in held for name in session.due})
        found.append((morning, due))
    return sorted(found)

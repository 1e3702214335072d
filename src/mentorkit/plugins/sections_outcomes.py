"""Sections on what came of it: fit, change, outcomes, and how groups fared."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from itertools import groupby

import attrs

import mentorkit
from mentorkit.matching import means, proportions
from mentorkit.matching.suppression import FEWEST, grouped, hidden
from mentorkit.models import POINT, Change, Estimate, Figure
from mentorkit.plugins.attributes import label

Cell = str | int
NOT_SHOWN = "not shown"
"""What a table has instead of a figure that would tell of somebody."""


def said(own: str, words: str, **values: str | int) -> mentorkit.Message:
    """A sentence."""
    return mentorkit.Message(own, words, values)


def lasting(chronicle: mentorkit.Chronicle) -> list[mentorkit.History]:
    """The histories of all relationships but those that ended before all had accepted."""
    never = ("declined", "expired", "withdrawn")
    return [held for held in chronicle.histories if held.relationship.outcome not in never]


def decimal(thousandths: int) -> str:
    """Thousandths to two decimals, without those that are 0 at the end.

    >>> decimal(1230), decimal(-600), decimal(-4), decimal(7000)
    ('1.23', '-0.6', '0', '7')
    """
    hundredths = proportions.round_half_up(abs(thousandths) / 10)
    sign = "-" if thousandths < 0 < hundredths else ""
    return f"{sign}{hundredths / 100:.2f}".rstrip("0").rstrip(".")


@attrs.frozen
class Fit:
    """Whether the relationships that fitted better came out better, by thirds of the fit."""

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """A row for each third; none where a third is fewer than five."""
        known = sorted(
            (chronicle.fits[one.relationship.id], one.relationship.id, one)
            for one in lasting(chronicle)
            if one.relationship.id in chronicle.fits
        )
        words = "Relationships whose fit is known: {number}"
        sentences = [said("fit.known", words, number=len(known))]
        rows: tuple[tuple[Cell, ...], ...] = ()
        if len(known) < 3 * FEWEST:
            words = "Thirds of them are compared from {least} relationships up"
            sentences.append(said("fit.few", words, least=3 * FEWEST))
        else:
            cuts = [len(known) * third // 3 for third in range(4)]
            rows = tuple(
                _third(name, known[begin:end])
                for name, begin, end in zip(
                    ("lowest", "middle", "highest"), cuts[:-1], cuts[1:], strict=True
                )
            )
        columns = (
            "third by fit",
            "points from",
            "to",
            "relationships",
            "completed",
            "goal reached",
        )
        return mentorkit.Part(
            title=said("fit", "Fit and what came of it"),
            sentences=tuple(sentences),
            columns=(*columns, "meetings held, mean"),
            rows=rows,
        )


def _third(name: str, held: Sequence[tuple[int, str, mentorkit.History]]) -> tuple[Cell, ...]:
    histories = [history for _, _, history in held]
    meetings = statistics.fmean(len(history.held) for history in histories)
    reached = [any(goal.state == "reached" for goal in one.goals) for one in histories]
    return (
        name,
        decimal(held[0][0] * 1000 // POINT),
        decimal(held[-1][0] * 1000 // POINT),
        len(held),
        sum(one.relationship.outcome == "completed" for one in histories),
        sum(reached),
        f"{meetings:.1f}",
    )


@attrs.frozen
class Changed:
    """How the same people answered first and last, as in a self-assessment at start and close."""

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """A row for each question and role; told once the programme is over."""
        sentences = []
        if not chronicle.changes:
            words = "No question whose answers are counted was answered twice by anybody"
            sentences.append(said("change.none", words))
        elif chronicle.run.state != "closed" or (
            _open(chronicle) and all(one.people is None for one in chronicle.changes)
        ):
            words = "How answers changed is told once the programme is closed and no survey open"
            sentences.append(said("change.open", words))
        else:
            words = "Steps by which last answers are above first ones, with 95 % intervals"
            sentences.append(said("change.told", words))
        return mentorkit.Part(
            title=said("change", "Change from first to last answers"),
            sentences=tuple(sentences),
            columns=(
                *("survey", "question", "role", "people", "mean change"),
                *("from", "to", "up", "same", "down"),
            ),
            rows=tuple(map(_changed, chronicle.changes)),
        )


def _open(chronicle: mentorkit.Chronicle) -> bool:
    """Whether some answer can still be given or changed."""
    return any(one.state != "closed" for held in chronicle.histories for one in held.requests)


def _changed(held: Change) -> tuple[Cell, ...]:
    asked = (held.survey, str(held.text), held.role)
    if held.people is None or held.change is None:
        return (*asked, NOT_SHOWN, *[""] * 6)
    counts = (held.more or 0, held.same or 0, held.less or 0)
    return (*asked, held.people, *_estimate(held.change), *counts)


def _estimate(held: Estimate) -> tuple[str, str, str]:
    return decimal(held.value), decimal(held.least), decimal(held.most)


@attrs.frozen
class Outcomes:
    """Figures that were measured elsewhere, of those who were matched and of those who waited.

    By role, since mentors and mentees are measured by different things.
    Whoever has no figure is counted as missing, and as nothing else. Where all values of a
    measure are 0 or 1, means are shares.
    """

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """Two rows for each measure and role, and how the two differ, with an interval."""
        roles = _matched_and_waiting(chronicle)
        sentences: list[mentorkit.Message] = []
        rows: list[tuple[Cell, ...]] = []
        by_measure = groupby(chronicle.figures, key=lambda figure: figure.measure)
        for measure, figures in by_measure:
            held = _Measured.of(list(figures))
            for role, groups in roles.items():
                if any(people & held.last.keys() for people in groups.values()):
                    rows += held.rows((measure, role), groups)
                    sentences += held.compared(measure, role, groups)
        if sentences:
            words = "Nobody drew lots for who was matched, so other things may be why they differ"
            sentences.append(said("outcomes.lots", words))
        if not rows:
            sentences.append(said("outcomes.none", "No figures were given"))
        if chronicle.strange:
            words = "People with figures who do not take part: {number}"
            sentences.append(said("outcomes.strange", words, number=chronicle.strange))
        return mentorkit.Part(
            title=said("outcomes", "Outcomes"),
            sentences=tuple(sentences),
            columns=(
                *("measure", "role", "group", "people", "with a figure", "missing"),
                *("mean of the last", "with two", "mean change"),
            ),
            rows=tuple(rows),
        )


def _matched_and_waiting(chronicle: mentorkit.Chronicle) -> dict[str, dict[str, Set[str]]]:
    """Those who were matched in a role, and those who were not."""
    members = {(m.person, m.role) for one in lasting(chronicle) for m in one.relationship.members}
    roles: dict[str, dict[str, Set[str]]] = {}
    for role in chronicle.run.blueprint.roles:
        people = {one.id for one in chronicle.people if role.name in one.roles}
        matched = {person for person in people if (person, role.name) in members}
        roles[role.name] = {"matched": matched, "waiting": people - matched}
    return roles


@attrs.frozen
class _Measured:
    """One measure of people: each one's last value, and what it is above the first, if of two."""

    last: Mapping[str, float]
    change: Mapping[str, float]
    binary: bool

    @classmethod
    def of(cls, figures: Sequence[Figure]) -> _Measured:
        values: dict[str, list[float]] = {}
        for figure in sorted(figures, key=lambda one: (one.person, one.on)):
            values.setdefault(figure.person, []).append(figure.value)
        return cls(
            last={person: held[-1] for person, held in values.items()},
            change={p: held[-1] - held[0] for p, held in values.items() if len(held) > 1},
            binary=all(value in (0, 1) for held in values.values() for value in held),
        )

    def rows(
        self, place: tuple[str, str], groups: Mapping[str, Set[str]]
    ) -> list[tuple[Cell, ...]]:
        """A row for each group, after the measure and the role."""
        last, change = self._shown(self.last, groups), self._shown(self.change, groups)
        rows: list[tuple[Cell, ...]] = []
        for name, people in groups.items():
            measured, twice = people & self.last.keys(), people & self.change.keys()
            missing = len(people) - len(measured)
            means = (_mean(last, name), len(twice), _mean(change, name))
            rows.append((*place, name, len(people), len(measured), missing, *means))
        return rows

    def compared(
        self, measure: str, role: str, groups: Mapping[str, Set[str]]
    ) -> Iterable[mentorkit.Message]:
        """How those who were matched differ from those who waited, by the change if it is known."""
        for values, own, words in (
            (self.change, "change", "mean change"),
            (self.last, "last", "mean of the last"),
        ):
            shown = self._shown(values, groups)
            if len(shown) < 2:
                continue
            one, other = shown["matched"], shown["waiting"]
            differ = means.mean_difference(one, other)
            if self.binary and values is self.last:
                counts = [(round(sum(held)), len(held)) for held in (one, other)]
                differ = proportions.difference(counts[0], counts[1])
            value, least, most = _estimate(differ)
            text = (
                f"{{measure}}, {{role}}s, {words}: {{value}} is the difference of the {{one}} who"
                " were matched from the {other} who waited; the 95 % interval is {least} to {most}"
            )
            yield said(
                f"outcomes.{own}", text, measure=measure, role=role, value=value, least=least,
                most=most, one=len(one), other=len(other),
            )  # fmt: skip
            return

    def _shown(
        self, values: Mapping[str, float], groups: Mapping[str, Set[str]]
    ) -> dict[str, list[float]]:
        """The values of each group of which a mean is shown."""
        held = {
            name: [values[person] for person in sorted(people & values.keys())]
            for name, people in groups.items()
        }
        some = {name: len(found) for name, found in held.items() if found}
        return {name: held[name] for name in some.keys() - hidden(some)}


def _mean(shown: Mapping[str, Sequence[float]], name: str) -> str:
    if name not in shown:
        return NOT_SHOWN
    return decimal(proportions.round_half_up(1000 * statistics.fmean(shown[name])))


@attrs.frozen
class Groups:
    """How people fared by an attribute that is not protected; small groups are not shown."""

    attribute: str = "department"

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """A row for each value; what is hidden cannot be worked out from the rest."""
        people = chronicle.people
        groups = grouped(person.value(self.attribute) for person in people)
        small = hidden({value: len(places) for value, places in groups.items()})
        all_of = lasting(chronicle)
        matched = {p for one in all_of for p in one.relationship.people}
        met = {p for one in all_of for session in one.held for p in session.attended}
        done = {
            p
            for one in all_of
            if one.relationship.outcome == "completed"
            for p in one.relationship.people
        }

        def counted(places: Sequence[int], who: Set[str]) -> int:
            return sum(people[place].id in who for place in places)

        rows: list[tuple[Cell, ...]] = [
            (value, NOT_SHOWN, "", "", "")
            if value in small
            else (value, len(places), *(counted(places, who) for who in (matched, met, done)))
            for value, places in groups.items()
        ]
        name = label(self.attribute)
        words = "Groups of fewer than {least}, and what would tell of them, are not shown"
        return mentorkit.Part(
            title=said("groups", "Groups: {name}", name=name),
            sentences=(said("groups.small", words, least=FEWEST),) if small else (),
            columns=(name, "people", "matched", "met", "completed"),
            rows=tuple(rows),
        )


KINDS: tuple[tuple[str, Callable[..., object]], ...] = (
    ("fit", Fit),
    ("change", Changed),
    ("outcomes", Outcomes),
    ("groups", Groups),
)

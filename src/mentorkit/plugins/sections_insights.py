"""The section on what people carried over into their own work, and from where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import attrs

import mentorkit
from mentorkit.matching.columns import text
from mentorkit.matching.suppression import FEWEST, hidden
from mentorkit.models import Insight
from mentorkit.models.insight import INSIGHT_STATES
from mentorkit.plugins.attributes import label
from mentorkit.plugins.sections_outcomes import Cell, said

UNKNOWN, OTHERS = "not given", "others"
Way = tuple[str, str]
"""The field that an insight comes from, and the one that it is carried over into."""


@attrs.frozen
class Insights:
    """Insights by state, from which field they come, and into which they are carried over.

    The field of whoever owns an insight is their value of `attribute`, which must not be a
    protected one. So is the field that it comes from where none was stated, if the others of
    the relationship share one.
    """

    attribute: str = "department"

    def tell(self, chronicle: mentorkit.Chronicle) -> mentorkit.Part:
        """A row for each two fields, and one for all in which fewer than five people have any."""
        fields = {person.id: text(person.value(self.attribute)) for person in chronicle.people}
        ways: dict[Way, list[Insight]] = {}
        for history in chronicle.histories:
            for insight in history.insights:
                ways.setdefault(_way(history, insight, fields), []).append(insight)
        every = [insight for held in ways.values() for insight in held]
        name = label(self.attribute)
        return mentorkit.Part(
            title=said("insights", "Insights: {name}", name=name),
            sentences=(_all_of(every),),
            columns=("from", "into", "people", *INSIGHT_STATES),
            rows=_rows(ways) if len(_owners(every)) >= FEWEST else (),
        )


def _all_of(every: Sequence[Insight]) -> mentorkit.Message:
    if len(_owners(every)) < FEWEST:
        return said("insights.few", "Fewer than {least} people wrote down insights", least=FEWEST)
    states = Counter(insight.state for insight in every)
    words = "Insights: {number}, of which {tried} were tried and {adopted} of these adopted"
    tried = states["tried"] + states["adopted"]
    return said("insights.all", words, number=len(every), tried=tried, adopted=states["adopted"])


def _rows(ways: Mapping[Way, Sequence[Insight]]) -> tuple[tuple[Cell, ...], ...]:
    small = _small(ways)
    rows: list[tuple[Cell, ...]] = [
        (*way, *_counts(ways[way])) for way in sorted(ways.keys() - small)
    ]
    if small:
        others = [insight for way in sorted(small) for insight in ways[way]]
        rows.append((OTHERS, OTHERS, *_counts(others)))
    return tuple(rows)


def _counts(insights: Sequence[Insight]) -> tuple[int, ...]:
    states = Counter(insight.state for insight in insights)
    return (len(_owners(insights)), *(states[state] for state in INSIGHT_STATES))


def _way(history: mentorkit.History, insight: Insight, fields: Mapping[str, str | None]) -> Way:
    others = {fields.get(one) for one in history.relationship.people if one != insight.owner}
    shared = others.pop() if len(others) == 1 else None
    source = insight.source.strip() or shared or UNKNOWN
    return source, fields.get(insight.owner) or UNKNOWN


def _owners(insights: Sequence[Insight]) -> set[str]:
    return {insight.owner for insight in insights}


def _small(ways: Mapping[Way, Sequence[Insight]]) -> set[Way]:
    """The ways that are only shown together, as some of them rest on too few people.

    Somebody may own insights of several ways, so it is people who are counted, not sizes.
    """
    sizes = {way: len(_owners(held)) for way, held in ways.items()}
    keys = {f"{at:06}": way for at, way in enumerate(sorted(ways))}
    small = {keys[key] for key in hidden({key: sizes[way] for key, way in keys.items()})}
    order = sorted(ways.keys() - small, key=lambda way: (-sizes[way], way))
    while small and order and len({one for way in small for one in _owners(ways[way])}) < FEWEST:
        small.add(order.pop())
    return small

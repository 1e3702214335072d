"""Stories: against an account of who last said what to which words, and of who may know."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from worlds import PAIR, World, participant

from mentorkit import Actor, Conflict, Forbidden, Invalid, Kit, NotFound, Programme
from mentorkit.errors import MentorkitError
from mentorkit.models import Event, Policies, Relationship, Story
from mentorkit.services.stories import Stories

pytestmark = pytest.mark.once

FEW = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NUMBERS = itertools.count()
MEMBERS = ("ann", "bob", "may")
WORDS = ("It went well.", "It went on.", "We met.")
ACTS = ("write", "rewrite", "consent", "consent", "consent", "stale", "withdraw", "drop")
AROUND = ("report", "complete", "end", "leave")
"""What changes nothing about stories, whatever else it changes."""


def a_group(world: World) -> Relationship:
    """A group that is under way, in a programme of its own in which somebody else takes part."""
    id = f"p{next(NUMBERS)}"
    parts = [participant(one, "mentor" if one == "may" else "mentee", 9) for one in MEMBERS]
    stated = Programme(topology="group", policies=Policies(safeguarding="cara"))
    (held,) = world.begun(stated, parts, id=id)
    with world.kit() as kit:
        kit.programmes.enrol(id, [participant("pal", "mentee")])
    return world.active(held)


def tried(world: World, actor: Actor | str, act: Callable[[Kit], Any]) -> Any:
    """What an act of somebody gives, or the kind of its refusal."""
    try:
        with world.kit(actor=Actor(person=actor) if isinstance(actor, str) else actor) as kit:
            return act(kit)
    except MentorkitError as error:
        return type(error)


@attrs.define
class Told:
    """A story as its account has it: its words, edition by edition, and all that was said to it."""

    author: str
    texts: list[str]
    said: list[tuple[str, int | None]] = attrs.field(factory=list)
    """(member, the edition that they said yes to; none for a no), in the order of saying."""

    def last(self, person: str) -> int | None:
        """What somebody said last: an edition, none for a no, 0 if they said nothing."""
        return next((said for one, said in reversed(self.said) if one == person), 0)

    @property
    def published(self) -> bool:
        return all(self.last(person) == len(self.texts) for person in MEMBERS)

    @property
    def asked(self) -> tuple[str, ...]:
        """Who owes a word: whoever said nothing to these words, and never no."""
        return tuple(one for one in MEMBERS if self.last(one) not in (None, len(self.texts)))


@attrs.define
class Account:
    """What is told in one group, and what should be read of it by whom."""

    world: World
    held: Relationship
    stories: dict[str, Told] = attrs.field(factory=dict)
    gone: list[str] = attrs.field(factory=list)

    def do(self, act: str, person: str, at: int, pick: int) -> None:
        """One act of somebody, which gives what it should."""
        self.world.now += dt.timedelta(hours=1)
        if act in AROUND:
            tried(self.world, person, lambda kit: self._around(kit, act, person))
        elif act == "write":
            self._write(person, WORDS[pick])
        elif self.stories:
            id = sorted(self.stories)[at % len(self.stories)]
            before = self._version(id)
            found = tried(self.world, person, lambda kit: self._done(kit, act, id, pick))
            assert self._expected(act, id, person, pick) == (
                found if isinstance(found, type) else None
            )
            if id in self.stories and isinstance(found, Story):
                assert found.version == before[0] + (found.state != before[1] or self._moved)

    _moved: bool = False

    def _version(self, id: str) -> tuple[int, str]:
        with self.world.kit() as kit:
            found = kit.stories.get(id)
        return found.version, found.state

    def _around(self, kit: Kit, act: str, person: str) -> None:
        other = MEMBERS[MEMBERS.index(person) - 1] if person in MEMBERS else "ann"
        if act == "report":
            kit.feedback.report_conduct(other, "He pressed me.", relationship=self.held.id)
        elif act == "leave":
            kit.programmes.leave(self.held.programme, person)
        else:
            getattr(kit.relationships, act)(self.held.id)

    def _write(self, person: str, words: str) -> None:
        made = tried(
            self.world, person, lambda kit: kit.stories.write(self.held.id, "Our year", words)
        )
        if person not in MEMBERS:
            assert made is Forbidden
            return
        assert (made.author, made.words, made.state) == (person, words, "draft")
        self.stories[made.id] = Told(person, [words], [(person, 1)])

    def _done(self, kit: Kit, act: str, id: str, pick: int) -> object:
        edition = len(self.stories[id].texts)
        calls: dict[str, Callable[[], object]] = {
            "rewrite": lambda: kit.stories.rewrite(id, words=WORDS[pick]),
            "consent": lambda: kit.stories.consent(id, edition),
            "stale": lambda: kit.stories.consent(id, edition + (pick or -1)),
            "withdraw": lambda: kit.stories.withdraw(id),
            "drop": lambda: kit.stories.drop(id),
        }
        return calls[act]()

    def _expected(self, act: str, id: str, person: str, pick: int) -> type | None:
        """The refusal that is due, or none, and then it is put down what was said."""
        told = self.stories[id]
        self._moved = False
        if person == "zed" or (person == "pal" and not (told.published and self._takes_part)):
            return NotFound
        if person not in MEMBERS or (act in ("rewrite", "drop") and person != told.author):
            return Forbidden
        if act == "stale":
            return Conflict
        before = self.account_of(told)
        if act == "drop":
            self.gone.append(id)
            del self.stories[id]
        elif act != "rewrite":
            told.said.append((person, len(told.texts) if act == "consent" else None))
        elif told.texts[-1] != WORDS[pick]:
            told.texts.append(WORDS[pick])
            told.said.append((person, len(told.texts)))
        self._moved = self.account_of(told) != before
        return None

    @property
    def _takes_part(self) -> bool:
        with self.world.kit() as kit:
            return kit.programmes.participant(self.held.programme, "pal").state == "enrolled"

    def account_of(self, told: Told) -> tuple[object, ...]:
        """What of a story is read by its members."""
        edition = len(told.texts)
        return (
            told.texts[-1],
            edition,
            tuple(one for one in MEMBERS if told.last(one) == edition),
            tuple(one for one in MEMBERS if told.last(one) is None),
            "published" if told.published else "draft",
        )

    def check(self, turn: int | None = None) -> None:
        """What everybody reads, or two of them in turn, is what the account says they may."""
        published = {id for id, told in self.stories.items() if told.published}
        at = slice(None) if turn is None else slice(turn % 3, turn % 3 + 1)
        for person in MEMBERS[at]:
            self._check_member(person, published)
        programme = self.held.programme
        outside = [
            (Actor(coordinates=[programme]), published),
            (Actor(person="pal"), published if self._takes_part else set()),
            (Actor(coordinates=["*"]), published),
            (Actor(person="zed"), set()),
            (Actor(person="cara", coordinates=["elsewhere"]), set()),
        ]
        for actor, shown in outside[at]:
            self._check_outside(actor, shown)
        if turn is None:
            self._check_told(published)

    def _check_member(self, person: str, published: set[str]) -> None:
        with self.world.kit(actor=Actor(person=person)) as kit:
            read = {one.id: one for one in kit.stories.of(self.held.id)}
            assert {
                id: (one.words, one.edition, one.consented, one.withdrawn, one.state)
                for id, one in read.items()
            } == {id: self.account_of(told) for id, told in self.stories.items()}
            assert {one.id for one in kit.stories.published(self.held.programme)} == published
            owed = [one for one in kit.today.of(person) if one.kind == "story.consent"]
        wanted = {(id, told.asked) for id, told in self.stories.items() if person in told.asked}
        mine = {(one.subject, one.people) for one in owed if one.relationship == self.held.id}
        assert mine == wanted

    def _check_outside(self, actor: Actor, shown: set[str]) -> None:
        with self.world.kit(actor=actor) as kit:
            assert {one.id for one in kit.stories.of(self.held.id)} == shown
            assert {one.id for one in kit.stories.published(self.held.programme)} == shown
            for person in MEMBERS:
                assert not [one for one in kit.today.of(person) if one.kind == "story.consent"]
            for id in (*self.stories, *self.gone):
                if id in shown:
                    assert kit.stories.get(id).state == "published"
                    continue
                with pytest.raises(NotFound):
                    kit.stories.get(id)

    def _check_told(self, published: set[str]) -> None:
        """Events say of each story in turn that it is, and is not any more; and nothing else."""
        with self.world.kit(actor=Actor(coordinates=[self.held.programme])) as kit:
            office = kit.reports.journal(self.held.programme)
        assert not [one for one in office if one.kind == "story.written"]
        turns: dict[str, list[str]] = {}
        for event in office:
            if event.kind.startswith("story."):
                assert set(event.people) == {*MEMBERS}, "it tells whose wish it was"
                turns.setdefault(event.subject, []).append(event.kind)
        for id, kinds in turns.items():
            both = itertools.cycle(("story.published", "story.withdrawn"))
            assert kinds == list(itertools.islice(both, len(kinds)))
            assert (len(kinds) % 2 == 1) == (id in published)
        assert published <= set(turns)


@FEW
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from((*ACTS, *ACTS, *AROUND)),
            st.sampled_from((*MEMBERS, *MEMBERS, "pal", "zed")),
            st.integers(0, 1),
            st.integers(0, 2),
        ),
        max_size=9,
    )
)
@example(
    acts=[
        ("report", "bob", 0, 0),
        ("write", "may", 0, 1),
        ("rewrite", "ann", 0, 0),
        ("withdraw", "bob", 0, 0),
        ("withdraw", "bob", 0, 0),
        ("consent", "bob", 0, 0),
        ("drop", "pal", 0, 0),
        ("leave", "may", 0, 0),
        ("withdraw", "may", 0, 0),
        ("rewrite", "ann", 0, 2),
        ("stale", "bob", 0, 0),
        ("consent", "bob", 0, 0),
        ("consent", "may", 0, 0),
        ("rewrite", "ann", 0, 1),
        ("consent", "may", 1, 0),
        ("drop", "ann", 0, 0),
    ]
)
def test_a_story_is_published_exactly_while_every_member_consents(
    world: World, acts: list[tuple[str, str, int, int]]
) -> None:
    account = Account(world, a_group(world))
    account.do("write", "ann", 0, 0)
    for person in MEMBERS:
        account.do("consent", person, 0, 0)
    for turn, act in enumerate(acts):
        account.check(turn)
        account.do(*act)
    account.check()


def test_what_was_never_accepted_has_no_story(world: World) -> None:
    (held,) = world.begun(Programme(), PAIR)

    def write(kit: Kit) -> Story:
        return kit.stories.write(held.id, "Our start", "We met.", key="k")

    assert tried(world, "ann", write) is Conflict
    with world.kit() as kit:
        kit.relationships.accept(held.id, person="ann")
    assert tried(world, "ann", write) is Conflict
    with world.kit() as kit:
        kit.relationships.accept(held.id, person="may")
    made = tried(world, "ann", write)
    assert made.state == "draft"
    with world.kit() as kit:
        kit.relationships.end(held.id)
    assert tried(world, "ann", write) == made
    assert tried(world, "may", write).author == "may", "it may be told of when it is over, too"


@pytest.mark.parametrize(
    ("way", "topology"),
    [(way, "one-to-one") for way in ("decline", "end", "withdraw")] + [("withdraw", "flash")],
)
def test_what_was_turned_down_has_no_story(world: World, way: str, topology: str) -> None:
    with world.kit() as kit:
        kit.programmes.create(Programme(topology=topology), id="autumn")
        kit.programmes.enrol("autumn", PAIR)
        draft = kit.matching.draft("autumn").id
        (held,) = kit.matching.publish(draft)
        if way == "withdraw":
            kit.matching.withdraw(draft)
        else:
            getattr(kit.relationships, way)(held.id, person="may")
        with pytest.raises(Conflict, match="was not accepted by its members"):
            kit.stories.write(held.id, "Our start", "We met.", person="ann")


def test_words_are_said_and_seen(world: World) -> None:
    held = a_group(world)
    with world.kit(actor=Actor(person="ann")) as kit:
        for title, words in (("", "a"), (" a", "a"), ("a\nb", "a"), ("a", " ")):
            with pytest.raises(Invalid, match=r"^(title|words): "):
                kit.stories.write(held.id, title, words)
        story = kit.stories.write(held.id, "Our year", "It went well.")
        with pytest.raises(Conflict, match="is of version"):
            kit.stories.rewrite(story.id, words="It went.", version=story.version + 1)
        with pytest.raises(Conflict, match="is of version"):
            kit.stories.drop(story.id, version=story.version + 1)
        other = kit.stories.rewrite(story.id, title="Our months", version=story.version)
        assert (other.title, other.words, other.edition) == ("Our months", "It went well.", 2)
    with world.kit(actor=Actor(person="may")) as kit:
        with pytest.raises(Conflict, match="was rewritten: read edition 2, not 1"):
            kit.stories.consent(story.id, story.edition)
        assert kit.stories.consent(story.id, 2).consented == ("ann", "may")


def test_all_who_consent_at_the_same_time_do(world: World) -> None:
    """Nobody is refused because another consented, or took that back, in the same instant."""
    held = a_group(world)
    with ThreadPoolExecutor(3) as pool:
        for _ in range(5):
            with world.kit() as kit:
                story = kit.stories.write(held.id, "Our year", "It went well.", person="ann")
            said = {
                "bob": partial(Stories.consent, story=story.id, edition=1),
                "may": partial(Stories.consent, story=story.id, edition=1),
                "ann": partial(Stories.withdraw, story=story.id),
            }
            done = pool.map(
                lambda one: tried(world, one[0], lambda kit: one[1](kit.stories)), said.items()
            )
            assert {type(one) for one in done} == {Story}
            with world.kit() as kit:
                found = kit.stories.get(story.id)
            assert (found.consented, found.withdrawn) == (("bob", "may"), ("ann",))


@pytest.mark.parametrize("erased", ["ann", "bob"])
def test_whoever_is_erased_takes_the_story_along(world: World, erased: str) -> None:
    held = a_group(world)
    with world.kit() as kit:
        for words in ("It went well.", "It goes on."):
            story = kit.stories.write(held.id, "Our year", words, person="ann")
        for person in ("bob", "may"):
            kit.stories.consent(story.id, 1, person=person)
        kit.people.remove(erased)
        assert kit.stories.of(held.id) == kit.stories.published(held.programme) == ()
        told = [one for one in kit.reports.journal(held.programme) if one.subject == story.id]
        assert [one.kind for one in told] == ["story.published", "story.withdrawn"]
        assert not [one for one in kit.today.of("may") if one.kind == "story.consent"]
        with pytest.raises(Conflict, match="was erased, and cannot consent"):
            kit.stories.write(held.id, "Our year", "We miss you.", person="may")


@FEW
@given(acts=st.lists(st.tuples(st.sampled_from(["write", "yes", "no"]), st.sampled_from(MEMBERS))))
def test_an_export_has_ones_own_stories_and_what_one_said_to_others(
    world: World, acts: list[tuple[str, str]]
) -> None:
    held = a_group(world)
    with world.kit() as kit:
        for act, person in (("write", "ann"), *acts):
            if act == "write":
                kit.stories.write(held.id, f"Of {person}", f"<{person}>", person=person)
            for story in kit.stories.of(held.id) if act != "write" else ():
                if act == "yes":
                    kit.stories.consent(story.id, 1, person=person)
                else:
                    kit.stories.withdraw(story.id, person=person)
        every = kit.stories.of(held.id)
        for person in MEMBERS:
            mine = [one for one in kit.people.export(person).stories if one.relationship == held.id]
            whole = [one for one in every if one.author == person]
            assert [one for one in mine if one.author == person] == sorted(
                whole, key=lambda one: one.id
            )
            theirs = {
                one.id: (person in one.consented, person in one.withdrawn)
                for one in every
                if one.author != person and person in (*one.consented, *one.withdrawn)
            }
            others = [one for one in mine if one.author != person]
            assert {
                one.id: (one.consented == (person,), one.withdrawn == (person,)) for one in others
            } == theirs
            assert not [one for one in others if "<" in one.words or "Of " in one.title]


def test_what_is_published_is_paged_and_counted(world: World) -> None:
    held = a_group(world)
    with world.kit() as kit:
        made = [
            kit.stories.write(held.id, f"Day {day}", "It went well.", person="ann")
            for day in range(5)
        ]
        for story, person in itertools.product(made[1:], ("bob", "may")):
            kit.stories.consent(story.id, 1, person=person)
    with world.kit(actor=Actor(person="pal")) as kit:
        ids = sorted(one.id for one in made[1:])
        first = kit.stories.published(held.programme, limit=3)
        rest = kit.stories.published(held.programme, after=first[-1].id, limit=3)
        assert [one.id for one in (*first, *rest)] == ids
        assert {one.consented for one in first} == {()}, "who is a member is not for all to know"
    with world.kit(actor=Actor(coordinates=[held.programme])) as kit:
        parts = kit.reports.report(held.programme).parts
    sentences = [str(said) for part in parts for said in part.sentences]
    assert "Stories to which all of their members consent: 4" in sentences


def test_events_hold_no_words_and_of_a_draft_nobody(world: World) -> None:
    held = a_group(world)
    with world.kit() as kit:
        story = kit.stories.write(held.id, "Our year", "It went well.", person="ann")
        for person in ("bob", "may"):
            kit.stories.consent(story.id, 1, person=person)
        kit.stories.rewrite(story.id, words="It ends well.")
        told = [one for one in kit.reports.journal() if one.subject == story.id]
    assert [one.kind for one in told] == [
        *("story.written", "story.published"),
        *("story.written", "story.withdrawn"),
    ]
    written = [_plain(one) for one in told if one.kind == "story.written"]
    assert written == [(None, None, (), {"edition": 1}), (None, None, (), {"edition": 2})]
    assert "well" not in repr(told)
    assert "year" not in repr(told)


def _plain(event: Event) -> tuple[object, ...]:
    return event.programme, event.relationship, event.people, dict(event.facts)

"""The machines run on both databases, and each finds what was broken on purpose.

MENTORKIT_EXAMPLES says how many examples the kits' machine runs; by default a few.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from mentorkit import lifecycle
from mentorkit.errors import MentorkitError
from mentorkit.models import Relationship
from mentorkit.store import journal
from mentorkit.store.shelves import Rows
from mentorkit.testing.databases import PostgresServer
from mentorkit.testing.machines import LifecycleMachine, kit_machine

pytestmark = pytest.mark.once

EXAMPLES = int(os.environ.get("MENTORKIT_EXAMPLES", "4"))


@pytest.fixture
def with_the_tests_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Houses' files are where `tmp_path` is, in memory if possible: there are many commits."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def ran(machine: type[RuleBasedStateMachine], examples: int, steps: int) -> None:
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        database=None,
        deadline=None,
    )
    run_state_machine_as_test(machine, settings=how)  # type: ignore[no-untyped-call]


def test_lifecycles() -> None:
    ran(LifecycleMachine, 100, 30)


@pytest.mark.usefixtures("with_the_tests_files")
def test_kits_on_sqlite() -> None:
    ran(kit_machine(), EXAMPLES, 30)


def test_kits_on_postgresql(postgres: PostgresServer) -> None:
    urls: list[str] = []

    def url() -> str:
        while urls:
            postgres.drop(urls.pop())
        urls.append(postgres.new_database())
        return urls[-1]

    ran(kit_machine(url), EXAMPLES, 30)


def _end_again(held: Relationship, at: Any) -> Relationship:
    return lifecycle._closed(held, "ended", at)


def _sign_always(held: Relationship, person: str, *_: Any) -> Relationship:
    lifecycle.check_member(held, person)
    return attrs.evolve(held, signed=(*held.signed, person))


def _accept_nobody(held: Relationship, person: str, at: Any) -> Relationship:
    return lifecycle._onward(held, at) if held.stage == "proposed" else held


def _keep_terms(held: Relationship, person: str, terms: Any) -> Relationship:
    lifecycle.check_member(held, person)
    return attrs.evolve(held, agreement=terms)


def _sign_for_all(held: Relationship, proposal: Any, person: str, at: Any) -> Relationship:
    return attrs.evolve(held, agreement=proposal.agreement, proposal=None)


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("end", _end_again),
        ("_signed_proposal", _sign_for_all),
        ("sign", _sign_always),
        ("accept", _accept_nobody),
        ("propose_terms", _keep_terms),
    ],
)
def test_a_broken_lifecycle_is_found(
    name: str, broken: Callable[..., Relationship], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, name, broken)
    with pytest.raises(AssertionError):
        ran(LifecycleMachine, 200, 30)


def _forget_the_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Rows._page

    def page(self: Rows, *arguments: Any) -> Any:
        found = [
            row
            for tenant in ("home", "away")
            for row in real(Rows(self.connection, tenant), *arguments)
        ]
        return list({row[0]: row for row in found}.values())

    monkeypatch.setattr(Rows, "_page", page)


def _ignore_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorkit.services.relationships.check_version", lambda *_: None)


def _lose_rollbacks(monkeypatch: pytest.MonkeyPatch) -> None:
    from mentorkit.kit import Kit

    real = Kit.__exit__

    def leave(self: Kit, *error: Any) -> None:
        real(self, None, None, None)

    monkeypatch.setattr(Kit, "__exit__", leave)


def _lose_events(monkeypatch: pytest.MonkeyPatch) -> None:
    real = journal.events
    monkeypatch.setattr(journal, "events", lambda *a, **k: real(*a, **k)[-7:])


@pytest.mark.usefixtures("with_the_tests_files")
@pytest.mark.parametrize(
    "spoil",
    [_forget_the_tenant, _ignore_versions, _lose_rollbacks, _lose_events],
)
def test_a_broken_store_is_found(
    spoil: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch)
    with pytest.raises((AssertionError, MentorkitError)):
        ran(kit_machine(), 60, 50)

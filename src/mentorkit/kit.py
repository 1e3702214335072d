"""One unit of work, on which the services hang."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import Any

from sqlalchemy import Engine

from mentorkit.errors import Conflict
from mentorkit.services.actions import Actions
from mentorkit.services.booking import Booking
from mentorkit.services.deliveries import Deliveries
from mentorkit.services.exchange import Exchange
from mentorkit.services.feedback import Feedback
from mentorkit.services.gatherings import Gatherings
from mentorkit.services.goals import Goals
from mentorkit.services.insights import Insights
from mentorkit.services.matching import Matching
from mentorkit.services.people import People
from mentorkit.services.programmes import Programmes
from mentorkit.services.recognition import Recognition
from mentorkit.services.relationships import Relationships
from mentorkit.services.reports import Reports
from mentorkit.services.sessions import Sessions
from mentorkit.services.stories import Stories
from mentorkit.services.today import Today
from mentorkit.services.work import Work
from mentorkit.store.connections import Connection, EngineConnection


class Kit:
    """A unit of work for one actor in one tenant, in one thread.

    On its own transaction, use it in a `with` statement: what was done is committed at its
    end, and taken back where an exception leaves it. On the host's transaction it needs
    none, and neither commits nor takes back: that is the host's. In both, each call that
    changes something happens whole or not at all.
    """

    def __init__(
        self,
        begin: Callable[[Connection], Work],
        engine: Engine | None = None,
        connection: Connection | None = None,
    ) -> None:
        self._begin = begin
        self._engine = engine
        self._own: Any = None
        self._held = begin(connection) if connection is not None else None

    def __enter__(self) -> Kit:
        if self._engine is not None:
            if self._own is not None:
                raise Conflict("this kit is in use; ask the house for another")
            self._own = self._engine.connect()
            self._held = self._begin(EngineConnection(self._own))
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._own is None:
            return
        own, self._own, self._held = self._own, None, None
        for name in SERVICES:
            self.__dict__.pop(name, None)
        try:
            if error is None:
                own.commit()
            else:
                own.rollback()
        finally:
            own.close()

    @property
    def _work(self) -> Work:
        if self._held is None:
            raise Conflict("a kit with its own transaction is used within `with house.kit(…)`")
        return self._held

    @cached_property
    def people(self) -> People:
        """The host's people."""
        return People(self._work)

    @cached_property
    def programmes(self) -> Programmes:
        """Programmes, and who takes part in them."""
        return Programmes(self._work)

    @cached_property
    def matching(self) -> Matching:
        """Plans: drafted, reviewed, published."""
        return Matching(self._work)

    @cached_property
    def relationships(self) -> Relationships:
        """People mentoring together."""
        return Relationships(self._work)

    @cached_property
    def goals(self) -> Goals:
        """What they work on."""
        return Goals(self._work)

    @cached_property
    def actions(self) -> Actions:
        """What they will do until they meet again."""
        return Actions(self._work)

    @cached_property
    def exchange(self) -> Exchange:
        """What they ask and share between meetings."""
        return Exchange(self._work)

    @cached_property
    def insights(self) -> Insights:
        """What they carry over into their own work."""
        return Insights(self._work)

    @cached_property
    def stories(self) -> Stories:
        """What they tell others of it."""
        return Stories(self._work)

    @cached_property
    def sessions(self) -> Sessions:
        """Their meetings."""
        return Sessions(self._work)

    @cached_property
    def booking(self) -> Booking:
        """Office hours, and booking them."""
        return Booking(self._work)

    @cached_property
    def gatherings(self) -> Gatherings:
        """Programme events, and the seats in them."""
        return Gatherings(self._work)

    @cached_property
    def feedback(self) -> Feedback:
        """Surveys, signals, and reports of conduct."""
        return Feedback(self._work)

    @cached_property
    def recognition(self) -> Recognition:
        """Awards and thanks."""
        return Recognition(self._work)

    @cached_property
    def deliveries(self) -> Deliveries:
        """Events on their way to subscribers."""
        return Deliveries(self._work)

    @cached_property
    def reports(self) -> Reports:
        """How programmes stand, and what came of them."""
        return Reports(self._work)

    @cached_property
    def today(self) -> Today:
        """Who owes what."""
        return Today(self._work)


SERVICES = tuple(name for name, held in vars(Kit).items() if isinstance(held, cached_property))
"""The names under which services hang on a kit."""

"""Every test of the services runs on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from worlds import World, opened


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with opened(database_url) as made:
        yield made

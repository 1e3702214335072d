"""One Hypothesis profile for all tests, the same examples each time on CI; real databases."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from mentorkit.testing import databases
from mentorkit.testing.databases import Absent, PostgresServer, postgres_server, sqlite_database

# SQLite waits for the disk at every commit, unless its file is in memory.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", databases._fast_folder())

settings.register_profile("mentorkit", deadline=None, max_examples=50)
settings.register_profile("mentorkit-ci", settings.get_profile("mentorkit"), derandomize=True)
settings.load_profile("mentorkit-ci" if os.environ.get("CI") else "mentorkit")


def pytest_collection_finish() -> None:
    """What is there by now stays: looking through it at each collection of garbage takes long."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this session (under xdist, of this worker)."""
    try:
        with postgres_server() as server:
            yield server
    except Absent as absent:
        pytest.skip(str(absent))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of the test's own; each test runs on either kind."""
    if request.param == "sqlite":
        yield sqlite_database(tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop(url)  # an empty one already takes 7 MB

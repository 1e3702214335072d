"""A few runs of `benchmarks/soak.py`, so that it stays alive; hundreds take minutes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
SOAK = HERE.parents[1] / "benchmarks" / "soak.py"

if sys.platform == "win32":
    pytest.skip("Windows has no kill -9 and no fork server", allow_module_level=True)


def soak(folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit status and the figures."""
    command = [sys.executable, str(SOAK), "--folder", str(folder), "--longest", "1", *options]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ended.stdout, ended.stderr
    return ended.returncode, json.loads(ended.stdout.splitlines()[-1])


@pytest.mark.parametrize(("database", "runs"), [("sqlite", 6), ("postgresql", 3)])
def test_nothing_is_lost_by_killing_the_house(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, runs: int
) -> None:
    if database == "postgresql":
        request.getfixturevalue("postgres")  # which skips, with the reason, where there is none
    status, figures = soak(tmp_path, "--database", database, "--runs", str(runs))
    assert (status, figures["findings"]) == (0, [])
    assert figures["runs"] == runs


@pytest.mark.parametrize("fault", ["two_transactions", "settled_first", "acknowledged_first"])
def test_a_house_that_loses_something_is_found_out(tmp_path: Path, fault: str) -> None:
    broken = str(HERE / f"{fault}.py")
    status, figures = soak(tmp_path, "--runs", "40", "--broken", broken)
    assert status == 1
    assert figures["findings"]

"""Benchmarks are run by hand, beside peers that are not installed here: names that they import
from mentorkit are there all the same."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

FILES = sorted((Path(__file__).parents[1] / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_benchmark_knows_the_names_of_today(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mentorkit"):
            module = importlib.import_module(node.module or "")
            missing = [held.name for held in node.names if not _has(module, held.name)]
            assert not missing, f"{node.module} has no {missing}"


def _has(module: object, name: str) -> bool:
    return hasattr(module, name) or bool(importlib.import_module(f"{module.__name__}.{name}"))  # type: ignore[attr-defined]

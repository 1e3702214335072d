"""Fuzzes what reads others' words, led by what of the code each input reaches.

    python benchmarks/fuzz.py TARGET... [--seconds 300] [--seed N] [--keep FOLDER]
    python benchmarks/fuzz.py all --seconds 60
    python benchmarks/fuzz.py TARGET --replay FILE...

A target may refuse an input with a MentorkitError. Any other exception is a finding, and so are
an input that takes longer than `SLOW` seconds and one that takes more than `MEMORY` megabytes.
Each finding is printed once, with its input, and status 1 ends it. With --keep, what was reached
is kept in FOLDER/TARGET and gone on from, and what was found in FOLDER/TARGET.found; --replay
gives files to a target without fuzzing.

It needs atheris, which has wheels for Linux: `pip install --group fuzz`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

HERE = Path(__file__)
SLOW = 20
"""Seconds; the slowest of the seeds takes less than one hundredth of it."""
MEMORY = 2048
LONGEST = 1 << 16
"""Bytes of an input."""
SHOWN = 400
"""Bytes of a finding's input that are printed."""
LATE = (
    "mentorkit.enrolment.tables",
    "mentorkit.plugins.rosters_csv",
    "mentorkit.plugins.rosters_xlsx",
    "mentorkit.plugins.surveys",
    "mentorkit.reports.match_plan",
    "openpyxl",
)
"""What is imported when it is first needed, and would not be looked into then."""
ABSENT = "atheris is not installed: pip install --group fuzz, on Linux"
FOUND = "mentorkit-fuzz-finding "


@attrs.frozen
class Fuzzed:
    """What came of one target."""

    name: str
    seconds: float
    executions: int
    edges: int
    features: int
    inputs: int
    findings: tuple[str, ...]

    @property
    def row(self) -> str:
        """A line of the table."""
        found = len(self.findings)
        return (
            f"{self.name:<14}{self.seconds:>8.0f}{self.executions:>12,}{self.edges:>8,}"
            f"{self.features:>10,}{self.inputs:>8,}{found:>10}"
        )


HEAD = (
    f"{'target':<14}{'seconds':>8}{'executions':>12}{'edges':>8}{'features':>10}{'inputs':>8}"
    f"{'findings':>10}"
)


def fuzzed(name: str, options: argparse.Namespace) -> Fuzzed:
    """Fuzz one target in a process of its own, and say what it comes to."""
    with tempfile.TemporaryDirectory(prefix="mentorkit-fuzz-") as scratch:
        folder = options.keep / name if options.keep else Path(scratch) / "inputs"
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(HERE), name, "--in-child", scratch, "--keep", str(folder)]
        command += ["--seconds", str(options.seconds), "--seed", str(options.seed)]
        begun = time.monotonic()
        child = subprocess.run(command, capture_output=True, text=True, errors="replace")
        seconds = time.monotonic() - begun
        lines = (child.stderr + "\n" + child.stdout).splitlines()
        findings = [
            json.loads(line.removeprefix(FOUND)) for line in lines if line.startswith(FOUND)
        ]
        broken = sorted(path for path in Path(scratch).iterdir() if "-" in path.name)
        findings += [f"{path.name.split('-')[0]}: {shown(path.read_bytes())}" for path in broken]
        if child.returncode and not findings:
            findings = ["the process ended by itself:\n" + "\n".join(lines[-20:])]
        return Fuzzed(name, seconds, *_figures(lines), len(list(folder.iterdir())), tuple(findings))


def _figures(lines: Sequence[str]) -> tuple[int, int, int]:
    """Executions, edges and features, of the last line that tells them."""
    pattern = re.compile(r"#(\d+)\s.*cov: (\d+) ft: (\d+)")
    told = [found for line in lines if (found := pattern.search(line))]
    executions, edges, features = told[-1].groups() if told else (0, 0, 0)
    return int(executions), int(edges), int(features)


def shown(data: bytes) -> str:
    """An input in print."""
    more = f" and {len(data) - SHOWN} bytes more" if len(data) > SHOWN else ""
    return f"{data[:SHOWN]!r}{more}"


def fuzz(name: str, options: argparse.Namespace) -> None:
    """Fuzz here; libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["mentorkit", "openpyxl", "tomllib", "http.client"]):
        for late in LATE:
            import_module(late)
        import fuzz_targets
    target = fuzz_targets.TARGETS[name]
    scratch = Path(options.in_child)
    seeds = scratch / "seeds"
    seeds.mkdir()
    for data in target.seeds():
        (seeds / hashlib.sha256(data).hexdigest()).write_bytes(data)
        target.run(data)  # which loads whatever is loaded late
    words = scratch / "words"
    words.write_text("\n".join(map(_quoted, fuzz_targets.fuzz_seeds.words())))
    told: set[str] = set()
    found = options.keep.with_suffix(".found")
    found.mkdir(exist_ok=True)

    def once(data: bytes) -> None:
        try:
            target.run(data)
        except Exception as error:
            _tell(error, data, told, found)

    atheris.Setup(
        [
            name, str(options.keep), str(seeds), f"-max_total_time={options.seconds}",
            f"-max_len={LONGEST}", f"-timeout={SLOW}", f"-rss_limit_mb={MEMORY}", "-len_control=20",
            f"-dict={words}", f"-artifact_prefix={scratch}/", f"-seed={options.seed}",
        ],
        once,
    )  # fmt: skip
    atheris.Fuzz()


def _quoted(word: str) -> str:
    """A word as libFuzzer's dictionaries have it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"'


def _tell(error: Exception, data: bytes, told: set[str], found: Path) -> None:
    """Print an error and its input, and keep it, if none came from the same place before."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(one.filename).name}:{one.lineno}" for one in frames]
    place = f"{type(error).__name__} at {places[-1]}"
    if place not in told:
        told.add(place)
        words = f"{place} by {' '.join(places[2:-1][-6:])}: {str(error)[:SHOWN]}\n  {shown(data)}"
        print(FOUND + json.dumps(words), flush=True)
        (found / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)


def replayed(name: str, files: Sequence[Path]) -> int:
    """Give files to a target; what is found is raised."""
    import fuzz_targets

    for file in files:
        fuzz_targets.TARGETS[name].run(file.read_bytes())
        print(f"{file}: {' '.join(fuzz_targets.SAID) or 'taken'}")
        fuzz_targets.SAID.clear()
    return 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="+", metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--replay", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--in-child", help=argparse.SUPPRESS)
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Fuzz the targets, one after the other."""
    options: Any = _options(words)
    if options.in_child:
        fuzz(options.targets[0], options)
    if options.replay:
        return replayed(options.targets[0], options.replay)
    import fuzz_targets

    known = list(fuzz_targets.TARGETS)
    names = known if options.targets == ["all"] else options.targets
    if strange := [name for name in names if name not in known]:
        print(f"there is no target {strange[0]!r}; there are {', '.join(known)}, and all")
        return 2
    try:
        import atheris  # noqa: F401
    except ImportError:
        print(ABSENT)
        return 2
    print(HEAD)
    found = False
    for name in names:
        outcome = fuzzed(name, options)
        print(outcome.row, *outcome.findings, sep="\n", flush=True)
        found = found or bool(outcome.findings)
    return int(found)


if __name__ == "__main__":
    sys.exit(main())

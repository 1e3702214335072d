"""Whatever file or word the command line is given, it ends with a sentence and a known code."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fuzz_seeds
import mangled
import pytest
from fuzz_targets import TARGETS
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import mentorkit
from mentorkit.cli.main import run
from mentorkit.cli.references import one_session
from mentorkit.errors import MentorkitError

pytestmark = pytest.mark.once

FEW = settings(max_examples=20, suppress_health_check=list(HealthCheck))
BEFORE = b"what was there before\n"
ENDS = {".json": b"}\n", ".csv": b"\r\n", ".html": b"</html>\n", ".toml": b"\n"}
"""How a file ends that is whole."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with people, a plan of theirs, and a house with a programme of theirs."""
    made = tmp_path_factory.mktemp("called")
    with contextlib.chdir(made):
        fuzz_seeds.roster(made)
        (made / "plan.json").write_bytes(fuzz_seeds.plans()[1])
        (made / "programme.toml").write_bytes(fuzz_seeds.programmes()[-1])
        for words in (
            "migrate",
            "programme new programme.toml --id autumn",
            "import people.csv --programme autumn",
        ):
            assert called(*words.split())[0] == 0
        yield made


def called(*words: str) -> tuple[int, str, str]:
    """The exit code and what was printed, as on a terminal in UTF-8."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors) for errors in HANDLING)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(list(words))
    out.flush()
    err.flush()
    told = (held.buffer.getvalue().decode() for held in (out, err))  # type: ignore[attr-defined]
    return (code, *told)


HANDLING = ("strict", "backslashreplace")


def _ended(*words: str) -> None:
    """Run a call, and see that it ends as every call does."""
    code, _, err = called(*words)
    assert code in (0, 1, 2), (code, err)
    assert "Traceback" not in err
    assert "did not load" not in err
    if code == 2:
        assert err.strip(), f"{words} said nothing"


CALLS: dict[str, tuple[str, str]] = {
    "match": ("csv", "match {} --out out.json --report out.html"),
    "match-xlsx": ("xlsx", "match {} --out out.csv"),
    "match-map": ("mapping", "match people.csv --map {} --out out.csv"),
    "match-programme": ("programme", "match people.csv --programme {} --out out.json"),
    "match-from": ("plan", "match people.csv --from {} --out out.json"),
    "verify": ("plan", "verify {} people.csv"),
    "audit": ("plan", "audit {} people.csv --by department"),
    "map": ("csv", "map {}"),
    "init": ("csv", "init {} --folder new"),
    "programme-new": ("programme", "programme new {} --id {id}"),
    "import": ("csv", "import {} --programme autumn --map mapped.toml"),
    "questionnaire": ("questionnaire", "questionnaire in autumn {}"),
    "survey": ("answers", "survey answer --from {}"),
    "figures": ("figures", "report autumn --figures {} --out out.html"),
    "house": ("house", "status --house {}"),
}
"""By name: what the file is of, and the call."""
ENDINGS = {
    "xlsx": ".xlsx",
    "mapping": ".toml",
    "programme": ".toml",
    "house": ".toml",
    "plan": ".json",
}


def _mangled(kind: str, data: st.DataObject) -> bytes:
    seed = data.draw(st.sampled_from(TARGETS[kind].seeds()))
    if data.draw(st.integers(0, 4)) == 0:
        return seed
    if ENDINGS.get(kind, ".csv") == ".csv" and data.draw(st.booleans()):
        return mangled.table(seed, data.draw)
    if kind == "plan":
        return mangled.as_json(mangled.tree(json.loads(seed), data.draw))
    return mangled.pieces(seed, data.draw)


@pytest.mark.parametrize("name", CALLS)
@given(data=st.data())
@FEW
def test_any_file(folder: Path, name: str, data: st.DataObject) -> None:
    kind, call = CALLS[name]
    file = folder / f"given{ENDINGS.get(kind, '.csv')}"
    file.write_bytes(_mangled(kind, data))
    outs = [folder / f"out{ending}" for ending in ENDS]
    for out in outs:
        out.write_bytes(BEFORE)
    (folder / "mapped.toml").write_bytes(fuzz_seeds.mappings()[0])
    there = set(os.listdir(folder))
    words = [
        str(file) if word == "{}" else word.replace("{id}", f"p{len(os.listdir(folder))}")
        for word in call.split()
    ]
    _ended(*words)
    for out in outs:
        held = out.read_bytes()
        assert held == BEFORE or held.endswith(ENDS[out.suffix]), f"{out.name} is half written"
    left = set(os.listdir(folder)) - there - {"new"}
    assert not left, f"{left} was left behind"
    for made in (folder / "new").glob("*"):
        made.unlink()


WORDS: dict[str, str] = {
    "weights": "match people.csv --programme programme.toml --weights {}",
    "pin": "match people.csv --pin {} p01",
    "matcher": "match people.csv --matcher {}",
    "compare": "match people.csv --compare {}",
    "explain": "match people.csv --explain {} p15",
    "starts": "match people.csv --starts {}",
    "seed": "match people.csv --seed {}",
    "executor": "match people.csv --executor {}",
    "file": "match {}",
    "by": "audit plan.json people.csv --by {}",
    "now": "status --now {}",
    "tenant": "status --tenant {}",
    "database": "status --database {}",
    "programme": "status {}",
    "id": "programme new programme.toml --id {}",
    "person": "export {}",
    "answer": "survey answer autumn {}",
    "rate": "rate autumn p01 interview {}",
    "invite": "invite new autumn --email {}",
    "revoke": "invite revoke {}",
    "journal": "journal {}",
    "disable": "plugins --disable {}",
    "plugin": "plugins --plugin {}",
    "house": "status --house {}",
    "goal": "goals record {} 5",
    "slots": "slots autumn --until {}",
    "command": "{} x",
}
TYPED = st.one_of(
    st.sampled_from([text for text in mangled.NASTY if set(text).isdisjoint("\0\ud800")]),
    st.sampled_from(["\udc80", "caf\udce9.csv"]),
    st.sampled_from(["skills=9e9", "skills=" + "9" * 5000, "skills=-1", "=", "skills", "skills=²"]),
    st.sampled_from(
        ["sqlite:///", "sqlite://a@b:c/d?e=f", "postgresql://:99999999/x", "mysql://x"]
    ),
    st.sampled_from(["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "2026-09-01T08:00Z"]),
    st.text(st.characters(exclude_characters="\0"), max_size=12),
)
"""What can be typed: no zero byte reaches a command, and half a sign stands for a broken byte."""


@pytest.mark.parametrize("name", WORDS)
@given(typed=TYPED)
@example(typed="skills=" + "9" * 5000)
@FEW
def test_any_word(folder: Path, name: str, typed: str) -> None:
    if name == "database" and not _harmless(typed):
        return
    _ended(*(typed if word == "{}" else word for word in WORDS[name].split()))


def _harmless(url: str) -> bool:
    """Whether a database at this URL is none of another machine, and no file outside."""
    return "/" not in url or url.startswith(("sqlite:///", "mysql:", "sqlite://a@b"))


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://host/x",
        "sqlite:///x?timeout=soon",
        "sqlite:///x?check_same_thread=perhaps",
        "postgresql://host:port/x",
        "sqlite:///" + "x" * 5000,
        "sqlite:///x\0y",
    ],
)
def test_a_url_of_no_database_is_refused(folder: Path, url: str) -> None:
    with pytest.raises(MentorkitError):
        mentorkit.open(url)
    assert not (folder / "x").exists()


def test_a_session_of_thousands_of_digits_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    found = SimpleNamespace(id="r")
    monkeypatch.setattr("mentorkit.cli.references.one_relationship", lambda *_: found)
    kit = SimpleNamespace(sessions=SimpleNamespace(of=lambda _: [SimpleNamespace(number=7)]))
    assert one_session(kit, "ann+may#07").number == 7  # type: ignore[arg-type]
    with pytest.raises(MentorkitError, match="session"):
        one_session(kit, "ann+may#" + "9" * 5000)  # type: ignore[arg-type]


def test_a_traceback_would_be_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def let_out(*_: Any) -> None:
        raise ValueError("let out")

    monkeypatch.setattr("mentorkit.cli.surveys.read_answers", let_out)
    with pytest.raises(ValueError, match="let out"):
        _ended("survey", "answer", "--from", "people.csv")

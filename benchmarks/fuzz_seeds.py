"""Valid inputs to begin with, made by code, and the words that they are made of."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from mentorkit import codec
from mentorkit.blueprint import blueprint_of
from mentorkit.cli.house_options import HouseFile
from mentorkit.cli.init import SAMPLE
from mentorkit.enrolment import (
    ColumnMap,
    Questionnaire,
    propose,
    propose_programme,
    read_people,
    write_map,
    write_programme,
)
from mentorkit.matching import match
from mentorkit.models import (
    Actor,
    Agreement,
    Blueprint,
    MatchPlan,
    Offer,
    Participant,
    Programme,
)
from mentorkit.registry import installed
from mentorkit.spreadsheets import csv_text

SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
ROLES = """
[roles.mentee]
when = { column = "role", one_of = ["mentee"] }
[roles.mentor]
capacity = "places"
when = { column = "role", one_of = ["mentor"] }
"""
PROGRAMMES = (
    "",
    'name = "Autumn"\nstarts = 2026-09-01\npractices = ["smart-goals"]\nseed = 7\n'
    '[policies]\nmatcher = "stable"\nbase = 1\nfloor = 2\nby = "department"\n'
    '[criteria.skills]\nkind = "skills"\nweight = 5\nwish_of = "left"\n'
    '[criteria.above]\nkind = "level-gap"\nattribute = "seniority"\nleast = 1\nmost = 2\n'
    '[constraints.other]\nkind = "different"\nattribute = "department"\n',
    'topology = "group"\n[criteria]\ninterests = { kind = "interests", weight = 2 }\n',
    'topology = "cross"\n[policies]\nmatcher = { kind = "greedy" }\n',
    '[surveys.every-month]\nkind = "pulse"\nevery = 30\n'
    '[awards]\nmeetings = { kind = "milestones", meetings = [1, 6, 12] }\n'
    '[signals]\nquiet = { kind = "silent", after = 40 }\n',
    '[protected.identity]\npurpose = "Equal chances."\nuses = ["parity"]\n'
    '[policies]\nparity = { by = "identity", within = 5 }\n'
    "[ratings.interview]\nleast = 1\nmost = 5\n"
    '[policies.scheduler]\nkind = "series"\n',
)


@cache
def people() -> tuple[Participant, ...]:
    """The made-up people of `init`: twenty, in both roles."""
    return read_people([SAMPLE], propose([SAMPLE], installed()).column_map(), installed()).people


@cache
def blueprint() -> Blueprint:
    """What a programme for them comes to."""
    return blueprint_of(propose_programme(people(), None), installed())


@cache
def roster(folder: Path) -> Path:
    """A file with them."""
    path = folder / "people.csv"
    path.write_bytes(SAMPLE.read_bytes())
    return path


def tables() -> list[bytes]:
    """CSV in the ways of several spreadsheets."""
    text = SAMPLE.read_text(encoding="utf-8")
    few = "".join(text.splitlines(keepends=True)[:5])
    return [
        text.encode(),
        few.replace(";", "|").replace(",", ";").encode("utf-8-sig"),
        few.replace(",", "\t").encode("utf-16"),
        few.replace("\n", "\r\n").replace("Ada", "Zoë").encode("cp1252"),
        b'sep=;\r\nid;name;role\r\n1;"Ann ""A"" Reed";mentee\r\n2;"May\r\nStone";mentor\r\n',
        b"Members of 2026\n\nid,name,role,free times,hours\n1,Ann,mentee,Mon-Fri 9-17,4\n",
        b"E-Mail,Vorname,Nachname,Mentorin?\nann@example.org,Ann,Reed,ja\n",
    ]


@cache
def workbook_parts() -> dict[str, bytes]:
    """The parts of a workbook, by name."""
    with zipfile.ZipFile(io.BytesIO(_workbook())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def _workbook() -> bytes:
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows: list[list[Any]] = [
        ["id", "name", "role", "joined", "hours", "willing"],
        ["1", "Ann Reed", "mentee", datetime.date(2026, 9, 1), 4, True],
        ["2", "May\nStone", "mentor", datetime.datetime(2026, 9, 1, 8), 2.5, None],
    ]
    for row in rows:
        sheet.append(row)
    book.create_sheet("other").append(["nothing"])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def workbooks() -> list[bytes]:
    """A workbook, deflated and not."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in workbook_parts().items():
            archive.writestr(name, text)
    return [_workbook(), made.getvalue()]


def sheets() -> list[bytes]:
    """The XML of a sheet."""
    inline = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'
        b'<row r="2"><c r="A2" t="str"><v>1</v></c><c r="B2" t="b"><v>1</v></c>'
        b'<c r="C2" t="e"><v>#N/A</v></c><c r="D2" t="d"><v>2026-09-01</v></c></row>'
        b'<row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>'
    )
    return [workbook_parts()[SHEET], inline]


def shared_strings() -> list[bytes]:
    """The XML of shared texts, and of styles after a zero byte."""
    texts = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>id</t></si>'
        b'<si><r><t>Ann </t></r><r><rPr><b/></rPr><t xml:space="preserve">Reed</t></r></si></sst>'
    )
    return [texts, texts + b"\0" + workbook_parts()[STYLES]]


def sharing(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts, with a sheet whose cells refer to shared texts and to styles."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    to = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    held = dict(parts)
    for name, end, more in (
        (
            "[Content_Types].xml",
            b"</Types>",
            f'<Override PartName="/{STRINGS}" ContentType="{kind}"/>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"</Relationships>",
            f'<Relationship Id="shared" Type="{to}" Target="sharedStrings.xml"/>',
        ),
    ):
        assert end in held[name]
        held[name] = held[name].replace(end, more.encode() + end)
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>{row - 1}</v></c><c r="B{row}" s="{row}">'
        f"<v>46000.5</v></c></row>"
        for row in (1, 2)
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'
    return {**held, SHEET: sheet.encode()}


def cells() -> list[bytes]:
    """Cells of every sort."""
    texts = (
        "Ann Reed", "12", "1.5", "-1,5", "1,000", "1.9.2026", "2026-09-01T08:00", "Python: 2; law",
        "Mon 09:00-12:00; Fri 10pm-2am", "mon-fri 9-17", "Sa & So 8.30 – 24", "Europe/Berlin",
        "ann@example.org", "low, high:2", "n/a", "English; German",
    )  # fmt: skip
    return [text.encode() for text in texts]


def mappings() -> list[bytes]:
    """Mappings for the made-up people, and one with every key."""
    proposed = write_map(propose([SAMPLE], installed()))
    stated = (
        'missing = ["n/a"]\nheader_row = 1\ndelimiter = ","\nencoding = "utf-8"\nsheet = "people"\n'
        '[fields]\nid = "id"\nname = ["name", "email"]\n'
        'seniority = { column = "seniority", scale = ["Junior", "Mid", "Senior"] }\n'
        'offers = { column = "can teach", split = ";", level_after = ":" }\n'
        'hours = { column = "places", number = true, decimal = "," }\ncohort = { value = "2026" }\n'
        '[protected]\nidentity = "languages"\n[left_out]\nprefers = "a wish"\n'
    )
    return [proposed.encode(), (stated + ROLES).encode(), ('[fields]\nid = "id"' + ROLES).encode()]


def programmes() -> list[bytes]:
    """Programmes of several topologies."""
    proposed = write_programme(propose_programme(people(), None))
    return [text.encode() for text in (*PROGRAMMES, proposed)]


def houses() -> list[bytes]:
    """Files of houses, with subscribers."""
    return [
        b'database = "sqlite:///mentoring.db"\ntenant = "north"\n',
        b'[subscribers.portal]\nkind = "webhook"\nurl = "https://example.org/hook?a=b"\n'
        b'secrets = ["PORTAL_SECRET"]\nevents = ["goal.agreed"]\ntimeout = 5\n'
        b'[subscribers]\nlog = { kind = "log-file", path = "events.jsonl" }\n',
    ]


def plans() -> list[bytes]:
    """Plans of several matchers."""
    stated = [Programme(), propose_programme(people(), None)]
    return [codec.to_json(match(people(), held), compact=True).encode() for held in stated]


def values() -> list[bytes]:
    """Plain data behind the number of its model; see the target."""
    held = [
        *((0, one) for one in people()[:2]),
        (1, people()[0].person),
        (2, Actor(person="ann", coordinates=["p"])),
        (5, blueprint()),
        (6, propose_programme(people(), None)),
    ]
    texts = [(number, codec.to_json(value, compact=True)) for number, value in held]
    texts += [
        (3, '{"starts": "2026-09-01", "ends": "2027-03-01"}'),
        (
            4,
            '{"windows": [{"weekday": 0, "start": 540, "end": 720}], "first": "2026-09-01", '
            '"last": "2026-12-01", "timezone": "Europe/Berlin"}',
        ),
        (7, '{"kind": "series", "every": 14}'),
    ]
    return [bytes([number]) + text.encode() for number, text in texts]


def figures() -> list[bytes]:
    """Figures of people, in two ways of writing."""
    return [
        b"person,measure,date,value\nann,retention,2026-09-01,1\nann,pay,2027-09-01,2.5\n",
        b"Date;Person;Value;Measure;Note\n2026-09-01T08:00;p01;;grade;x\n2026-09-02;p01;3;grade;\n",
    ]


def questionnaires() -> list[bytes]:
    """What is asked of the made-up people, answered and not."""
    asked = Questionnaire(blueprint(), people())
    text = csv_text(asked.columns, asked.rows())
    return [
        text.encode(),
        text.replace("Junior", "Senior").replace("chess", "go").encode(),
        b"id;free times;partners in all programmes\r\np01;Mon 9-12;2\r\n",
    ]


def answers() -> list[bytes]:
    """Answers to surveys."""
    return [
        b"request,person,name,survey,question,text,takes,answer\nr1,ann,Ann,pulse,q,How?,text,4\n",
        b'answer;question;request\r\n"Well,\r\nthank you";words;r1\r\n;q;r2\r\n',
    ]


def urls() -> list[bytes]:
    """URLs, addresses, and times to come again."""
    return [
        b"https://example.org/hook?a=b#c",
        b"http://[2001:db8::1]:8080/x",
        b"64:ff9b::7f00:1",
        b"::ffff:10.0.0.1",
        b"120",
        b"Fri, 31 Dec 2027 23:59:59 GMT",
    ]


def responses() -> list[bytes]:
    """What receivers answer."""
    return [
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Slow\r\nRetry-After: 60\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.0 503 No\r\nRetry-After: Fri, 31 Dec 2027 23:59:59 GMT\r\n"
        b"Content-Length: 3\r\n\r\nno",
    ]


def words() -> list[str]:
    """What the inputs are made of: the names of fields and kinds, and signs that mean something."""
    names = {
        name
        for cls in (MatchPlan, Programme, ColumnMap, HouseFile, Blueprint, Agreement, Offer)
        for name in _fields(cls, set())
    }
    slots = {slot for held in installed().plugins for slot, _ in held.kinds}
    kinds = {name for slot in slots for name in installed().names(slot)}
    signs = (
        "true", "null", "NaN", "1e999", "99999999999999999999", "\ufeff", "\u202e", "\r\n", '""',
        "[[", "]]", "{", "}", "'''", '"""', "sep=;", "\\u0000", "\\ud800", "2026-09-01",
        "0001-01-01", "9999-12-31T23:59:59Z", "&#0;", "<!DOCTYPE", "<!ENTITY", "inlineStr",
    )  # fmt: skip
    return sorted({*names, *kinds, *signs})


def _fields(cls: type, seen: set[type]) -> Iterator[str]:
    """The names of a model's fields, and of those of the models in it."""
    import typing

    if cls in seen or not attrs.has(cls):
        return
    seen.add(cls)
    for field in attrs.fields(attrs.resolve_types(cls)):
        yield field.name
        waiting: list[Any] = [field.type]
        while waiting:
            held = waiting.pop()
            waiting += typing.get_args(held)
            if isinstance(held, type):
                yield from _fields(held, seen)

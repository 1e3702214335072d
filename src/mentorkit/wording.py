"""Figures and names as a reader expects them: points, shares, plurals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import attrs

from mentorkit.models import POINT, Certificate, Finding, Participant, Quality, Value
from mentorkit.models.person import erased

SPACE = "\u00a0"
"""Keeps a number and its unit on one line."""

_NOT_FOR_HTML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def clean(text: str) -> str:
    """`text` with a replacement sign for every character that HTML cannot hold."""
    return _NOT_FOR_HTML.sub("\N{REPLACEMENT CHARACTER}", text)


def points(thousandths: int) -> str:
    """Thousandths of a point in points, exactly: 8000 is "8", 1500 is "1.5"."""
    whole, part = divmod(abs(thousandths), POINT)
    sign = "\N{MINUS SIGN}" if thousandths < 0 else ""
    return f"{sign}{whole:,}.{part:03}".rstrip("0").rstrip(".")


def brief_points(thousandths: int) -> str:
    """Points to two decimals at most, halves away from 0: 666 is "0.67"; only nothing is "0"."""
    hundredths = (abs(thousandths) + 5) // 10
    if thousandths and not hundredths:
        return "under 0.01"
    return points(-10 * hundredths if thousandths < 0 else 10 * hundredths)


def in_points(thousandths: int) -> str:
    """A score with its unit: "8 points", "1 point"."""
    return f"{points(thousandths)}{SPACE}{unit(thousandths)}"


def unit(thousandths: int) -> str:
    """The unit of a score, in the right number."""
    return "point" if thousandths == POINT else "points"


def share(part: int, whole: int) -> str:
    """`part` of `whole` in whole per cent; only all is 100, and only nothing is 0."""
    if whole <= 0:
        return "none"
    percent = (200 * part + whole) // (2 * whole)
    if part > 0 and percent == 0:
        return f"under 1{SPACE}%"
    if part < whole and percent == 100:
        return f"over 99{SPACE}%"
    return f"{percent}{SPACE}%"


def plural(noun: str) -> str:
    """More than one of `noun`, by the regular rules of English."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun) else "s")


def counted(number: int, noun: str) -> str:
    """How many of a noun: "1 pair", "35 pairs"."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def listed(words: Sequence[str]) -> str:
    """Words in a sentence: "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def claim(quality: Quality, certificate: Certificate) -> str:
    """What the certificate says of the total; empty where it claims nothing."""
    gap, bound = certificate.gap, certificate.bound
    if gap == 0 and certificate.above:
        return "as many matches as can be, the worst of them as good as can be, proven"
    best = "the best total that keeps parity" if certificate.groups else "the best total there is"
    if gap == 0 and certificate.lift:
        kept = " that keep parity" if certificate.groups else ""
        return f"as many matches as can be{kept}, and of these the best total, proven"
    if gap == 0 and certificate.stay:
        return f"{best}, at {points(certificate.stay)} for each pair that stays"
    if gap == 0:
        return f"{best}, proven"
    if gap is None or gap < 0 or bound is None or bound <= 0:
        return ""
    tenths = -(-1000 * gap // bound)
    percent = f"{tenths // 10}.{tenths % 10}".removesuffix(".0")
    return f"at most {percent}{SPACE}% below {best}"


def worded(value: Value | None) -> str:
    """What an attribute holds, as words that can be seen."""
    match value:
        case None:
            return "not given"
        case bool():
            return "yes" if value else "no"
        case tuple():
            said = ", ".join(value)
        case _:
            said = str(value)
    return said if visible(said) else "blank"


def visible(text: str) -> bool:
    """Whether a reader would see anything of it."""
    return any(sign.isprintable() and not sign.isspace() for sign in text)


@attrs.frozen
class Directory:
    """The people of a plan by id, under names that tell them apart."""

    people: dict[str, Participant]
    namesakes: frozenset[str]

    @classmethod
    def of(cls, people: Iterable[Participant]) -> Directory:
        """The directory of these people."""
        by_id = {participant.id: participant for participant in people}
        names = Counter(_shown(participant) for participant in by_id.values())
        return cls(by_id, frozenset(name for name, number in names.items() if number > 1))

    def name(self, person: str) -> str:
        """A person's name; with the id where two share it, the id alone without a name.

        Whoever was erased has neither.
        """
        if erased(person):
            return "(erased)"
        participant = self.people.get(person)
        name = _shown(participant) if participant else ""
        if not visible(name):
            return person
        return f"{name} ({person})" if name in self.namesakes else name

    def said(self, finding: Finding) -> str:
        """A finding's words, and for whom it speaks where not for both."""
        who = "" if finding.of is None else f"{self.name(finding.of)}: "
        return f"{who}{finding.message}"

    def value(self, person: str, attribute: str) -> Value | None:
        """What a person holds under an attribute; None is missing."""
        participant = self.people.get(person)
        return participant.value(attribute) if participant else None


def _shown(participant: Participant) -> str:
    return " ".join(participant.person.name.split())

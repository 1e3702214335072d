from __future__ import annotations

import tomllib

from hypothesis import given

from mentorkit import codec
from mentorkit.models import Choice, Policies, Programme, Use
from mentorkit.reports.programme_file import programme_file
from mentorkit.testing import strategies


@given(strategies.programmes())
def test_what_is_written_reads_back_as_the_same_programme(programme: Programme) -> None:
    text = programme_file(programme)
    assert codec.structure(Programme, tomllib.loads(text)) == programme
    assert all(sign.isprintable() or sign == "\n" for sign in text)


def test_it_looks_as_a_coordinator_would_write_it() -> None:
    programme = Programme(
        name="Autumn",
        policies=Policies(base=3, by="organisation", matcher=Choice("optimal")),
        criteria={"same profession": Use("same", {"attribute": "profession"}, weight=4)},
    )
    assert programme_file(programme) == (
        'name = "Autumn"\n'
        'topology = "one-to-one"\n'
        "seed = 0\n"
        "\n"
        "[policies]\n"
        "base = 3\n"
        'by = "organisation"\n'
        "\n"
        "[policies.matcher]\n"
        'kind = "optimal"\n'
        "\n"
        '[criteria."same profession"]\n'
        'attribute = "profession"\n'
        'kind = "same"\n'
        "weight = 4\n"
    )

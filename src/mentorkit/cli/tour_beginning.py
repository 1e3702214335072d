"""The tour from the database's tables to people who know whom they were matched with."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from mentorkit.cli.tour_scene import (
    APPLICANTS,
    DAY,
    ID,
    MAPPING,
    PROGRAMME,
    Chapter,
    Scene,
    in_kit,
    named,
    step,
)

WORKSHOP = "How to give feedback"
SEATS = 3


def beginning(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    """Enrolment, and the match."""
    yield from _enrolment(scene, at)
    if scene.blueprint.policies.approval:
        yield from _applicants(at)
    yield from _invitation(scene, at)
    yield from _workshop(scene, at)
    yield from _match(at)
    yield from _introductions(scene, at)
    if "proposed" in scene.blueprint.path:
        yield from _chat(scene, at + DAY)
    yield _held(at + 2 * DAY)


def _enrolment(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    migrate = step("migrate", python=scene.opening, dated=False)
    yield Chapter("A database gets its tables", at, (migrate,))
    new = step(
        "programme", "new", PROGRAMME, "--id", ID,
        python="from mentorkit import codec\n"
        f'programme = codec.from_toml(mentorkit.Programme, "{PROGRAMME}")\n'
        + in_kit(f'kit.programmes.create(programme, id="{ID}")'),
    )  # fmt: skip
    yield Chapter("The programme is created as its file states it", at, (new,))
    enrol = step(
        "import", "people.csv", "--map", MAPPING, "--programme", ID,
        python="from mentorkit.enrolment import load_map, read_people\n"
        f'column_map = load_map("{MAPPING}")\n'
        'people = read_people(["people.csv"], column_map, house.registry).people\n'
        + in_kit(f'kit.programmes.enrol("{ID}", people, entry="imported")'),
    )  # fmt: skip
    yield Chapter("The people of a spreadsheet are enrolled", at, (enrol,))


def _applicants(at: datetime.datetime) -> Iterator[Chapter]:
    add = step(
        "applicants", "add", APPLICANTS, "--map", MAPPING, "--programme", ID,
        python=f'applicants = read_people(["{APPLICANTS}"], column_map, house.registry).people\n'
        + in_kit(
            "for applicant in applicants:",
            f'    kit.programmes.apply("{ID}", applicant)',
        ),
    )  # fmt: skip
    yield Chapter("Two more apply, by letter", at, (add,))
    approve = step(
        "applicants", "approve", ID, "p24",
        python=in_kit(f'kit.programmes.approve("{ID}", "p24")'),
    )  # fmt: skip
    yield Chapter("One is approved", at, (approve,))
    reason = "no place is left; you come first next time"
    wait = step(
        "applicants", "wait", ID, "p25", "--reason", reason,
        python=in_kit(f'kit.programmes.wait("{ID}", "p25", "{reason}")'),
    )  # fmt: skip
    yield Chapter("The other is put on the waiting list, and reads why", at, (wait,))
    waiting = step(
        "applicants", "list", ID, python=in_kit(f'waiting = kit.programmes.waiting("{ID}")')
    )
    yield Chapter("The coordinator sees who waits", at, (waiting,))


def _invitation(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    role, email = scene.blueprint.roles[-1].name, "zoe@example.org"
    invite = step(
        "invite", "new", ID, "--role", role, "--email", email, "--key", "zoe",
        python=in_kit(
            "invitation, token = kit.programmes.invite(",
            f'    "{ID}", roles=["{role}"], email="{email}", key="zoe"',
            ")",
        ),
    )  # fmt: skip
    yield Chapter("Somebody is invited, by a token that works once", at, (invite,))


def _workshop(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    starts = at + DAY + datetime.timedelta(hours=7)
    announce = step(
        "gatherings", "announce", ID, WORKSHOP, "--starts", f"{starts:%Y-%m-%dT%H:%MZ}",
        "--minutes", "90", "--place", "Room 4", "--seats", str(SEATS), "--key", "workshop",
        python=f'starts = datetime.datetime.fromisoformat("{starts.isoformat()}")\n'
        + in_kit(
            "workshop = kit.gatherings.announce(",
            f'    "{ID}", "{WORKSHOP}", starts, starts + datetime.timedelta(minutes=90),',
            f'    place="Room 4", seats={SEATS}, key="workshop",',
            ")",
        ),
    )  # fmt: skip
    yield Chapter("A workshop with few seats is announced", at, (announce,))
    people = [held.id for held in scene.people()[: SEATS + 1]]
    sign_up = step(
        "gatherings", "sign-up", WORKSHOP, *people,
        python=in_kit(
            f"for person in {people}:",
            "    kit.gatherings.sign_up(workshop.id, person=person)",
        ),
        shown=SEATS + 1,
    )  # fmt: skip
    yield Chapter("Whoever comes too late waits for a seat", at, (sign_up,))


def _held(at: datetime.datetime) -> Chapter:
    hold = step("gatherings", "hold", WORKSHOP, python=in_kit("kit.gatherings.hold(workshop.id)"))
    return Chapter("The workshop was held", at, (hold,))


def _match(at: datetime.datetime) -> Iterator[Chapter]:
    draft = step(
        "draft", ID, "--key", "first",
        python=in_kit(f'draft = kit.matching.draft("{ID}", key="first")'),
    )  # fmt: skip
    yield Chapter("They are matched; the plan can be reviewed first", at, (draft,))
    publish = step("publish", ID, python=in_kit("kit.matching.publish(draft.id)"))
    yield Chapter("The plan is published: now they know each other", at, (publish,))


def _introductions(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    for held in scene.relationships()[:1]:
        person = held.people[0]
        introduce = step(
            "introductions", ID, "--person", person,
            python=in_kit(
                f'introduction = kit.matching.introduction("{held.id}", "{person}")',
                'letter = f"{introduction.subject}\\n\\n{introduction.text}"',
            ),
            shown=20,
        )  # fmt: skip
        yield Chapter("Each is told with whom, why, and what comes next", at, (introduce,))
    today = step("today", ID, python=in_kit(f'duties = kit.today.programme("{ID}")'))
    yield Chapter("The coordinator sees who owes what", at, (today,))


def _chat(scene: Scene, at: datetime.datetime) -> Iterator[Chapter]:
    for held in scene.relationships()[-1:]:
        person = held.people[0]
        chat = step(
            "chat", named(held), "--as", person,
            python=in_kit(f'kit.relationships.ask_chat("{held.id}", person="{person}")'),
        )  # fmt: skip
        yield Chapter("One wants to get to know the others first", at, (chat,))

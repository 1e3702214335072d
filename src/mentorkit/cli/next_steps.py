"""What a programme lacks to go on, and the command that brings it."""

from __future__ import annotations

from mentorkit.errors import NotFound
from mentorkit.kit import Kit
from mentorkit.models import ProgrammeRun
from mentorkit.wording import counted


def tell_lack(kit: Kit, programme: str, *, of_people: bool = False) -> None:
    """Say what a programme lacks, if anything; or only whom it lacks."""
    from mentorkit.cli.inputs import say
    from mentorkit.cli.output import clean

    run = kit.programmes.get(programme)
    if run.state == "closed":
        return
    words = _people(kit, run) or ("" if of_people else _together(kit, run))
    if words:
        say(clean(words))


def _people(kit: Kit, run: ProgrammeRun) -> str:
    """Whom it lacks: anybody, or those of a role."""
    there = [held.participant for held in kit.programmes.participants(run.id)]
    waiting = len(kit.programmes.waiting(run.id))
    for role in run.blueprint.roles:
        if role.least and not any(one.roles.get(role.name) for one in there):
            whom = f"as {role.name}" if there else "yet"
            lack = f"nobody takes part in {run.id} {whom}"
            if waiting:
                more = "waits" if waiting == 1 else "wait"
                lack += f", and {counted(waiting, 'applicant')} {more}: mentorkit applicants list"
                return f"{lack} {run.id}"
            return f"{lack}; next: mentorkit import FILES --programme {run.id}"
    return ""


def _together(kit: Kit, run: ProgrammeRun) -> str:
    """That nobody is together yet, and how they come to be."""
    if kit.relationships.page(run.id, limit=1):
        return ""
    if run.blueprint.path[0] == "booked":
        return (
            f"nobody has booked in {run.id} yet; mentorkit offer {run.id} PERSON offers office"
            f" hours, mentorkit slots {run.id} lists what can be booked"
        )
    try:
        kit.matching.latest(run.id)
    except NotFound:
        return f"nobody is matched in {run.id} yet; next: mentorkit draft {run.id}"
    return f"the draft of {run.id} is not published yet; next: mentorkit publish {run.id}"

"""Same country, another city: near enough to meet, far enough to meet someone new."""

import attrs

import mentorkit
from mentorkit.matching.columns import text


@attrs.frozen
class Settings:
    """What a mentor from the same city is worth, from 0.0 to 1.0."""

    same_city: float = attrs.field(
        default=0.5, validator=[attrs.validators.ge(0), attrs.validators.le(1)]
    )


def words(mentee, mentor, points):
    """What the two read."""
    return f"works in {text(mentor.value('location')) or 'an unknown place'}"


@mentorkit.criterion("near-but-new", settings=Settings, say=words)
def near_but_new(mentee, mentor, settings):
    mine, theirs = text(mentee.value("location")), text(mentor.value("location"))
    if mine is None or theirs is None or country(mine) != country(theirs):
        return 0
    return settings.same_city if mine == theirs else 1


def country(place):
    return place.split("/")[0]

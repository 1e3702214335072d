"""What schedulers are made of: wall clocks, free time, and arithmetic on intervals.

`free_times` says when people have time, `wall_clock` which instant a clock on the wall
means, `public_holidays` on which days nobody meets, and `merged`, `intersection` and
`difference` reckon with intervals. All of it is pure: seconds since 1970 in UTC, half open,
and no clock of its own.
"""

from mentorkit.scheduling.board import Asked, Board
from mentorkit.scheduling.chains import fill
from mentorkit.scheduling.free_time import AROUND, WORKING_HOURS, free_times
from mentorkit.scheduling.intervals import difference, intersection, merged
from mentorkit.scheduling.office_hours import slots, still_open
from mentorkit.scheduling.public_holidays import check_places, public_holidays
from mentorkit.scheduling.spacing import Room, Spacing
from mentorkit.scheduling.wall_clock import midnight, wall_clock

__all__ = [
    "AROUND",
    "WORKING_HOURS",
    "Asked",
    "Board",
    "Room",
    "Spacing",
    "check_places",
    "difference",
    "fill",
    "free_times",
    "intersection",
    "merged",
    "midnight",
    "public_holidays",
    "slots",
    "still_open",
    "wall_clock",
]

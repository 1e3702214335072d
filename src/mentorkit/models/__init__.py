"""The words of mentoring as frozen values, one module a noun."""

from mentorkit.models.frozenmap import FrozenMap
from mentorkit.models.message import NOT_AVAILABLE, Message
from mentorkit.models.participant import LISTED, Participant, Skill, Window
from mentorkit.models.person import Level, Person, Value
from mentorkit.models.plan import (
    POINT,
    Certificate,
    Explanation,
    Finding,
    GroupRate,
    Match,
    MatchPlan,
    Member,
    Pair,
    Quality,
    Record,
    Team,
    Unmatched,
)
from mentorkit.models.programme import (
    Blueprint,
    Choice,
    Policies,
    Practice,
    Programme,
    Role,
    Topology,
    Use,
)
from mentorkit.models.roster import Row

__all__ = [
    "LISTED",
    "NOT_AVAILABLE",
    "POINT",
    "Blueprint",
    "Certificate",
    "Choice",
    "Explanation",
    "Finding",
    "FrozenMap",
    "GroupRate",
    "Level",
    "Match",
    "MatchPlan",
    "Member",
    "Message",
    "Pair",
    "Participant",
    "Person",
    "Policies",
    "Practice",
    "Programme",
    "Quality",
    "Record",
    "Role",
    "Row",
    "Skill",
    "Team",
    "Topology",
    "Unmatched",
    "Use",
    "Value",
    "Window",
]

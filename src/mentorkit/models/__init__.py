"""The words of mentoring as frozen values, one module a noun."""

from mentorkit.models.actor import EVERY, SYSTEM, Actor
from mentorkit.models.audit import Audit, Estimate, GroupAudit, RateGap
from mentorkit.models.columns import Columns
from mentorkit.models.event import Delivery, Event
from mentorkit.models.export import Export
from mentorkit.models.frozenmap import FrozenMap
from mentorkit.models.goal import Goal, Progress
from mentorkit.models.history import Chronicle, History, Part, ProgrammeReport, Status
from mentorkit.models.message import NOT_AVAILABLE, Message
from mentorkit.models.outcome import Change, Figure
from mentorkit.models.participant import LISTED, Participant, Skill, Window
from mentorkit.models.person import Level, Person, Value
from mentorkit.models.plan import (
    POINT,
    Certificate,
    Explanation,
    Finding,
    Freely,
    GroupBound,
    GroupRate,
    Match,
    MatchPlan,
    Member,
    Moves,
    OddSet,
    Pair,
    Quality,
    Record,
    Team,
    Unmatched,
)
from mentorkit.models.programme import (
    SLOTS,
    Blueprint,
    Choice,
    Fragment,
    Parity,
    Policies,
    Practice,
    Programme,
    Protected,
    Role,
    Step,
    Topology,
    Use,
)
from mentorkit.models.relationship import Agreement, Note, Outcome, Relationship
from mentorkit.models.roster import Row
from mentorkit.models.rule import Award, Effect, Signal, Verdict
from mentorkit.models.run import Draft, Enrolment, ProgrammeRun
from mentorkit.models.schedule import Free, Interval, Placement, Slot, Unplaced, Wish
from mentorkit.models.session import Session
from mentorkit.models.survey import Answer, Ask, Audience, Question, Request, Tally

__all__ = [
    "EVERY",
    "LISTED",
    "NOT_AVAILABLE",
    "POINT",
    "SLOTS",
    "SYSTEM",
    "Actor",
    "Agreement",
    "Answer",
    "Ask",
    "Audience",
    "Audit",
    "Award",
    "Blueprint",
    "Certificate",
    "Change",
    "Choice",
    "Chronicle",
    "Columns",
    "Delivery",
    "Draft",
    "Effect",
    "Enrolment",
    "Estimate",
    "Event",
    "Explanation",
    "Export",
    "Figure",
    "Finding",
    "Fragment",
    "Free",
    "Freely",
    "FrozenMap",
    "Goal",
    "GroupAudit",
    "GroupBound",
    "GroupRate",
    "History",
    "Interval",
    "Level",
    "Match",
    "MatchPlan",
    "Member",
    "Message",
    "Moves",
    "Note",
    "OddSet",
    "Outcome",
    "Pair",
    "Parity",
    "Part",
    "Participant",
    "Person",
    "Placement",
    "Policies",
    "Practice",
    "Programme",
    "ProgrammeReport",
    "ProgrammeRun",
    "Progress",
    "Protected",
    "Quality",
    "Question",
    "RateGap",
    "Record",
    "Relationship",
    "Request",
    "Role",
    "Row",
    "Session",
    "Signal",
    "Skill",
    "Slot",
    "Status",
    "Step",
    "Tally",
    "Team",
    "Topology",
    "Unmatched",
    "Unplaced",
    "Use",
    "Value",
    "Verdict",
    "Window",
    "Wish",
]

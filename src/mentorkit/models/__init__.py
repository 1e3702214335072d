"""The words of mentoring as frozen values, one module a noun."""

from mentorkit.models.action import Action
from mentorkit.models.actor import EVERY, SYSTEM, Actor
from mentorkit.models.agreement import (
    AgreementPoint,
    AgreementTemplate,
    Confidentiality,
    Expectation,
)
from mentorkit.models.audit import Audit, Estimate, GroupAudit, RateGap
from mentorkit.models.columns import Columns
from mentorkit.models.conduct import ConductReport
from mentorkit.models.diploma import Diploma
from mentorkit.models.event import Delivery, Event
from mentorkit.models.exchange import Query, Reply, Resource
from mentorkit.models.export import Export
from mentorkit.models.frozenmap import FrozenMap
from mentorkit.models.gathering import Gathering, Seat
from mentorkit.models.goal import Goal, Progress
from mentorkit.models.history import Chronicle, Deed, History, Part, ProgrammeReport, Status
from mentorkit.models.insight import Insight
from mentorkit.models.introduction import Introduction
from mentorkit.models.invitation import Invitation
from mentorkit.models.message import NOT_AVAILABLE, Message
from mentorkit.models.office_hours import Offer, OfficeHours, Opening
from mentorkit.models.outcome import Change, Figure
from mentorkit.models.participant import LISTED, Instead, Participant, Skill, Travel, Window
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
from mentorkit.models.prep_sheet import PrepSheet
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
    RatingScale,
    Role,
    Step,
    Topology,
    Use,
)
from mentorkit.models.relationship import (
    Agreement,
    Extension,
    Former,
    Note,
    Outcome,
    Pause,
    Proposal,
    Relationship,
)
from mentorkit.models.roster import Row
from mentorkit.models.rule import Award, Effect, Signal, Verdict
from mentorkit.models.run import Draft, Enrolment, Entry, ProgrammeRun, Rating, State
from mentorkit.models.schedule import Free, Interval, Placement, Slot, Unplaced, Wish
from mentorkit.models.session import Session
from mentorkit.models.story import Story
from mentorkit.models.survey import (
    Answer,
    Ask,
    Audience,
    Concern,
    Form,
    Instrument,
    Question,
    Request,
    Tally,
)
from mentorkit.models.today import Duty

__all__ = [
    "EVERY",
    "LISTED",
    "NOT_AVAILABLE",
    "POINT",
    "SLOTS",
    "SYSTEM",
    "Action",
    "Actor",
    "Agreement",
    "AgreementPoint",
    "AgreementTemplate",
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
    "Concern",
    "ConductReport",
    "Confidentiality",
    "Deed",
    "Delivery",
    "Diploma",
    "Draft",
    "Duty",
    "Effect",
    "Enrolment",
    "Entry",
    "Estimate",
    "Event",
    "Expectation",
    "Explanation",
    "Export",
    "Extension",
    "Figure",
    "Finding",
    "Form",
    "Former",
    "Fragment",
    "Free",
    "Freely",
    "FrozenMap",
    "Gathering",
    "Goal",
    "GroupAudit",
    "GroupBound",
    "GroupRate",
    "History",
    "Insight",
    "Instead",
    "Instrument",
    "Interval",
    "Introduction",
    "Invitation",
    "Level",
    "Match",
    "MatchPlan",
    "Member",
    "Message",
    "Moves",
    "Note",
    "OddSet",
    "Offer",
    "OfficeHours",
    "Opening",
    "Outcome",
    "Pair",
    "Parity",
    "Part",
    "Participant",
    "Pause",
    "Person",
    "Placement",
    "Policies",
    "Practice",
    "PrepSheet",
    "Programme",
    "ProgrammeReport",
    "ProgrammeRun",
    "Progress",
    "Proposal",
    "Protected",
    "Quality",
    "Query",
    "Question",
    "RateGap",
    "Rating",
    "RatingScale",
    "Record",
    "Relationship",
    "Reply",
    "Request",
    "Resource",
    "Role",
    "Row",
    "Seat",
    "Session",
    "Signal",
    "Skill",
    "Slot",
    "State",
    "Status",
    "Step",
    "Story",
    "Tally",
    "Team",
    "Topology",
    "Travel",
    "Unmatched",
    "Unplaced",
    "Use",
    "Value",
    "Verdict",
    "Window",
    "Wish",
]

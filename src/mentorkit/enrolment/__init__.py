"""Brings people in: from spreadsheets' rows, by a mapping, to participants."""

from mentorkit.enrolment.column_map import ColumnMap, Condition, RoleRule, Source, load_map
from mentorkit.enrolment.inventory import suggest_skills
from mentorkit.enrolment.people import Enrolment, read_people
from mentorkit.enrolment.programme_proposal import propose_programme
from mentorkit.enrolment.proposal import Proposal, propose, propose_map
from mentorkit.enrolment.questionnaire import Answered, Questionnaire
from mentorkit.enrolment.writing import write_map, write_programme

__all__ = [
    "Answered",
    "ColumnMap",
    "Condition",
    "Enrolment",
    "Proposal",
    "Questionnaire",
    "RoleRule",
    "Source",
    "load_map",
    "propose",
    "propose_map",
    "propose_programme",
    "read_people",
    "suggest_skills",
    "write_map",
    "write_programme",
]

"""mentorkit: a plugin-based mentorship framework for embedding in other platforms.

    plan = mentorkit.match(people, mentorkit.Programme(...))

Importing this package loads no plugin and nothing heavy; each name below loads its
module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mentorkit.errors import (
        Conflict,
        Fault,
        Invalid,
        MentorkitError,
        NotFound,
        PluginFailed,
    )
    from mentorkit.hookspecs import hookimpl
    from mentorkit.interfaces import Problem, Solution
    from mentorkit.kinds import NoSettings, criterion, kind
    from mentorkit.matching import match
    from mentorkit.models import (
        Blueprint,
        Choice,
        FrozenMap,
        Level,
        MatchPlan,
        Message,
        Participant,
        Person,
        Policies,
        Practice,
        Programme,
        Role,
        Row,
        Skill,
        Topology,
        Use,
        Window,
    )
    from mentorkit.registry import Registry

_HOMES = {
    "errors": ("Conflict", "Fault", "Invalid", "MentorkitError", "NotFound", "PluginFailed"),
    "hookspecs": ("hookimpl",),
    "interfaces": ("Problem", "Solution"),
    "kinds": ("NoSettings", "criterion", "kind"),
    "matching": ("match",),
    "models": (
        *("Blueprint", "Choice", "FrozenMap", "Level", "MatchPlan", "Message", "Participant"),
        *("Person", "Policies", "Practice", "Programme", "Role", "Row", "Skill", "Topology"),
        *("Use", "Window"),
    ),
    "registry": ("Registry",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__version__ = "0.1.0"
__all__ = [  # noqa: PLE0604
    "__version__",
    *_HOME_OF,
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'mentorkit' has no attribute {name!r}")
    value = getattr(import_module(f"mentorkit.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

"""The front door: every public name, in its home."""

from .errors import Conflict as Conflict
from .errors import Fault as Fault
from .errors import Invalid as Invalid
from .errors import MentorkitError as MentorkitError
from .errors import NotFound as NotFound
from .errors import PluginFailed as PluginFailed
from .hookspecs import hookimpl as hookimpl
from .interfaces import Problem as Problem
from .interfaces import Solution as Solution
from .kinds import NoSettings as NoSettings
from .kinds import criterion as criterion
from .kinds import kind as kind
from .matching import match as match
from .models import Blueprint as Blueprint
from .models import Choice as Choice
from .models import FrozenMap as FrozenMap
from .models import Level as Level
from .models import MatchPlan as MatchPlan
from .models import Message as Message
from .models import Participant as Participant
from .models import Person as Person
from .models import Policies as Policies
from .models import Practice as Practice
from .models import Programme as Programme
from .models import Role as Role
from .models import Row as Row
from .models import Skill as Skill
from .models import Topology as Topology
from .models import Use as Use
from .models import Window as Window
from .registry import Registry as Registry
from .registry import load as load

__version__: str

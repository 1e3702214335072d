"""mentorkit: a plugin-based mentorship framework for embedding in other platforms.

    plan = mentorkit.match(people, mentorkit.Programme(...))

Importing this package loads no plugin and nothing heavy: the names listed in its stub,
`__init__.pyi`, load their modules when they are first used.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

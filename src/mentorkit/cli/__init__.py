"""The command line: one module a command, imported when it runs."""

from mentorkit.cli.main import main

__all__ = ["main"]

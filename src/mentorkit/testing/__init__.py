"""What tests of plugins and hosts are made of.

`contract` makes a test of every promise that a plugin's object gives;
`mentorkit.testing.strategies` draws people, programmes and plans.
"""

from mentorkit.testing.contracts import Check, checks, contract

__all__ = ["Check", "checks", "contract"]

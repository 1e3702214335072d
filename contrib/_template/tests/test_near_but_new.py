import mentorkit_near_but_new
from mentorkit_near_but_new import near_but_new

from mentorkit.testing import contract


@contract(near_but_new)
def test_criterion(check):
    check()


@contract(mentorkit_near_but_new)
def test_plugin(check):
    check()

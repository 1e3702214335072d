"""One Hypothesis profile for all tests: the same examples each time on CI."""

import os

from hypothesis import settings

settings.register_profile("mentorkit", deadline=None, max_examples=50)
settings.register_profile("mentorkit-ci", settings.get_profile("mentorkit"), derandomize=True)
settings.load_profile("mentorkit-ci" if os.environ.get("CI") else "mentorkit")

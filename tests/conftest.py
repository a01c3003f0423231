"""For every test: properties are about behaviour, never about time, because machines are noisy.

In CI they look at the same examples each time, so that a change is judged by itself; elsewhere at new ones.
"""

import os

from hypothesis import settings

settings.register_profile("cuewalk", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("cuewalk")

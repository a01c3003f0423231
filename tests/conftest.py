"""For every test: properties are about behaviour, never about time, because machines are noisy."""

from hypothesis import settings

settings.register_profile("cuewalk", deadline=None)
settings.load_profile("cuewalk")

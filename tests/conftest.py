"""What every test shares: properties are checked on the same examples every time, without a clock."""

from hypothesis import settings

settings.register_profile("default", deadline=None, derandomize=True)
settings.load_profile("default")

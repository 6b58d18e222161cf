"""Properties are true or false, however busy the machine is: no time limit decides."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

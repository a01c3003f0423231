"""``cuewalk calibrate``: a minute in which a person says the main words and cuewalk learns how they sound."""

"""``cuewalk calibrate``: two minutes in which a person says the main words and cuewalk learns them."""

"""Learning a person: calibration, own phrases, and what the person's corrections teach."""

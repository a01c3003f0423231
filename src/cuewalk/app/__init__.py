"""A person at real devices: the live session and the check-in by voice."""

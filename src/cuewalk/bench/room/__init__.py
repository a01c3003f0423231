"""Measures a session in a virtual room: which echo, reverberation and noise its hearing stands."""

"""Measures a live session from sound to sound, on real audio streams without hardware."""

"""Frames in and out: one `api`, the live device and the virtual room behind it."""

"""Measures start, processor time and memory of every engine that is there."""

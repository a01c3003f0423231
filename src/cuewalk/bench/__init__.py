"""Benchmarks: how well and how fast it hears, measured through the pipeline of a live session."""

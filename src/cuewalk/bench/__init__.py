"""Benchmarks: how well and fast a session hears, how right it decides, what it loses when things break."""

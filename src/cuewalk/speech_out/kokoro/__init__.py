"""Kokoro-82M, a network that speaks English: its weights, its pronunciation, its voices."""

"""Tells a person in a quarter of a minute whether their microphone, speaker and voice work together."""

"""Locale packs: one set of phrases gives the recogniser's grammar and the interpreter. Pure."""

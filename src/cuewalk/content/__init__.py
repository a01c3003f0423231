"""Loads programmes, movements, phrases and rules from ``scripts_audio`` and says what is wrong with them."""

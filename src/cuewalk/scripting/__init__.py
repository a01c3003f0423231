"""Programmes as texts and as sound, without a session: checked, rendered to a file, previewed."""

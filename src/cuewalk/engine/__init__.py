"""The session engine: pure. It is told events and returns effects; it performs nothing."""

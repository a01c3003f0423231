"""The journal: the append-only truth of every session, in SQLite."""

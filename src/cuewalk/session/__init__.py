"""The session's loop and everything it drives: attention, voice, logbook, timers, keyboard, screens."""

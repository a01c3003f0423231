"""Speech synthesis (TTS): cues rendered by a voice engine in a process of its own, and cached."""

"""Speaking: cues rendered to audio by a voice engine in a process of its own, and cached."""

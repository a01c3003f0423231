"""The quality of a microphone's signal: level, clipping, holes, spectrum; and what to tell the person."""

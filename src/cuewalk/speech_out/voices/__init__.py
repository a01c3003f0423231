"""Voice engines: each renders a line of text to audio, in a process of its own where it may crash."""

"""A conversation on a device: the loop, barge-in, cue playback, logbook, keyboard, screens."""

"""Sound in files: WAV and encoded, read and written whole."""

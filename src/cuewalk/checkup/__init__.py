"""Is everything there and does it work: the doctor, the sound check, playing back."""

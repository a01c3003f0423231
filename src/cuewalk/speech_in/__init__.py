"""Speech recognition (STT): VAD, endpointing, and recognisers behind one `api`."""

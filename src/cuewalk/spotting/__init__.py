"""The spotter's mathematics: windows, pooled features, the head, its training. Arrays in, arrays out."""

"""The spotter's mathematics: windows, pooled features, the small head, its training. Pure: arrays in, arrays out."""

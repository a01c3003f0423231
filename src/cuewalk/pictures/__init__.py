"""Pictures of movements: key poses kept as data become an animated drawing; no I/O, no clock."""

"""Files on the disk: one writer, one reader. Every other module goes through here.

`writing` puts a file in its place whole or not at all, readable by its owner alone.
`reading` bounds a file before anything is computed from what it claims. `faults` turns errors of the system
into sentences. `wav` and `toml_lines` know the formats.
"""

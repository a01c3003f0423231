"""Files on the disk: one writer, one reader. Every other module goes through here.

`writing` puts a file in its place whole or not at all, readable by its owner alone.
`reading` bounds a file before anything believes it. `faults` turns what the system says into words.
"""

"""Text on a terminal: tables, wrapping, what is left out where nobody looks."""

"""Text on a terminal: tables, wrapping, and what a pipe or a file gets instead."""

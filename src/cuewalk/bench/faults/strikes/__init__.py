"""What goes wrong: kills, refused operations, lost power, and the seeing of every operation."""

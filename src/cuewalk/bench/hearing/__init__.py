"""The listening benchmark: recordings played to the pipeline of a live session, decisions counted."""

"""Broken inputs: what is read, how it is damaged, and the smallest piece that still shows a failure."""

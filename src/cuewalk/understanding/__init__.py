"""What was meant: hypotheses of all recognisers, weighed against what is expected, become an event."""

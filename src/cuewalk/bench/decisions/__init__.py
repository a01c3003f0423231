"""The decision benchmark: simulated people with known effects rate before and after."""

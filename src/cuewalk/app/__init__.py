"""Wiring: the pump, the effects performed, the simulated person, the screens."""

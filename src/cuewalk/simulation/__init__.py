"""The simulated person, and sessions without one: demonstrations, made-up history."""

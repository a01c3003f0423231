"""Trains the spotter's head from people's recordings and synthetic voices. Seeded and repeatable.

python -m tools.train_spotter --recordings DIR --out models/spotter-en-US
"""

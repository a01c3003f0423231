"""The model store: what recognisers need besides this package, verified before use."""

"""The model store: files that recognisers need beside this package, verified before use."""

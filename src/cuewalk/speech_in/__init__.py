"""Hearing: voice activity, utterances, recognisers behind one `api`."""

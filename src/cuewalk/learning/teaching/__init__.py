"""Teaching the spotter a word or a language without recordings: synthetic voices speak it."""

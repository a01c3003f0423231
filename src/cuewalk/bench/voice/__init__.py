"""The voices' benchmark: two recognisers write down every line as each voice speaks it."""

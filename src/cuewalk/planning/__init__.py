"""What a session starts with: set-up from the journal, own programmes, the next morning. No sound."""

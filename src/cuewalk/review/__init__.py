"""What is looked at afterwards: the log of ratings, corrections, replay, the summary. No sound."""

"""AEC: the echo path's delay and drift, the adaptive filter, the canceller."""

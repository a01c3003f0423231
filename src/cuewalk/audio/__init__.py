"""Signal processing on frames of sound: play-out, mixing, resampling, AEC, signal quality. No devices."""

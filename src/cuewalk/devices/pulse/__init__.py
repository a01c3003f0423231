"""PulseAudio and PipeWire: sound servers, default devices, ducking of other programs."""

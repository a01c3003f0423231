"""Sound in and out: PortAudio streams, lasting and reopened devices, the virtual room; one `audio.api`."""

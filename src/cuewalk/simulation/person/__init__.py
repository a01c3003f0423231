"""The simulated person: hears each prompt, answers aloud, and is heard by the real recogniser."""

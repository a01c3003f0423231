"""From what the engine wants said to the words of the locale."""

from cuewalk.engine.effects import Speak
from cuewalk.engine.lines import Line
from cuewalk.language.pack import LocalePack


class Wording:
    """Renders `Speak` effects; the wordings of a coaching cue take turns, so that nobody hears a parrot."""

    def __init__(self, pack: LocalePack) -> None:
        self._pack = pack

    def text_of(self, speak: Speak | Line) -> str:
        """Return the text of one line."""
        if speak.prompt == "coaching":
            return self._coaching(int(speak.slots["index"]))
        return self._pack.render(speak.prompt, speak.slots, speak.length)

    def _coaching(self, index: int) -> str:
        cues = self._pack.coaching
        wordings = cues[index % len(cues)]
        return wordings[index // len(cues) % len(wordings)]

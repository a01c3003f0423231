"""From what the engine wants said to the words of the locale."""

from cuewalk.engine.effects import Speak
from cuewalk.engine.lines import Line
from cuewalk.language.pack import LocalePack


class Wording:
    """Words lines, each once; the wordings of a coaching cue take turns, so that nobody hears a parrot."""

    def __init__(self, pack: LocalePack) -> None:
        self._pack = pack
        self._worded: dict[tuple[object, ...], str] = {}

    def text_of(self, line: Speak | Line) -> str:
        """Return the text of one line."""
        key = (line.prompt, line.length, *line.slots.items())
        text = self._worded.get(key)
        if text is None:
            text = self._worded[key] = self._text_of(line)
        return text

    def _text_of(self, line: Speak | Line) -> str:
        if line.prompt != "coaching":
            return self._pack.render(line.prompt, line.slots, line.length)
        cues, index = self._pack.coaching, int(line.slots["index"])
        wordings = cues[index % len(cues)]
        return wordings[index // len(cues) % len(wordings)]

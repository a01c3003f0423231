"""Prompts: checked against the slots they are given, and rendered to the text that is spoken."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cuewalk.domain.errors import BugError
from cuewalk.domain.prompts import PROMPT_SLOTS
from cuewalk.language.errors import PhraseError
from cuewalk.language.numbers import SpokenNumbers
from cuewalk.language.schema import LocaleWords, PromptsFile

#: Slots that hold a numeral ("3", "4.5") and are spoken as words.
NUMBER_SLOTS = frozenset({"value", "low", "high", "n", "total", "left"})
#: The prompt whose text is its own slot ``text``.
LITERAL = "literal"

_SLOT = re.compile(r"\{([a-z_]+)\}")


def slots_in(text: str) -> frozenset[str]:
    """Return the names of the slots in ``text``."""
    return frozenset(_SLOT.findall(text))


def check_prompts(prompts: PromptsFile) -> None:
    """Check that every prompt of the engine is there and that its texts use the slots they are given.

    Raises:
        PhraseError: for the first missing prompt or wrong slot.
    """
    for key, given in PROMPT_SLOTS.items():
        if key not in prompts:
            raise PhraseError("prompts", (key,), f"the prompt {key!r} is missing.", "Write its text.")
        for length, text in prompts[key].model_dump(exclude_none=True).items():
            if wanted := _wrong_slots(text, given.split()):
                raise PhraseError(
                    "prompts",
                    (key, length),
                    f"the slots in {text!r} are not the ones it is given.",
                    f"Use these slots: {wanted}.",
                )


def _wrong_slots(text: str, given: Sequence[str]) -> str:
    """Return the slots that a text may use, "" where it uses them rightly; one with ``?`` may be left out."""
    allowed = {name.rstrip("?") for name in given}
    needed = {name for name in given if not name.endswith("?")}
    if "{" not in _SLOT.sub("", text) and needed <= slots_in(text) <= allowed:
        return ""
    return ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"


@dataclass(frozen=True)
class Prompter:
    """Renders prompts to the text that is spoken and shown."""

    texts: Mapping[str, tuple[str, ...]]
    words: LocaleWords
    numbers: SpokenNumbers

    def render(self, prompt: str, slots: Mapping[str, str], length: int = 0) -> str:
        """Return the text of ``prompt`` with its slots in words; a length beyond the last is the last.

        Raises:
            BugError: for a prompt or a slot that does not exist, or a slot value that cannot be spoken.
        """
        text = "{text}" if prompt == LITERAL else self._text(prompt, length)
        missing = slots_in(text) - slots.keys()
        if missing:
            raise BugError(f"The prompt {prompt!r} was not given its slot {min(missing)!r}.")
        # One pass: braces within a slot's own text are not slots.
        return _SLOT.sub(lambda found: self._spoken(found, slots[found[1]]), text)

    def _text(self, prompt: str, length: int) -> str:
        if prompt not in self.texts:
            raise BugError(f"There is no prompt {prompt!r} in this locale.")
        lengths = self.texts[prompt]
        return lengths[min(max(length, 0), len(lengths) - 1)]

    def _spoken(self, found: re.Match[str], value: str) -> str:
        """Return a slot's value in words, with a capital where it begins the text ("Six.")."""
        words = self._in_words(found[1], value)
        return value if words is None else words[:1].upper() + words[1:] if found.start() == 0 else words

    def _in_words(self, slot: str, value: str) -> str | None:
        """Return None for slots that are spoken as they are."""
        if slot in NUMBER_SLOTS:
            return self.numbers.say(value)
        words = self.words.by_slot.get(slot)
        if words is None:
            return None
        if value not in words:
            raise BugError(f"{value!r} is not a {slot} that has words in this locale.")
        return words[value]

"""The terminal while a session runs: where we are, what is said and heard, what can be said here, the keys.

It takes the whole terminal and is drawn anew at each size, from 20 columns and 10 rows on. What matters most
is never pushed out: the keys, what can be said, what is being typed, the newest lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from types import TracebackType
from typing import Final, Self

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.text import Text

from cuewalk.domain.errors import OutputLostError
from cuewalk.engine.effects import CueKind
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.engine.lines import help_in
from cuewalk.engine.session import View
from cuewalk.language.pack import LocalePack
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.observing import Observer, StepPerformed, guess_of
from cuewalk.session.transcript import describe
from cuewalk.terminal.printing import wrapped

#: What the keys do, the longest first; the first that fits a quarter of the height is shown.
KEYS: Final = (
    "space pause/resume · . stop · ! that hurts · > next · < back · + louder · - quieter · ? help · or type",
    "space pause · . stop · ! hurts · > next · < back · + - volume · ? help",
    "space pause · . stop · ! hurts · > next · ? help",
    "space pause · . stop · ! hurts · ? help",
    ". stop · ! hurts · ? help",
)
#: As many lines are kept, for the tallest terminals.
_KEPT: Final = 60
#: Parts of the height that the keys, and what can be said, may take at most.
_KEYS_SHARE, _SAY_SHARE = 4, 4
#: Redraws a second; each costs some milliseconds on a Raspberry Pi.
_REFRESH: Final = 4
_GAP: Final = " · "


@dataclass(slots=True)
class _Line:
    text: str
    style: str
    times: int = 1
    #: A question, of which only the newest is of use.
    asked: bool = False


class _Drawing(Live):
    """Ends quietly where the terminal is gone: the session goes on by voice."""

    def refresh(self) -> None:
        """Draw, if anybody can see it."""
        try:
            super().refresh()
        except (OSError, OutputLostError):
            self.auto_refresh = False


class Screen(Observer):
    """The whole terminal; use it as a context manager."""

    def __init__(
        self, console: Console, title: str, keyboard: Keyboard | None = None, pack: LocalePack | None = None
    ) -> None:
        self._keyboard, self._title, self._pack = keyboard, title, pack
        self._view = View("idle")
        self._cue, self._heard = "", Text()
        self._log: list[_Line] = []
        self._live = _Drawing(
            get_renderable=lambda: self, console=console, refresh_per_second=_REFRESH, screen=True
        )

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def stepped(self, step: StepPerformed) -> None:
        """Take in one step."""
        self._view = step.view
        match step.event:
            case Understood(heard=heard):
                self._heard = Text(f"{heard.text}  ({heard.confidence:.2f}, {heard.engine})", style="yellow")
                self._add(_Line(f"you: {heard.text}", "yellow"))
            case NotUnderstood(heard=heard):
                guess = guess_of(heard) or "…"
                self._heard = Text(f"not understood: {guess}", style="dim yellow")
                self._add(_Line(f"you: {guess} (not understood)", "dim yellow"))
        for speak, text in step.lines:
            self._cue = text
            self._add(_Line(text, "cyan", asked=speak.kind is CueKind.PROMPT))
        for record in step.records:
            if line := describe(record):
                self._add(_Line(line, "magenta"))

    def noticed(self, text: str) -> None:
        """Show a sentence for the person among the last lines."""
        self._add(_Line(text, "bold yellow"))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it for the terminal as it is now."""
        lines = self.lines(options.max_width, options.height or console.height)
        yield Text("\n").join(lines)

    def lines(self, width: int, height: int) -> list[Text]:
        """Return the screen as at most ``height`` lines of at most ``width`` columns, the newest lowest."""
        foot = [*self._sayable(width, height), *_keys(width, height)]
        typed = self._keyboard.typed if self._keyboard else ""
        if typed:
            foot = [*_last(wrapped(Text(f"> {typed}", style="bold"), width), 2), *foot]
        left = max(1, height - len(foot))
        head = self._head(width, left)
        recent = self._recent(width, left - len(head))
        blank = [Text()] * (left - len(head) - len(recent))
        lines = [*head, *blank, *recent, *foot][-height:]
        for line in lines:
            line.truncate(width)
        return lines

    def _add(self, line: _Line) -> None:
        """Add a line; a question that is repeated stands there once, at its newest place."""
        for old in reversed(self._log):
            if old.text == line.text and (line.asked or old is self._log[-1]):
                line.times += old.times
                self._log.remove(old)
                break
        self._log.append(line)
        del self._log[:-_KEPT]

    def _head(self, width: int, room: int) -> list[Text]:
        """Return where we are and what is being said; what is said comes first where there is little room."""
        view = self._view
        cue = _last(wrapped(Text(self._cue_again(), style="bold cyan"), width), room) if self._cue else []
        heard = Text("heard ", style="dim").append_text(self._heard) if self._heard.plain else Text()
        where = _joined(view.state.replace("_", " "), self._movement())
        rating = "" if view.rating is None else f"rating {view.rating:g}"
        more = Text(_joined(rating, f"next: {view.following}" if view.following else ""), style="dim")
        left, shown = room - len(cue), dict[str, list[Text]]()
        # The most needed first; a title and what comes next only where half of the room stays for the log.
        for name, text, spare in (
            ("heard", heard, 0),
            ("where", Text(where), 0),
            ("more", more, room // 2),
            ("title", Text(self._title, style="bold reverse"), room // 2),
        ):
            lines = wrapped(text, width) if text.plain else []
            if len(lines) <= left - spare:
                shown[name] = lines
                left -= len(lines)
        title, place, *rest = (shown.get(name, []) for name in ("title", "where", "heard", "more"))
        return [*title, *place, *cue, *chain.from_iterable(rest)]

    def _cue_again(self) -> str:
        times = next((line.times for line in reversed(self._log) if line.text == self._cue), 1)
        return self._cue + _again(times)

    def _recent(self, width: int, room: int) -> list[Text]:
        """Return the newest lines but the one that is being said, which stands above them."""
        lines: list[Text] = []
        said = False
        for line in reversed(self._log):
            if line.text == self._cue and not said:
                said = True
                continue
            lines = [*wrapped(Text(line.text + _again(line.times), style=line.style), width), *lines]
            if len(lines) >= room:
                break
        return _last(lines, room)

    def _sayable(self, width: int, height: int) -> list[Text]:
        """Return what can be said here, whole sentences of the spoken help, how to end among them."""
        if self._pack is None:
            return []
        most = max(1, height // _SAY_SHARE) + 1  # one of them tells how to end
        sentences = sayable(self._pack, self._view.state)
        lines: list[Text] = []
        while sentences:
            lines = wrapped(Text(" ".join(sentences), style="green"), width)
            spare = [each for each in sentences if not _ends_alike(each, self._pack)]
            if len(lines) <= most or not spare:
                break
            sentences.remove(spare[-1])
        return lines

    def _movement(self) -> str:
        view = self._view
        if not view.movement:
            return ""
        side = "" if view.side == "both" else f", {view.side} side"
        again = ", once more" if view.attempt > 1 else ""
        pace = f"{_GAP}pace {view.pace:.0%}{_GAP}{view.range_name}"
        return f"{view.position}/{view.total} {view.movement}{side}{again}{pace}"


def _joined(*parts: str) -> str:
    return _GAP.join(part for part in parts if part)


def sayable(pack: LocalePack, state: str) -> list[str]:
    """Return what can be said in a state, in the words of the spoken help, a sentence each."""
    if (prompt := help_in(state)) is None:
        return []
    text = pack.render(prompt, {})
    sentences = [f"{sentence}." for sentence in text.rstrip(".").split(". ")]
    told = any(_ends_alike(each, pack) for each in sentences)
    return sentences if told else [*sentences, _ending(pack)]


def _ending(pack: LocalePack) -> str:
    """Return the sentence that tells what to say to end: where there is nothing else to say, it is all."""
    return pack.render("help_farewell", {})


def _ends_alike(sentence: str, pack: LocalePack) -> bool:
    """Return whether a sentence tells what "stop" does here; its last two words are the same."""
    return sentence.split()[-2:] == _ending(pack).split()[-2:]


def _keys(width: int, height: int) -> list[Text]:
    """Return what the keys do, as wordy as there is room for; between two of them a line may end."""
    most = max(1, height // _KEYS_SHARE)
    for wording in KEYS:
        lines = _flowed(wording.split(_GAP), width)
        if len(lines) <= most:
            break
    return [Text(line, style="dim") for line in lines]


def _flowed(parts: Sequence[str], width: int) -> list[str]:
    """Return parts side by side on as few lines as they need; none is broken."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(_GAP) + len(part) <= width:
            lines[-1] += f"{_GAP}{part}"
        else:
            lines.append(part)
    return lines


def _again(times: int) -> str:
    return f" (×{times})" if times > 1 else ""  # noqa: RUF001 - the sign of times


def _last(lines: list[Text], room: int) -> list[Text]:
    return lines[-room:] if room > 0 else []

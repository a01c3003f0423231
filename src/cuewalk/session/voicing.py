"""The voice of a conversation: which one it is, with its cache around it."""

from collections.abc import Callable
from typing import Final, NamedTuple

from cuewalk import places
from cuewalk.session.notices import NoticeBoard
from cuewalk.settings import Settings
from cuewalk.speech_out.ahead import KEEPS_AHEAD, measure, prepared, seconds_for_one
from cuewalk.speech_out.api import Voice
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.choose import AUTO, NATURAL, choose_voice, may_be_natural
from cuewalk.speech_out.sentences import SentenceVoice

SessionVoice = CachedVoice | SentenceVoice

#: Share of a programme's pieces that have to be there for a voice that is too slow to speak at once. Design:
#: one that was cleaned away now and then is waited for.
_ENOUGH: Final = 0.99


class Opened(NamedTuple):
    """A voice, a sentence about it for the person, and whether the natural one is too slow unprepared."""

    voice: SessionVoice
    notice: str | None = None
    too_slow: bool = False


def open_voice(
    settings: Settings,
    programme: str | None,
    notices: NoticeBoard,
    tell: Callable[[str], None],
) -> Opened:
    """Return the voice for these settings (see `stage.open_stage`).

    Raises:
        VoiceError: if one asked for by name cannot work.
    """
    if (
        settings.voice_engine == AUTO
        and programme is not None
        and may_be_natural(settings.locale, settings.voice)
    ):
        natural, notice = choose_voice(NATURAL, settings.locale, settings.voice, on_notice=notices.add)
        voice = with_cache(natural, notices)
        slow = _why_not_yet(natural, voice, programme, tell)
        if slow is None:
            return Opened(voice, notice)
        voice.close()
        fast = voice_of(settings.model_copy(update={"voice": ""}), notices)
        return Opened(fast.voice, fast.notice or slow, too_slow=True)
    return voice_of(settings, notices)


def voice_of(settings: Settings, notices: NoticeBoard) -> Opened:
    """Return the voice that the settings name, or the fast one.

    Raises:
        VoiceError: if one asked for by name cannot work.
    """
    voice, notice = choose_voice(
        settings.voice_engine, settings.locale, settings.voice, on_notice=notices.add
    )
    return Opened(with_cache(voice, notices), notice)


def with_cache(voice: Voice, notices: NoticeBoard) -> SessionVoice:
    """Return the voice with its cache; one that renders slowly renders a sentence of many lines once."""
    cached = CachedVoice(voice, places.cache_dir() / "cues", on_notice=notices.add)
    return SentenceVoice(cached) if voice.spec.engine == NATURAL else cached


def _why_not_yet(
    natural: Voice, cached: SessionVoice, programme: str, tell: Callable[[str], None]
) -> str | None:
    """Return why the natural voice does not speak a programme yet, None if it can."""
    cache = places.cache_dir()
    pieces = prepared(cache, programme, natural.spec)
    if pieces and sum(map(cached.has, pieces)) >= _ENOUGH * len(pieces):
        return None
    if (seconds := seconds_for_one(cache, natural)) is None:
        tell("The natural voice is tried once, to see how fast it is here. This takes some ten seconds.")
        seconds = measure(cache, natural)
    if seconds <= KEEPS_AHEAD or natural.spec.engine != NATURAL:
        return None  # it keeps ahead; or it failed, that was said, and another one speaks in its place
    return (
        f"The natural voice takes {seconds:.1f} s here to make a second of speech, so the fast voice speaks. "
        f"The natural one speaks what was prepared: cuewalk voice prepare {programme or 'all'}"
    )

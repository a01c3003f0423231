"""Which voices there are here, which of them speaks, and a sample of one."""

from collections.abc import Iterable
from dataclasses import dataclass

from cuewalk.domain.errors import CuewalkError, VoiceError
from cuewalk.domain.sound import Samples
from cuewalk.session.stage import open_stage
from cuewalk.settings import Settings
from cuewalk.speech_out.api import VoiceSpec
from cuewalk.speech_out.choose import AUTO, ENGINES, choose_voice, engine_of, problem_of, speakers_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A voice to choose from; or, without a name, an engine with a sentence on why it has none here.

    ``used``: the setting that it speaks by, "" if another one speaks.
    """

    engine: str
    voice: str
    who: str
    used: str = ""


def voices_here(settings: Settings) -> tuple[list[Listed], str]:
    """Return every voice for the language of the settings, and why the one they ask for cannot speak, or "".

    Nothing is started.
    """
    try:
        chosen, problem = choose_voice(settings.voice_engine, settings.locale, settings.voice)
        speaks = chosen.spec
    except VoiceError as error:
        speaks, problem = VoiceSpec(""), str(error)
    found = {(each, voice): who for each in ENGINES for voice, who in _voices_of(each, settings.locale)}
    now = speaks.engine, speaks.voice
    if speaks.engine:
        found.setdefault(now, "one of your own choice")
    used = _used(settings) if not problem else "default"
    return [Listed(*key, who, used if key == now else "") for key, who in found.items()], problem or ""


def _used(settings: Settings) -> str:
    if settings.voice:
        return "setting voice"
    return "default" if settings.voice_engine == AUTO else "setting voice_engine"


def _voices_of(engine: str, locale: str) -> Iterable[tuple[str, str]]:
    if (problem := problem_of(engine)) is not None:
        return [("", problem)]
    if engine == "silent":
        return [("", "Nobody speaks; cues are on the screen only.")]
    if engine == "espeak" and problem_of("pyttsx3") is None:
        return [("", "Speaks with the voices of pyttsx3, in a process for each line.")]
    return speakers_of(engine, locale).items() or [("", f"It does not speak {locale}.")]


def sample(name: str, settings: Settings) -> Samples:
    """Return a few sentences in a voice, or in an engine's own one.

    Raises:
        CuewalkError: if there is no such voice, or it cannot speak here.
    """
    engine = name if name in ENGINES else engine_of(name)
    if engine is None:
        raise CuewalkError(f'There is no voice "{name}".', remedy="'cuewalk voices' lists them.")
    changes = {"voice_engine": engine, "voice": "" if engine == name else name}
    stage = open_stage(settings.model_copy(update=changes))
    try:
        return stage.voice.render(stage.pack.render("voice_sample", {}), settings.talk_rate)
    finally:
        stage.voice.close()

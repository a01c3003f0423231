"""The person's settings: one small TOML file in their data folder, every value with a safe default."""

import os
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError

from cuewalk import places
from cuewalk.audio.aec.canceller import EchoMode
from cuewalk.content.explain import Allowed, nearest, suggestion
from cuewalk.content.packs import locales_in, own_content
from cuewalk.devices.device_info import WAKE_SECONDS, DeviceChoice
from cuewalk.domain.errors import CuewalkError, DeviceError
from cuewalk.domain.frozen import Frozen
from cuewalk.files.faults import remedy, why_unwritable
from cuewalk.files.left_out import left_out
from cuewalk.files.looking import is_folder, there
from cuewalk.files.reading import UnreadableFileError, parse_toml, read_text
from cuewalk.files.writing import keep_beside, write_whole
from cuewalk.models.heads import load_head
from cuewalk.speech_out.choose import AUTO, engine_of, has_voice, problem_of, voices_of

FILE_NAME = "settings.toml"
#: Characters of a value that are shown. Design: the sentence stays on one line.
_SHOWN_CHARACTERS: Final = 60
#: Names that a sentence lists. Design: espeak-ng has hundreds.
_SHOWN_NAMES: Final = 12
#: Control characters and unpaired surrogates: no file can hold them so that it is read again.
_UNUSABLE: Final = frozenset({"Cc", "Cs"})
_DEFAULT_HOLDS: Final = "Its default holds. Set it anew with 'cuewalk settings NAME VALUE'."
_LEFT_OUT: Final = (
    "It is left out. Once you set anything with 'cuewalk settings NAME VALUE' it is kept beside, in "
    "settings.toml.broken."
)
_READABLE: Final = (
    "The defaults hold. Make the file readable for yourself, or begin anew with "
    "'cuewalk settings NAME VALUE': what lies there is kept beside."
)
_ANYWAY: Final = "To set it all the same, for what is not there now, add --anyway."
#: What ``screen`` was before there was a plain one.
_SCREENS: Final = {"true": "full", "false": "off"}


def _screen(value: object) -> object:
    return _SCREENS.get(str(value).lower(), value)


class Settings(Frozen):
    """What a person can set. Volume, talk rate, patience, brevity and the voice are also set by voice."""

    locale: str = "en-US"
    voice_engine: Literal["auto", "kokoro", "pyttsx3", "piper", "espeak", "flite", "silent"] = "auto"
    voice: str = ""
    recogniser: Literal["auto", "arbiter", "spotter", "vosk", "pocketsphinx"] = "auto"
    #: Another head for the spotter than the one that comes with cuewalk or was learned here.
    head: str = ""
    microphone: str = ""
    speaker: str = ""
    #: How long a speaker is given to wake before anything is said: some swallow what is played at first.
    speaker_wake_seconds: float = Field(default=WAKE_SECONDS, ge=0, le=10)
    #: The microphone's channel that is listened to; 0: both of a stereo microphone, the first of an array.
    microphone_channel: int = Field(default=0, ge=0, le=64)
    #: What is done about our own voice in the microphone; auto: taken out, else half-duplex.
    echo: Literal["auto", "cancel", "headphones", "half-duplex"] = "auto"
    #: Quiet tones for "listening", "heard" and "not understood".
    earcons: bool = False
    #: Turn other players down while a session runs, where the system allows it.
    duck: bool = True
    #: Keep the machine from falling asleep while a session runs, where the system allows it.
    keep_awake: bool = True
    keep_clips: bool = True
    #: full: the whole terminal, redrawn; plain: new lines only, for screen readers; off: nothing.
    screen: Annotated[Literal["full", "plain", "off"], BeforeValidator(_screen)] = "full"
    volume: float = Field(default=0.8, ge=0.1, le=1)
    talk_rate: float = Field(default=1.0, ge=0.7, le=1.4)
    patience_seconds: float = Field(default=8, ge=3, le=30)
    brevity: int = Field(default=0, ge=0, le=2)

    @property
    def devices(self) -> DeviceChoice:
        """The microphone and the speaker."""
        names = self.microphone or None, self.speaker or None
        return DeviceChoice(*names, self.microphone_channel, self.speaker_wake_seconds)

    @property
    def echo_mode(self) -> EchoMode | None:
        """What is done about our own voice; None: what is best here."""
        return None if self.echo == "auto" else EchoMode(self.echo)


def settings_path() -> Path:
    """Return where the settings are."""
    return places.data_dir() / FILE_NAME


def load_settings() -> Settings:
    """Return the settings, defaults where there is no file.

    A line that cannot be used is left out with a sentence, and its default holds: a setting never keeps a
    session from starting.
    """
    settings, problems = read_settings()
    for problem in problems:
        left_out(problem)
    return settings


def read_settings() -> tuple[Settings, list[str]]:
    """Return the settings that can be used, and a sentence for each that cannot."""
    path = settings_path()
    if not there(path):
        return Settings(), []
    try:
        text = read_text(path)
    except UnreadableFileError as error:
        return Settings(), [f"The settings in {path} cannot be read: {error}. {_way_on(path, _READABLE)}"]
    data, problems = _lines(path, text)
    if data.pop("cancel_echo", True) is False:  # version 0.1 wrote that for headphones
        data.setdefault("echo", "headphones")
    good: dict[str, Any] = {}
    for name, value in data.items():
        try:
            _checked(name, value)
            if name == "locale":
                _must_exist(name, str(value))
        except CuewalkError as error:
            then = _DEFAULT_HOLDS if name in Settings.model_fields else _LEFT_OUT
            problems.append(f"{path}: {error.what} {error.remedy} {_way_on(path, then)}")
        else:
            good[name] = value
    return Settings.model_validate(good), problems


def _way_on(path: Path, usual: str) -> str:
    """Return the usual remedy, or the one for a home that can only be read."""
    if os.access(path.parent, os.W_OK):
        return usual
    return (
        f"Defaults hold for what cannot be used. Nothing can be set here: {path.parent} can only be read. "
        "Make it writable, or name another folder in CUEWALK_HOME."
    )


def _lines(path: Path, text: str) -> tuple[dict[str, Any], list[str]]:
    """Return the values of a settings file; of one that is not TOML those of its whole lines."""
    try:
        return parse_toml(text), []
    except UnreadableFileError:
        data: dict[str, Any] = {}
        problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            data |= parse_toml(line)
        except UnreadableFileError:
            problems.append(f"{path}, line {number} cannot be read. {_way_on(path, _LEFT_OUT)}")
    return data, problems


def locales() -> list[str]:
    """Return the languages there are, those of the person's own content too."""
    roots = (places.package_data("scripts_audio"), own_content())
    return sorted({name for root in roots for name in locales_in(root) if is_folder(root / name / "phrases")})


def change_setting(name: str, value: str, *, anyway: bool = False) -> Settings:
    """Set one setting from its text and write the file, whole or not at all.

    A file with lines that cannot be used is mended by it; a copy of it is kept beside, as
    ``settings.toml.broken``. ``anyway``: take a device, a voice or a head that is not there at present.

    Raises:
        CuewalkError: for an unknown name or a value that is not allowed; nothing is changed then.
    """
    checked = _checked(name, value)
    if not anyway:
        _must_exist(name, str(getattr(checked, name)))
    now, problems = read_settings()
    changed = Settings.model_validate({**now.model_dump(), name: getattr(checked, name)})
    if name == "voice_engine" and now.voice and not has_voice(changed.voice_engine, now.voice):
        left_out(f"{changed.voice_engine} has no voice {_shown(now.voice)}; it speaks with its own.")
        changed = changed.model_copy(update={"voice": ""})
    _write(settings_path(), changed, broken=bool(problems))
    return changed


def _checked(name: str, value: object) -> Settings:
    """Return settings with this one alone.

    Raises:
        CuewalkError: if there is no such setting, or it cannot have this value.
    """
    if name not in Settings.model_fields:
        raise no_setting(name)
    if isinstance(value, str) and any(unicodedata.category(mark) in _UNUSABLE for mark in value):
        what = f"{name} cannot hold line ends or control characters."
        raise CuewalkError(what, remedy="Type it on one line.")
    try:
        return Settings.model_validate({name: value})
    except ValidationError as error:
        allowed = Allowed(Settings).field((name,))
        raise CuewalkError(f"{name} cannot be {_shown(value)}.", remedy=allowed) from error


def no_setting(name: str) -> CuewalkError:
    """Return the error for a setting that does not exist."""
    remedy = suggestion(name, tuple(Settings.model_fields))
    return CuewalkError(f"There is no setting called {_shown(name)}.", remedy=remedy)


def _shown(value: object) -> str:
    """Return what a person wrote, shortened and in one line, to be shown in a sentence."""
    text = " ".join(str(value).split()) or '""'
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _must_exist(name: str, value: str) -> None:
    """Refuse a name that nothing here has; the empty one is always the default.

    Raises:
        CuewalkError: naming those that there are.
    """
    if not value and name != "locale":
        return
    match name:
        case "locale" if value not in (known := locales()):
            raise CuewalkError(f"There is no language {_shown(value)}.", remedy=suggestion(value, known))
        case "microphone":
            _device(value, "input")
        case "speaker":
            _device(value, "output")
        case "voice":
            _voice(value)
        case "voice_engine" if value != "auto" and (problem := problem_of(value)):
            raise CuewalkError(f"The voice {value} cannot speak here. {problem}", remedy=_ANYWAY)
        case "head":
            load_head(Path(value))


def _device(value: str, kind: Literal["input", "output"]) -> None:
    # Here and not above: reading settings must not load the sound library, which opens the devices.
    from cuewalk.devices.portaudio import find_device  # noqa: PLC0415

    try:
        find_device(value, kind)
    except DeviceError as error:
        raise CuewalkError(
            error.what,
            meaning=f"{error.meaning} Nothing was changed.".strip(),
            remedy=f"{error.remedy} {_ANYWAY}".strip(),
        ) from error


def _voice(value: str) -> None:
    """Refuse a voice that cannot speak: where its name may decide, its engine; else the one that is set."""
    engine, owner = read_settings()[0].voice_engine, engine_of(value)
    problem = problem_of(owner) if engine == AUTO and owner else None
    if has_voice(engine, value) and problem is None:
        return
    what = f"The voice engine {engine} has no voice {_shown(value)}."
    if problem is not None:
        what, remedy = f"The voice {_shown(value)} cannot speak here. {problem}", _ANYWAY
    elif owner is not None:
        what = f"{what} It is one of {owner}."
        remedy = "Let a name decide with 'cuewalk settings voice_engine auto', then choose the voice again."
    else:
        names = voices_of(engine)
        close = nearest(value, names)
        meant = f'Did you mean "{close}"? ' if close else ""
        few = len(names) <= _SHOWN_NAMES
        listed = f"There are: {', '.join(names)}." if few else "'cuewalk voices' lists them."
        remedy = f"{meant}{listed} {_ANYWAY}"
    raise CuewalkError(what, meaning="Nothing was changed.", remedy=remedy)


def _write(path: Path, settings: Settings, *, broken: bool) -> None:
    """Write the settings; what the person wrote between them (comments, empty lines) stays."""
    import tomlkit  # noqa: PLC0415 - 20 ms that only a change needs
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    try:
        document = tomlkit.parse(read_text(path))
    except (UnreadableFileError, TOMLKitError, RecursionError):
        document = tomlkit.document()  # there is none, or a copy of it is kept below
    values = settings.model_dump()
    for name in [name for name in document if name not in values]:
        document.remove(name)
    for name, value in values.items():
        if name not in document or document[name] != value:
            document[name] = value
    try:
        if broken:
            keep_beside(path)
        write_whole(path, tomlkit.dumps(document))
    except OSError as error:
        raise CuewalkError(
            f"The settings cannot be written to {path}: {why_unwritable(error)}.",
            meaning="Nothing was changed.",
            remedy=remedy(error),
        ) from error

"""The person's settings: one small TOML file in their data folder, every value with a safe default."""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from cuewalk import places
from cuewalk.audio.echo import EchoMode
from cuewalk.content.packs import own_content
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.frozen import Frozen

FILE_NAME = "settings.toml"


class Settings(Frozen):
    """What a person can set. Volume, talk rate, patience and brevity are also set by voice."""

    locale: str = "en-US"
    voice_engine: Literal["auto", "pyttsx3", "piper", "espeak", "silent"] = "auto"
    voice: str = ""
    recogniser: Literal["auto", "arbiter", "spotter", "vosk", "pocketsphinx"] = "auto"
    #: Another head for the spotter than the one that comes with cuewalk or was learned here.
    head: str = ""
    microphone: str = ""
    speaker: str = ""
    #: What is done about our own voice in the microphone; auto: taken out, else half-duplex.
    echo: Literal["auto", "cancel", "headphones", "half-duplex"] = "auto"
    #: Quiet tones for "listening", "heard" and "not understood".
    earcons: bool = False
    #: Turn other players down while a session runs, where the system allows it.
    duck: bool = True
    keep_clips: bool = True
    screen: bool = True
    volume: float = Field(default=0.8, ge=0.1, le=1)
    talk_rate: float = Field(default=1.0, ge=0.7, le=1.4)
    patience_seconds: float = Field(default=8, ge=3, le=30)
    brevity: int = Field(default=0, ge=0, le=2)

    @model_validator(mode="before")
    @classmethod
    def _as_it_was_called(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Read files of version 0.1, in which ``cancel_echo = false`` stood for headphones."""
        data = dict(data)
        if data.pop("cancel_echo", True) is False:
            data.setdefault("echo", "headphones")
        return data

    @property
    def echo_mode(self) -> EchoMode | None:
        """What is done about our own voice; None: what is best here."""
        return None if self.echo == "auto" else EchoMode(self.echo)


def settings_path() -> Path:
    """Return where the settings are."""
    return places.data_dir() / FILE_NAME


def load_settings() -> Settings:
    """Return the settings, defaults where there is no file.

    Raises:
        CuewalkError: if the file is broken; it says which line or name is wrong.
    """
    path = settings_path()
    if not path.exists():
        return Settings()
    try:
        return Settings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise _broken(path, str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise _broken(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def locales() -> list[str]:
    """Return the languages there are, those of the person's own content too."""
    roots = (places.package_data("scripts_audio"), own_content())
    return sorted({folder.parent.name for root in roots for folder in root.glob("*/phrases")})


def change_setting(name: str, value: str) -> Settings:
    """Set one setting from its text and write the file, whole or not at all.

    Raises:
        CuewalkError: for an unknown name or a value that is not allowed.
    """
    if name not in Settings.model_fields:
        allowed = ", ".join(Settings.model_fields)
        raise CuewalkError(f"There is no setting called {name}.", remedy=f"There are: {allowed}.")
    if name == "locale" and value not in (known := locales()):
        raise CuewalkError(f"There is no language {value}.", remedy=f"There are: {', '.join(known)}.")
    try:
        changed = Settings.model_validate({**load_settings().model_dump(), name: value})
    except ValidationError as error:
        raise CuewalkError(f"{name} cannot be {value}: {error.errors()[0]['msg']}.") from error
    _write(settings_path(), changed)
    return changed


def _write(path: Path, settings: Settings) -> None:
    lines = [f"{key} = {_toml(value)}" for key, value in settings.model_dump().items()]
    draft = path.with_suffix(".tmp")
    try:
        draft.write_text("\n".join(lines) + "\n", "utf-8")
        draft.replace(path)
    except OSError as error:
        raise CuewalkError(
            f"The settings cannot be written to {path} ({error.strerror}).",
            meaning="Nothing was changed.",
            remedy="Make room or make the folder writable, and try again.",
        ) from error


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)


def _broken(path: Path, problem: str) -> CuewalkError:
    return CuewalkError(
        f"The settings in {path} cannot be read: {problem}.",
        meaning="No session was started.",
        remedy="Correct the line, or delete the file to go back to the defaults.",
    )

"""The voice of the settings and the words of a locale, for lines outside of a session."""

from collections.abc import Iterator
from contextlib import contextmanager

from cuewalk.app.scripting.timeline import Say
from cuewalk.app.settings import load_settings
from cuewalk.app.stage import open_stage
from cuewalk.app.wording import Wording


@contextmanager
def speaker(locale: str) -> Iterator[Say]:
    """Give what turns a line into sound, and close the voice afterwards.

    Raises:
        CuewalkError: if the locale is broken or its voice cannot work.
    """
    stage = open_stage(load_settings().model_copy(update={"locale": locale}))
    wording, rate = Wording(stage.pack), stage.settings.talk_rate
    try:
        yield lambda line: stage.voice.render(wording.text_of(line), rate)
    finally:
        stage.voice.close()

"""The voice of the settings and the words of a locale, for lines outside of a session."""

from collections.abc import Iterator
from contextlib import contextmanager

from cuewalk.scripting.timeline import Say
from cuewalk.session.stage import open_stage
from cuewalk.session.wording import Wording
from cuewalk.settings import load_settings


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

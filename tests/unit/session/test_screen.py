"""The live screen at every size: the keys, what can be said, the newest lines."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from cuewalk.content.packs import load_pack
from cuewalk.domain.intents import Command, RatingSaid
from cuewalk.engine.effects import CueKind, Speak
from cuewalk.engine.events import Begin, NotUnderstood, Understood
from cuewalk.engine.session import View
from cuewalk.session.keyboard import Keyboard
from cuewalk.session.observing import StepPerformed
from cuewalk.session.screen import Screen
from cuewalk.session.transcript import Transcript
from cuewalk.speech_in.keys_recogniser import KeysRecogniser
from helpers.sessions import heard

SIZES = [(80, 24), (60, 20), (40, 15), (20, 10)]
LONG = "Stand tall and let one arm hang. " * 8 + "Is it easier now, yes or no?"
PACK = load_pack("en-US")


def screen() -> Screen:
    keyboard = Keyboard(KeysRecogniser())
    return Screen(Console(width=80, color_system=None), "cuewalk · Feet up", keyboard, PACK)


def said(
    on: Screen | Transcript, text: str, kind: CueKind = CueKind.PROMPT, state: str = "rate_before", event=None
) -> None:
    speak = Speak(cue=1, kind=kind, prompt="literal", slots={"text": text})
    on.stepped(
        StepPerformed(now=0, event=event or Begin(), lines=((speak, text),), records=(), view=View(state))
    )


def shown(on: Screen, width: int, height: int) -> list[str]:
    return [line.plain for line in on.lines(width, height)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_stop_key_and_help_are_whole_at_every_size(width: int, height: int) -> None:
    here = screen()
    for number in range(20):
        said(here, f"{number} {LONG}")
    whole = "\n".join(shown(here, width, height))
    for key in (". stop", "? help"):
        assert key in whole
    assert "Say a number" in whole.replace("\n", " ")


@pytest.mark.parametrize(("width", "height"), [*SIZES, (40, 12)])
@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
@pytest.mark.parametrize(
    "state", ["ready", "rate_before", "perform", "confirm_rating", "verdict", "each_flag"]
)
def test_what_to_say_to_end_is_whole_at_every_size(state: str, locale: str, width: int, height: int) -> None:
    pack = load_pack(locale)
    here = Screen(Console(width=80, color_system=None), "cuewalk", Keyboard(KeysRecogniser()), pack)
    said(here, LONG, state=state)
    word = {"en-US": "say stop.", "ko-KR": "정지라고 말하세요."}[locale]
    assert " ".join(shown(here, width, height)).count(word) == 1


@given(
    st.lists(st.sampled_from([LONG, "One.", "말씀하세요 " * 9]), max_size=30),
    st.integers(20, 100),
    st.integers(10, 40),
)
def test_it_never_is_larger_than_the_terminal_and_the_newest_is_there(cues, width: int, height: int) -> None:
    here = screen()
    for cue in [*cues, "The newest one."]:
        said(here, cue)
    lines = shown(here, width, height)
    assert len(lines) <= height
    assert all(cell_len(line) <= width for line in lines)
    assert "The newest one." in " ".join(lines)


def test_a_long_cue_is_wrapped_at_words() -> None:
    here = screen()
    said(here, LONG)
    assert set(LONG.split()) <= set(" ".join(shown(here, 40, 24)).split())


def test_a_question_that_is_repeated_stands_there_once() -> None:
    here = screen()
    for _ in range(3):
        said(here, "How is it now?")
    whole = "\n".join(shown(here, 80, 24))
    assert whole.count("How is it now?") == 1
    assert "(\N{MULTIPLICATION SIGN}3)" in whole


def test_what_is_typed_is_seen_and_stays_after_enter() -> None:
    here = screen()
    here._keyboard.press("fou")
    here._keyboard.read("rate_before")
    assert "> fou" in shown(here, 80, 24)
    said(here, "Thank you.", event=Understood(intent=RatingSaid(value=4), heard=heard("four")))
    said(here, "Next.")
    assert "you: four" in shown(here, 80, 24)


@pytest.mark.parametrize(("confidence", "guess"), [(0.2, "stop"), (0.19, "…")])
def test_a_guess_is_shown_only_where_it_is_more_than_one_of_many(confidence: float, guess: str) -> None:
    here, out = screen(), io.StringIO()
    event = NotUnderstood(heard=heard("stop").model_copy(update={"confidence": confidence}))
    said(here, "Next.", event=event)
    assert f"heard not understood: {guess}" in shown(here, 80, 24)
    said(Transcript(Console(file=out, width=80)), "Next.", event=event)
    assert ('perhaps "stop"' in out.getvalue()) == (guess == "stop")


def test_what_can_be_said_changes_with_the_state() -> None:
    here = screen()
    said(here, "Go.", state="perform")
    assert "slower or faster" in "\n".join(shown(here, 80, 24))
    said(here, "Paused.", state="paused")
    assert "say resume" in "\n".join(shown(here, 80, 24))


def test_the_korean_screen_tells_it_in_korean() -> None:
    pack = load_pack("ko-KR")
    here = Screen(Console(width=80), "cuewalk", None, pack)
    said(here, "…", state="paused")
    assert pack.render("help_paused", {}).split()[0] in "\n".join(shown(here, 80, 24))


@pytest.mark.parametrize(
    "stray",
    [
        "\x1b[A",
        "\x1b[1;5C",
        "\x1bOP",
        "\x1b[<0;10;5M",
        "\x1b[M !!",
        "\x1b[200~",
        "\x1b]11;rgb:0/0/0\x07",
        "\t",
    ],
)
def test_a_stray_key_sequence_does_nothing_whole_or_in_two_pieces(stray: str) -> None:
    for cut in (len(stray), 1 + len(stray) // 2):
        keyboard = Keyboard(KeysRecogniser())
        keyboard.press("fo")
        assert keyboard.read("perform") == []
        for piece in (stray[:cut], stray[cut:]):
            keyboard.press(piece)
            assert keyboard.read("perform") == []
        assert keyboard.typed == "fo"


def test_a_half_sequence_does_not_swallow_the_stop_key() -> None:
    keyboard = Keyboard(KeysRecogniser())
    keyboard.press("\x1b[")
    keyboard.read("perform")
    keyboard.press(".")
    assert keyboard.read("perform") == [Command.STOP]

"""The check-in by voice without any sound: what is asked back, what is kept, what keeps nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.domain.heard import Heard, InputMode
from cuewalk.domain.intents import (
    Answer,
    Command,
    CommandSaid,
    CorrectionSaid,
    RatingGuessed,
    RatingRangeSaid,
    RatingSaid,
    RatingWithoutNumber,
)
from cuewalk.domain.rules import Number
from cuewalk.engine.checkin import Aloud, CheckinMachine, Ending
from cuewalk.engine.effects import Append, Speak, StartTimer
from cuewalk.engine.events import (
    Begin,
    CueFinished,
    DeviceBack,
    DeviceLost,
    Event,
    NotUnderstood,
    SpeechStarted,
    SpeechWasNothing,
    TimerFired,
    Understood,
)
from cuewalk.engine.lines import notice
from helpers.packs import pack_of
from helpers.sessions import World, heard, sample_rules, sample_setup


def morning(baseline: float | None = 4, hours: float = 12, **changes: object) -> CheckinMachine:
    rules = sample_rules().model_copy(
        update={
            "checkin_flare_rise": Number(value=2, basis="test"),
            "checkin_repeat_rise": Number(value=1, basis="test"),
            "checkin_hours": Number(value=24, basis="test"),
        }
    )
    return CheckinMachine(sample_setup(rules=rules, **changes), baseline, hours)


def asked(**changes: object) -> World:
    """Return a world in which the question has been asked to its end."""
    world = World(morning(**changes)).begin()
    return world.run_until("baseline").run_until_quiet()


def to_the_end(world: World) -> World:
    while not world.session.ended:
        world.pass_time()
    return world


def value(world: World) -> float | None:
    answer = world.session.answer
    return None if answer is None else answer.value


def silence(world: World) -> Ending | None:
    return to_the_end(world).session.ending


def test_a_sure_number_is_read_back_and_taken() -> None:
    world = asked().rate(4)
    assert value(world) is None  # not before the moment to object has passed
    to_the_end(world)
    assert (world.session.ending, value(world)) == (Ending.ANSWERED, 4)
    assert world.said() == ["checkin_hello", "ask_baseline", "readback"]


def test_an_answer_into_the_question_counts() -> None:
    world = World(morning()).begin().run_until("baseline").rate(3)
    assert value(to_the_end(world)) == 3


def test_what_was_heard_comes_with_the_number() -> None:
    answer = to_the_end(asked().rate(3.5)).session.answer
    assert answer is not None
    assert answer.heard.text == "3.5"


@pytest.mark.parametrize(
    ("baseline", "number", "sure"),
    [
        (4, 4, False),  # hardly heard
        (8, 7, True),  # high, as in a session
        (5, 1, True),  # changed by just as much as is asked back
        (5.5, 1, True),  # much changed since the session
        (2, 4, True),  # would be a flare-up
    ],
)
def test_what_is_doubtful_is_asked_back_and_taken_on_yes(baseline: float, number: float, sure: bool) -> None:
    world = asked(baseline=baseline).rate(number, sure=sure)
    assert world.session.state == "confirm_rating"
    world.run_until_quiet().yes()
    assert value(to_the_end(world)) == number


def test_after_no_another_number_is_asked_for_and_the_wrong_one_is_gone() -> None:
    world = asked().rate(7, sure=False).run_until_quiet().yes(yes=False)
    assert world.session.state == "baseline"
    world.run_until_quiet().rate(4)
    assert value(to_the_end(world)) == 4


def test_after_no_and_silence_nothing_is_taken() -> None:
    world = asked().rate(7, sure=False).run_until_quiet().yes(yes=False)
    assert (silence(world), value(world)) == (Ending.UNANSWERED, None)


def test_silence_to_the_read_back_of_a_doubtful_number_takes_nothing() -> None:
    world = asked().rate(7)
    assert (silence(world), value(world)) == (Ending.UNANSWERED, None)


def test_silence_is_asked_again_in_two_other_ways() -> None:
    world = asked()
    assert silence(world) is Ending.UNANSWERED
    assert [(s.prompt, s.length) for s in world.spoken[1:]] == [("ask_baseline", n) for n in range(3)]


def test_the_number_can_be_corrected_while_it_is_read_back() -> None:
    world = asked().rate(3).correct(4)
    assert world.session.state == "confirm_rating"
    assert world.session.view().candidate == 4
    world.run_until_quiet().yes()
    assert value(to_the_end(world)) == 4
    assert world.said()[-1] == "corrected"


def test_no_to_the_read_back_asks_for_another() -> None:
    for said in (Answer(yes=False), CorrectionSaid(value=None)):
        world = asked().rate(3).hear(said)
        assert world.session.state == "correct_rating"
        assert value(to_the_end(world.run_until_quiet().rate(5))) == 5


def test_no_to_the_read_back_and_then_silence_takes_nothing() -> None:
    world = asked().rate(3).hear(Answer(yes=False))
    assert (silence(world), value(world)) == (Ending.UNANSWERED, None)


@pytest.mark.parametrize("how", ["pause", "device"])
@pytest.mark.parametrize("denial", [Answer(yes=False), CorrectionSaid(value=None)], ids=str)
def test_a_denied_number_is_not_kept_whatever_comes_between(
    how: str, denial: Answer | CorrectionSaid
) -> None:
    world = asked().rate(3).hear(denial)
    if how == "pause":
        world.command(Command.PAUSE).run_until_quiet().command(Command.RESUME)
    else:
        world.tell(DeviceLost(device="microphone"))
        world.tell(DeviceBack(device="microphone"))
    assert world.session.state == "correct_rating"
    assert (silence(world), value(world)) == (Ending.UNANSWERED, None)


def test_a_typed_correction_of_the_read_back_is_taken_at_once() -> None:
    world = asked().rate(3)
    typed = heard("4").model_copy(update={"mode": InputMode.KEYS})
    world.tell(Understood(intent=RatingSaid(value=4), heard=typed))
    assert world.session.state == "read_back"
    assert value(to_the_end(world)) == 4


def test_a_question_about_the_read_back_answered_no_asks_for_another() -> None:
    world = asked().rate(3).rate(5).run_until_quiet().yes(yes=False)
    assert world.session.state == "correct_rating"
    assert value(to_the_end(world.run_until_quiet().rate(4))) == 4


def test_another_number_or_unclear_words_to_the_read_back_are_asked_about() -> None:
    other = asked().rate(3).rate(5)
    assert other.session.view().candidate == 5
    unclear = asked().rate(3)
    unclear.tell(NotUnderstood(heard=heard("mumble", sure=False)))
    assert unclear.said()[-1] == "readback", "said once more, so that it can be objected to again"
    unclear.tell(NotUnderstood(heard=heard("mumble", sure=False)))
    assert (unclear.session.state, unclear.session.view().candidate) == ("confirm_rating", 3)
    assert value(to_the_end(unclear.run_until_quiet().yes())) == 3
    ranged = asked().rate(3).hear(RatingRangeSaid(low=3, high=4))
    assert ranged.session.state == "confirm_rating"
    hardly = asked().rate(3)
    hardly.hear(Answer(yes=True), "yes", sure=False)
    assert hardly.session.state == "confirm_rating"


def test_a_number_that_was_only_guessed_in_a_sentence_is_asked_about_and_replaces_on_yes() -> None:
    world = asked().rate(3).hear(RatingGuessed(value=5))
    assert (world.session.state, world.session.view().candidate) == ("confirm_rating", 5)
    assert value(to_the_end(world.run_until_quiet().yes())) == 5


def test_a_guess_that_is_denied_asks_for_the_number() -> None:
    world = asked().rate(3).hear(RatingGuessed(value=5)).run_until_quiet().yes(yes=False)
    assert world.session.state == "correct_rating"


def test_yes_or_the_same_number_to_the_read_back_ends_it_at_once() -> None:
    for said in (Answer(yes=True), RatingSaid(value=3)):
        world = asked().rate(3).hear(said)
        assert (world.session.ending, value(world)) == (Ending.ANSWERED, 3)


def test_whoever_begins_to_object_is_waited_for() -> None:
    world = asked().rate(3)
    world.tell(SpeechStarted())
    world.run_until_quiet()
    assert not world.session.ended
    world.correct(4)
    assert value(to_the_end(world.run_until_quiet().yes())) == 4
    cough = asked().rate(3)
    cough.tell(SpeechStarted())
    cough.run_until_quiet()
    cough.tell(SpeechWasNothing())
    assert value(cough) == 3


@pytest.mark.parametrize("command", [Command.STOP, Command.END, Command.SKIP])
@pytest.mark.parametrize("before", ["asked", "doubted", "taken", "paused"])
def test_stop_ends_at_once_whenever_it_comes_and_takes_nothing(command: Command, before: str) -> None:
    world = asked()
    if before == "doubted":
        world.rate(8)
    if before == "taken":
        world.rate(3)
    if before == "paused":
        world.command(Command.PAUSE)
    world.command(command)
    assert (world.session.ending, value(world)) == (Ending.STOPPED, None)


def test_something_is_wrong_ends_it_with_advice_and_takes_nothing() -> None:
    world = asked().rate(3).command(Command.SOMETHING_WRONG)
    assert (world.session.ending, value(world)) == (Ending.WORRIED, None)


def test_a_typed_number_is_taken_without_asking_back() -> None:
    world = asked()
    typed = Heard(text="9", confidence=1, engine="keys", mode=InputMode.KEYS)
    world.tell(Understood(intent=RatingSaid(value=9), heard=typed))
    assert value(to_the_end(world)) == 9


def test_words_without_a_number_are_asked_about() -> None:
    world = asked().hear(RatingWithoutNumber(hint="same"))
    assert world.said()[-1] == "need_number"


def test_pause_waits_and_goes_on_with_the_question() -> None:
    world = asked().command(Command.PAUSE).run_until_quiet()
    world.command(Command.RESUME).run_until_quiet().rate(3)
    assert value(to_the_end(world)) == 3


def test_a_lost_microphone_pauses_and_its_return_asks_again() -> None:
    world = asked()
    world.tell(DeviceLost(device="microphone"))
    assert world.session.state == "paused"
    world.tell(DeviceBack(device="microphone"))
    assert value(to_the_end(world.run_until_quiet().rate(3))) == 3


@pytest.mark.parametrize("command", [Command.KEEP_IT, Command.SWITCH_SIDES, Command.NOTE, Command.BACK])
def test_what_belongs_to_a_movement_is_not_possible_here(command: Command) -> None:
    assert "not_here" in asked().command(command).said()


def test_that_hurts_is_answered_with_the_question() -> None:
    world = asked().command(Command.HURTS)
    assert world.said()[-1] == "ask_baseline"


#: Talk about how it is said; all else may be an objection.
HARMLESS = {
    Command.LOUDER, Command.QUIETER, Command.TALK_FASTER, Command.TALK_SLOWER, Command.LESS_TALK,
    Command.MORE_TALK, Command.MORE_TIME, Command.WHAT_DID_YOU_HEAR, Command.ANOTHER_VOICE,
}  # fmt: skip


@pytest.mark.parametrize("command", sorted(set(Command) - HARMLESS))
def test_after_a_command_nothing_that_was_read_back_is_kept_by_silence(command: Command) -> None:
    world = asked().rate(3).command(command)
    while not world.session.ended and world._queue:
        world.pass_time()
    assert value(world) is None


@pytest.mark.parametrize("command", sorted(HARMLESS))
def test_what_is_about_the_talk_objects_to_no_number(command: Command) -> None:
    assert value(to_the_end(asked().rate(3).command(command))) == 3


TO_THE_READ_BACK = """
    no? | not 3? | 3? | yes? | wait | help | it hurts | ow | no, wait | wait, no | cancel | undo | no 6? | 6?
    | I said 6? | no one | my lungs won't fill | what? | is that right? | next | carry on | back | hmm
    | what's next | not sure
    """


@pytest.mark.parametrize("said", [" ".join(text.split()) for text in TO_THE_READ_BACK.split("|")])
def test_what_is_typed_to_the_read_back_and_is_no_answer_is_asked_about(said: str) -> None:
    world = asked().rate(3)
    typed = Heard(text=said, confidence=1, engine="keys", mode=InputMode.KEYS)
    meant = pack_of("en-US").read(said, world.session.expects)
    world.tell(Understood(intent=meant, heard=typed) if meant else NotUnderstood(heard=typed, clear=True))
    assert world.session.state in {"confirm_rating", "correct_rating"}
    assert silence(world) is Ending.UNANSWERED
    assert value(world) is None


def test_help_tells_what_can_be_said_now() -> None:
    assert "help_baseline" in asked().command(Command.HELP).said()
    world = asked().rate(3).command(Command.HELP)
    assert {"help_confirm_rating", "confirm_rating"} & {*world.run_until_quiet().said()[-2:]}
    assert value(to_the_end(world.yes())) == 3


def test_a_session_without_a_number_asks_back_what_a_session_would() -> None:
    assert value(to_the_end(asked(baseline=None).rate(5))) == 5


numbers = st.sampled_from([0, 2, 4, 5.5, 7, 10])
said = st.one_of(
    numbers.map(lambda n: RatingSaid(value=n)),
    st.one_of(st.none(), numbers).map(lambda n: CorrectionSaid(value=n)),
    st.booleans().map(lambda b: Answer(yes=b)),
    st.sampled_from(list(Command)).map(lambda c: CommandSaid(command=c)),
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Understood, intent=said, heard=st.booleans().map(lambda b: heard("x", sure=b))),
    st.just(NotUnderstood(heard=heard("x", sure=False))),
    st.sampled_from([SpeechStarted(), SpeechWasNothing(), Begin()]),
    st.sampled_from([DeviceLost(device="speaker"), DeviceBack(device="speaker")]),
    st.integers(1, 40).map(lambda n: CueFinished(cue=n)),
    st.integers(1, 40).map(lambda n: TimerFired(timer=n)),
)


@given(st.lists(events, max_size=40))
def test_whatever_happens_a_number_is_only_taken_that_was_said_last_and_nothing_is_kept(told) -> None:
    talk = morning()
    talk.step(Begin())
    numbers_said = set()
    for event in told:
        effects = talk.step(event)
        assert not any(isinstance(effect, Append) for effect in effects)
        assert talk.state not in {"perform", "rate_before", "rest", "summary", "verdict", "safety"}
        if isinstance(event, Understood) and isinstance(event.intent, RatingSaid | CorrectionSaid):
            numbers_said.add(event.intent.value)
        talk.view()
        talk.coming(3)
    if talk.answer is not None:
        assert talk.answer.value in numbers_said
    assert (talk.answer is not None) == (talk.ending is Ending.ANSWERED)


def test_last_words_are_told_in_order_and_stop_ends_them() -> None:
    talk = Aloud([notice("checkin_fine"), notice("checkin_resting", text="Hip Circles")])
    [_, first] = talk.step(Begin())
    assert isinstance(first, Speak)
    assert [line.prompt for line in talk.coming(3)] == ["checkin_resting"]
    [second] = talk.step(CueFinished(cue=first.cue))
    assert isinstance(second, Speak)
    assert not talk.ended
    talk.step(Understood(intent=CommandSaid(command=Command.STOP), heard=heard("stop")))
    assert talk.ended
    assert talk.view().state == "ended"


def test_last_words_go_on_after_the_pause_that_follows_a_line() -> None:
    talk = Aloud([replace(notice("checkin_fine"), beat=2_000), notice("checkin_resting", text="Hips")])
    [_, speak, pause] = talk.step(Begin())
    assert isinstance(speak, Speak)
    assert isinstance(pause, StartTimer)
    assert talk.step(CueFinished(cue=speak.cue)) == []
    [then] = talk.step(TimerFired(timer=pause.timer))
    assert isinstance(then, Speak)
    assert then.prompt == "checkin_resting"


def test_that_is_wrong_said_before_any_number_denies_nothing() -> None:
    world = asked().hear(CorrectionSaid(value=None)).run_until_quiet().rate(4)
    to_the_end(world)
    assert (world.session.ending, value(world)) == (Ending.ANSWERED, 4)
    assert "need_number" not in world.said()

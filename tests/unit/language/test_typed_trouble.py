"""Who types in trouble, in ordinary words or mistyped, is understood; so is every way to say stop."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuewalk.content.packs import load_pack
from cuewalk.domain.intents import DISTRESS, Answer, Command, CommandSaid, DenialSaid, Expect
from cuewalk.domain.records import NoteTaken
from helpers.states import world_in

MEASURE = tomllib.loads((Path(__file__).parents[2] / "data/words/typed_trouble.toml").read_text("utf-8"))
NOTHING, RATING, NOTE = frozenset(), frozenset({Expect.RATING}), frozenset({Expect.NOTE})
YES_NO, DENIAL = frozenset({Expect.YES_NO}), frozenset({Expect.DENIAL})
STOPPING = DISTRESS | {Command.STOP, Command.HURTS}


def _lines(text):
    return [" ".join(line.split()) for line in text.split("|")]


def _stops(pack, said, expects=NOTHING):
    """The command that stops the movement, or None."""
    meant = pack.read(said, expects)
    return meant.command if isinstance(meant, CommandSaid) and meant.command in STOPPING else None


SAID = {
    Command.EMERGENCY: """
        I can hardly breathe | I can barely breathe | difficulty breathing | hard to breath | chestpain
        | pain in my left arm | heart pain | my face is drooping | my speech is slurred | I am dying |
        get help | doctor | doctor, please | I have a lot of trouble getting my breath | I am not able
        to breathe | it's so hard to get any air | my left arm is going numb | the pain goes down my arm
        and into my jaw | I could not get a deep breath | he isn't breathing | my lips are turning blue
        | one side of me is weak | somebody call me a doctor | breathing is getting harder | chset pain
        | my chesst hurts | I cant braethe
        """,
    Command.FELL: """
        I'm on the floor | she is lying on the floor | I had a bad fall | my knee gave out under me | I
        lost my footing | I hit my head | my left knee just went
        """,
    Command.SOMETHING_WRONG: """
        I'm not ok | im not ok | I'm not really ok | not ok | I do not feel so well | something is not
        right | something's not quite right | I need to sit down | I have to lie down now | everything
        went black | I'm shaking | I am shaking | dizy | my knee locked | my hip is stuck | out of
        breath | I'm out of breath | he does not feel well | I'm not feeling myself | it's all going
        dark, everything went dark | my legs are like jelly | dizzyyyy | diizzy | I feel fiant | hlep me
        | I feel really quite odd | gone pale | I must sit | my heart is racing like mad | we want some
        help | HELP | Help!
        """,
    Command.HURTS: """
        aaaah | aaaaaargh | owwww | ouuuch | AAAHHH | unbearable | shooting pain | shooting pains | pain
        in my hip | a sharp stabbing pain | my knee aches | it hruts | the pain is getting worse | my
        calf cramps | so much pain | agony | no, aaargh
        """,
    Command.STOP: """
        I need to stop | I have to stop | stop this | stop the exercise | stop right now | stop - now |
        no stop | stop please stop | stop stop stop stop stop | halt | I can't go on | stopppp | STOP! |
        stpo | no! stop | should I stop? | can you stop now please | let's end it | finish now | I
        cannot carry on | I can't do any more | I don't want to go on | that's enough now | I've had
        enough | no more | you don't stop, stop | four, stop | okay stop | stop, that hurts | why don't
        we stop | I give up | I can't | I cannot
        """,
}


@pytest.mark.parametrize(("said", "command"), [(s, c) for c, t in SAID.items() for s in _lines(t)])
@pytest.mark.parametrize("expects", [NOTHING, RATING, YES_NO])
def test_ordinary_words_of_trouble_and_of_stopping(en, said, command, expects):
    assert en.read(said, expects) == CommandSaid(command=command)


HARMLESS = """
    don't stop | no need to stop | I didn't say stop | I do not want to stop | never stop | it won't
    stop | I'm not dizzy | no chest pain | nothing hurts | no trouble breathing | it isn't hard to
    breathe | I don't have trouble breathing | not out of breath | no pain in my left arm | my chest is
    fine | the pain in my hip is gone | no difficulty breathing | I'm not shaking | I won't fall | no
    unbearable pain | I haven't fallen | not dizzy, not faint | I don't need to sit down | I don't need
    to lie down | take a breath | should I hold my breath? | it's hard to hold my breath | breathe out |
    my breath is fine | my knee cracks | chest up | chin to chest | keep your chest over your hips |
    knee to my chest | do I need to sit down? | should I lie down now | I'm sitting down | I'm not good
    at this | how hard should I push | hard | difficult | it's hard to balance | my left arm is on the
    chair | my face is red | the doctor told me to | I can't see the screen | I feel good | I feel well
    | I'm good | I'm okay | ok | okay then | a chess board | I'm cooking | I skipped one | the hunt
    is on | hunting | a breadth | chests | not enough time | is there enough room | bus stop | full stop
    | the pain went down | the volume went down | number four | the head turns | my arm
    """


@pytest.mark.parametrize("said", _lines(HARMLESS))
def test_harmless_talk_stops_nothing(en, said):
    assert _stops(en, said) is None


def test_ok_is_okay(en):
    for ok in ("ok", "OK", "okay", "Ok."):
        assert en.read(ok, YES_NO) == Answer(yes=True)
    assert en.read("i'm ok", DENIAL) == DenialSaid()
    assert en.read("no I'm ok", DENIAL) == DenialSaid()
    assert en.read("I'm not ok", DENIAL) == CommandSaid(command=Command.SOMETHING_WRONG)


@pytest.mark.parametrize("said", _lines("I had to stop after three | it stopped hurting | stop at the wall"))
def test_a_note_may_tell_of_stopping(en, said):
    assert _stops(en, said, NOTE) is None
    assert _stops(en, "stop", NOTE) is Command.STOP


@pytest.mark.parametrize(
    "said", _lines("fuor | sevn | eigth | threee | nien | foru | tenn | zeroo | fivve | hurt number | nubmer")
)
def test_a_mistyped_number_is_never_guessed_at_by_its_letters(en, said):
    assert getattr(en.read(said, RATING), "value", None) is None


@pytest.fixture(scope="module")
def pack():
    return load_pack("en-US")


@given(cry=st.sampled_from(["ah", "ow", "argh", "ouch"]), drawn_out=st.lists(st.integers(1, 9), min_size=4))
def test_a_cry_is_a_cry_however_long(pack, cry, drawn_out):
    said = "".join(letter * times for letter, times in zip(cry, drawn_out, strict=False))
    assert _stops(pack, said) is Command.HURTS


@pytest.mark.parametrize("said", _lines("그만할래요 | 이제 그만 | 더 이상 못 하겠어요 | 운동 정지"))
def test_stop_anywhere_in_korean(ko, said):
    assert ko.read(said, NOTHING) == CommandSaid(command=Command.STOP)


def test_a_denied_stop_in_korean(ko):
    assert _stops(ko, "그만하지 마") is None


def _shares(pack, half):
    said = [(text, kind) for kind, texts in half.items() if kind != "harmless" for text in texts]
    stopped = [text for text, _ in said if _stops(pack, text) is not None]
    right = [text for text, kind in said if _stops(pack, text) == kind]
    return len(said), len(stopped), len(right)


@pytest.mark.parametrize(
    ("part", "stopped", "right"), [("first", 69, 69), ("second", 69, 68), ("third", 12, 10)]
)
def test_how_much_of_what_others_would_type_is_understood(en, part, stopped, right):
    """Floors, not promises; the third part was chosen to be missed."""
    reached = _shares(en, MEASURE[part])
    assert reached[1] >= stopped
    assert reached[2] >= right


@pytest.mark.parametrize("part", ["first", "second"])
def test_nothing_harmless_of_the_measure_stops(en, part):
    assert [said for said in MEASURE[part]["harmless"] if _stops(en, said)] == []


ONLY_STOPS = """
    i need to stop | stop stop stop stop stop | no stop | no, stop! | stpo | make it stop | i told you to stop
    | i can't go on | I can't do this | please, I can't do this | sorry I can't do it | we have to stop now
    | I want to stop please | stop it please, stop | I give up | can we stop | I said stop
    | I don't want to go on
    | that's enough now | no more please | I just can't do this any more | STOP | ok stop | finish now
    | I really need to stop right now | I can't | stop the exercise | stop this movement now | end it
    """
NOTES = """
    I can't sit long at work | my left shoe is tight | I had to stop early yesterday | it hurts when I stop
    | I stop often | I can't do this one with shoes on | the bus stop is far
    | stopped smoking | don't stop me now
    | never stop | I can't carry heavy bags | I want to stop taking the pills
    | my doctor told me to stop running
    | enough sleep | I have to stop at every corner | no more than a walk | I don't need to stop
    """


@pytest.mark.parametrize("said", _lines(ONLY_STOPS))
@pytest.mark.parametrize("state", ["before_note", "note"])
def test_what_is_nothing_but_a_stop_is_no_note(pack, state, said):
    assert pack.read(said, NOTE) == CommandSaid(command=Command.STOP)
    world = world_in(state).run_until_quiet()
    world.hear(pack.read(said, world.session.expects))
    assert world.session.state == "stop_asked"
    assert not any(isinstance(record, NoteTaken) for record in world.records)


@pytest.mark.parametrize("said", _lines(NOTES))
def test_a_note_with_such_words_in_it_is_a_note(pack, said):
    assert _stops(pack, said, NOTE) is None

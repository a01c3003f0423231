"""The listening benchmark: recordings in folders in, figures out.

Each clip goes through the session's loop, and what a session would have made of it is kept. Nothing is left
out but what only a session can do about it: ask back, and act.
"""

import zlib
from collections.abc import Callable, Iterator

from cuewalk import places
from cuewalk.bench.hearing.figures import Judged, UtteranceResult
from cuewalk.bench.hearing.report import HearingReport, HearingRequest
from cuewalk.bench.hearing.scene import AFTER, BEFORE, LONGEST_AFTER, Scene, timed_tick
from cuewalk.bench.listening import hearing_for
from cuewalk.bench.noise import Background, is_noise
from cuewalk.bench.recordings import (
    SEED,
    Clip,
    Group,
    Skipped,
    UnreadableSoundError,
    groups,
    of_speakers,
    read_manifests,
    read_sound,
    sample,
)
from cuewalk.bench.speech import some_cues
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.intents import Expect
from cuewalk.domain.sound import Samples
from cuewalk.domain.units import FRAME_MS, FRAME_SAMPLES, SESSION_RATE, Millis
from cuewalk.engine.events import NotUnderstood, Understood
from cuewalk.language.pack import LocalePack
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.stage import Stage
from cuewalk.settings import Settings
from cuewalk.speech_in.listener import UtteranceHeard
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.voices.silent import SilentVoice

#: Told before each clip: how many are done, how many there are.
Progress = Callable[[int, int], None]


def bench_hear(request: HearingRequest, settings: Settings, progress: Progress) -> HearingReport:
    """Hear every clip and return what became of it.

    Raises:
        CuewalkError: if a manifest, an engine or a voice is missing, or not one clip could be used.
    """
    everything, skipped = read_manifests(request.folders)
    pack, expects = load_pack(settings.locale), request.listen_for.expects
    clips = of_speakers(everything, request.speakers)
    clips = clips if request.limit is None else sample(clips, request.limit)
    conditions = request.conditions
    background = None if conditions.snr is None else Background(everything, SEED)
    cues = {} if conditions.echo is None else some_cues(pack, settings)
    scene = Scene(conditions, expects, background, cues)
    report = HearingReport(request, background=background.name if background else None, skipped=skipped)
    done = 0
    for group in groups(
        clips, request.calibrate, lambda clip: pack.interpret(clip.words, expects) is not None
    ):
        for _ in _hear_group(group, report, scene, pack, settings):
            progress(done, len(clips))
            done += 1
    progress(len(clips), len(clips))
    if not report.judged:
        raise _nothing(report)
    return report


def _hear_group(
    group: Group, report: HearingReport, scene: Scene, pack: LocalePack, settings: Settings
) -> Iterator[Clip]:
    """Yield each clip before it is heard."""
    request = report.request
    examples: list[tuple[str, Samples]] = []
    for clip in group.examples:
        yield clip
        sound = _sound(clip, report)
        examples += [] if sound is None else [(clip.words, sound)]
    report.calibration_clips += len(examples)
    hearing = hearing_for(pack, settings, request.engine.value, request.head, examples)
    report.engine = hearing.engine
    # A session that makes no tones; what it says is rendered already.
    quiet, silent = settings.model_copy(update={"earcons": False}), SilentVoice()
    stage = Stage(quiet, pack, CachedVoice(silent, places.cache_dir() / "cues"), NoticeBoard(), hearing)
    try:
        for clip in group.judged:
            yield clip
            sound = _sound(clip, report)
            report.judged += [] if sound is None else [_judge(stage, scene, clip, sound)]
    finally:
        stage.release()
        stage.voice.close()


def _sound(clip: Clip, report: HearingReport) -> Samples | None:
    try:
        return read_sound(clip.file)
    except UnreadableSoundError as error:
        report.skipped.append(Skipped(str(clip.file), str(error)))
        return None


def _nothing(report: HearingReport) -> CuewalkError:
    reasons = "; ".join(f"{each.path}: {each.why}" for each in report.skipped[:3])
    return CuewalkError(
        "Not one recording could be judged.",
        meaning=f"{len(report.skipped)} were skipped ({reasons})." if reasons else "",
        remedy="Check the manifest's paths" + (", or keep fewer takes." if report.request.calibrate else "."),
    )


def _judge(stage: Stage, scene: Scene, clip: Clip, sound: Samples) -> Judged:
    """Return what was decided while ``sound`` was heard; the listener knows nothing of earlier clips."""
    stage.hearing.listener.reset()
    seed = zlib.crc32(f"{clip.set}/{clip.name}".encode())
    place = scene.enter(stage, sound, seed, is_noise=is_noise(clip))
    least = -(-(Millis(BEFORE + AFTER) * SESSION_RATE // 1000 + len(sound)) // FRAME_SAMPLES)
    frames, computing, decisions = 0, 0.0, list[UtteranceResult]()
    try:
        # The utterance under way is heard to its end.
        while frames < least or (place.loop.speaking and frames < least + LONGEST_AFTER // FRAME_MS):
            cpu, took = timed_tick(place.loop, place.room)
            computing += cpu
            frames += 1
            understood = place.told.understood
            decisions += [
                _decision(stage.pack, scene.expects, heard, event, took * 1000) for heard, event in understood
            ]
            understood.clear()
    finally:
        place.leave()
    return Judged(
        clip=clip,
        meant=stage.pack.interpret(clip.words, scene.expects),
        decisions=tuple(decisions),
        seconds=len(sound) / SESSION_RATE,
        fed_seconds=frames * FRAME_MS / 1000,
        computing_seconds=computing,
    )


def _decision(
    pack: LocalePack,
    expects: frozenset[Expect],
    heard: UtteranceHeard,
    event: Understood | NotUnderstood,
    computing_ms: float,
) -> UtteranceResult:
    understood = event if isinstance(event, Understood) else None
    best = event.heard.text or max(heard.hypotheses, key=lambda h: (bool(h.text), h.confidence)).text
    return UtteranceResult(
        text=best,
        confidence=event.heard.confidence,
        intent=understood.intent if understood else None,
        sureness=understood.heard.sureness if understood else None,
        guess=pack.interpret(best, expects) if best else None,
        speech_ms=Millis(heard.end_ms - heard.start_ms),
        latency_ms=heard.decided_ms - heard.end_ms + computing_ms,
    )

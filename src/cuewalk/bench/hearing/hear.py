"""The listening benchmark: recordings in folders in, figures out."""

from collections.abc import Callable, Iterator, Sequence

from cuewalk import places
from cuewalk.bench.hearing.cues import cues_for
from cuewalk.bench.hearing.listening import hearing_for
from cuewalk.bench.hearing.manifest import Clip, Skipped, read_manifests
from cuewalk.bench.hearing.mixing import Background
from cuewalk.bench.hearing.pipeline import Pipeline
from cuewalk.bench.hearing.report import Report, Request
from cuewalk.bench.hearing.scene import Scene
from cuewalk.bench.hearing.selection import SEED, Group, groups, of_speakers, read_speakers, sample
from cuewalk.bench.hearing.sound_files import UnreadableSoundError, read_sound
from cuewalk.content.packs import load_pack
from cuewalk.domain.errors import CuewalkError
from cuewalk.domain.sound import Samples
from cuewalk.language.pack import LocalePack
from cuewalk.session.notices import NoticeBoard
from cuewalk.session.stage import Stage
from cuewalk.settings import Settings
from cuewalk.speech_out.cache import CachedVoice
from cuewalk.speech_out.voices.silent import SilentVoice
from cuewalk.understanding.hearing import Hearing

#: Told before each clip: how many are done, how many there are.
Progress = Callable[[int, int], None]


def bench_hear(request: Request, settings: Settings, progress: Progress) -> Report:
    """Hear every clip and return what became of it.

    Raises:
        CuewalkError: if a manifest, an engine or a voice is missing, or not one clip could be used.
    """
    everything, skipped = read_manifests(request.folders)
    report = Report(request, skipped=skipped)
    pack = load_pack(settings.locale)
    clips = _chosen(everything, request)
    scene = _scene(request, everything, pack, settings)
    report.background = scene.background.name if scene.background else None
    expects = request.listen_for.expects
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
    group: Group, report: Report, scene: Scene, pack: LocalePack, settings: Settings
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
    stage = _stage(settings, pack, hearing)
    pipeline = Pipeline(stage, scene, request.listen_for.expects)
    try:
        for clip in group.judged:
            yield clip
            sound = _sound(clip, report)
            report.judged += [] if sound is None else [pipeline.judge(clip, sound)]
    finally:
        stage.release()
        stage.voice.close()


def _sound(clip: Clip, report: Report) -> Samples | None:
    try:
        return read_sound(clip.file)
    except UnreadableSoundError as error:
        report.skipped.append(Skipped(str(clip.file), str(error)))
        return None


def _chosen(clips: list[Clip], request: Request) -> list[Clip]:
    if request.speakers is not None:
        clips = of_speakers(clips, read_speakers(request.speakers))
    return clips if request.limit is None else sample(clips, request.limit)


def _scene(request: Request, clips: Sequence[Clip], pack: LocalePack, settings: Settings) -> Scene:
    conditions = request.conditions
    background = None if conditions.snr is None else Background(clips, SEED)
    cues = {} if conditions.echo is None else dict(cues_for(pack, settings))
    return Scene(conditions, request.listen_for.expects, background, cues)


def _stage(settings: Settings, pack: LocalePack, hearing: Hearing) -> Stage:
    """Return the stage of a session that makes no tones; what it says is rendered already."""
    quiet = settings.model_copy(update={"earcons": False})
    return Stage(quiet, pack, CachedVoice(SilentVoice(), places.cache_dir() / "cues"), NoticeBoard(), hearing)


def _nothing(report: Report) -> CuewalkError:
    reasons = "; ".join(f"{each.path}: {each.why}" for each in report.skipped[:3])
    return CuewalkError(
        "Not one recording could be judged.",
        meaning=f"{len(report.skipped)} were skipped ({reasons})." if reasons else "",
        remedy="Check the manifest's paths" + (", or keep fewer takes." if report.request.calibrate else "."),
    )

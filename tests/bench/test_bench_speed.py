"""``cuewalk bench speed``: a real engine in a process of its own."""

import soundfile
from rich.console import Console

from cuewalk.bench.speed_bench import as_json, bench_speed, show_speed
from cuewalk.settings import Settings
from helpers.synth import RATE, between_silence, say


def test_what_is_there_is_measured_and_what_is_not_is_told(tmp_path, capsys):
    wav = tmp_path / "seven.wav"
    soundfile.write(wav, between_silence(say("seven")), RATE)
    told = []
    report = bench_speed(
        Settings(),
        runs=1,
        speech=wav,
        whisper_model=None,
        progress=lambda *at: told.append(at),
        engines=("pocketsphinx", "faster-whisper"),
    )
    found = as_json(report)
    measured = found["engines"]["pocketsphinx"]
    assert measured["utterances"] == 1
    assert 0.1 < measured["cold_start_s"]["median"] < 60
    assert 0 < measured["idle_cpu_percent"]["median"] < measured["speech_cpu_percent"]["median"]
    assert measured["realtime_factor"]["median"] > 0
    assert 20 < measured["rss_mb"]["median"] <= measured["peak_rss_mb"]["median"] + 1
    assert "No model folder" in found["not_measured"]["faster-whisper"]
    assert told[0] == (0, 2)
    show_speed(Console(width=100), report)
    shown = capsys.readouterr().out
    assert "pocketsphinx" in shown
    assert "Not measured: faster-whisper" in shown

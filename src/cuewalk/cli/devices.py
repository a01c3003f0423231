"""``cuewalk devices``: microphones and speakers by name."""

from rich.console import Console

from cuewalk.cli.common import tell
from cuewalk.devices import portaudio
from cuewalk.terminal.tables import Rows


def devices() -> None:
    """Show microphones and speakers; choose one with 'cuewalk settings microphone NAME'."""
    table = Rows(("name", "microphone>", "speaker>", "rate>", "default"))
    found = portaudio.query()
    for device in found:
        default = "in " * device.is_default_input + "out" * device.is_default_output
        microphone, speaker = str(device.input_channels or "—"), str(device.output_channels or "—")
        table.add(device.label, microphone, speaker, str(device.default_rate), default.strip())
    if found:
        table.show(Console())
    else:
        tell("No sound device was found. 'cuewalk demo' works without one.")

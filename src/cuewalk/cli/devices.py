"""``cuewalk devices``: microphones and speakers by name."""

from rich.console import Console

from cuewalk.devices import portaudio
from cuewalk.terminal.printing import say
from cuewalk.terminal.tables import Rows


def devices() -> None:
    """Show microphones and speakers; choose one with 'cuewalk settings microphone NAME'."""
    table = Rows(("name", "microphone>", "speaker>", "rate>", "default"))
    found = portaudio.query()
    for device in found:
        default = " ".join(
            word
            for word, is_it in (("in", device.is_default_input), ("out", device.is_default_output))
            if is_it
        )
        microphone, speaker = str(device.input_channels or "—"), str(device.output_channels or "—")
        table.add(device.label, microphone, speaker, str(device.default_rate), default)
    console = Console()
    if found:
        table.show(console)
    else:
        say(console, "No sound device was found. 'cuewalk demo' works without one.")

"""``cuewalk models``: which recognition models there are, fetch one, check them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from cuewalk import places
from cuewalk.domain.errors import ModelError
from cuewalk.models.api import ModelState, ModelStatus, Progress, ProgressSink
from cuewalk.models.attempt import attempt_once
from cuewalk.models.store import open_store

app = typer.Typer(help="Recognition models: list, fetch, verify.", no_args_is_help=True)

Name = Annotated[str | None, typer.Argument(help="The model's name, as 'cuewalk models list' shows it.")]
Timeout = Annotated[
    float, typer.Option(min=1.0, help="Seconds without an answer after which it is given up.")
]
Once = Annotated[bool, typer.Option("--once", help="Try the default model, once ever; end well if it fails.")]

_COLOURS = {ModelState.INSTALLED: "green", ModelState.MISSING: "yellow", ModelState.DAMAGED: "red"}


@app.command("list")
def list_models() -> None:
    """Show every model, whether it is installed, and where."""
    _show(open_store().list())


@app.command()
def fetch(name: Name = None, timeout: Timeout = 30.0, once: Once = False) -> None:
    """Download, check and install a model (without a name: the small English one)."""
    store = open_store()
    console = Console()
    with _bar(console) as progress:
        if once:
            line = attempt_once(store, places.data_dir, progress=progress, timeout=timeout)
        else:
            wanted = name or store.default
            line = f"{wanted} is installed in {store.fetch(wanted, progress=progress, timeout=timeout)}"
    if line:
        _say(console, line)


@app.command()
def verify(name: Name = None) -> None:
    """Hash every file of the installed models (or of one) and say what is damaged."""
    store = open_store()
    checked = [store.verify(status.name) for status in store.list() if name in (None, status.name)]
    if name is not None and not checked:
        store.verify(name)  # raises the sentence that names the models
    _show(checked)
    wanted = {ModelState.DAMAGED} if name is None else {ModelState.DAMAGED, ModelState.MISSING}
    if any(status.state in wanted for status in checked):
        raise typer.Exit(ModelError.exit_code)


def _show(statuses: Sequence[ModelStatus]) -> None:
    console = Console()
    table = Table("model", "locale", "download", "licence", "state")
    for status in statuses:
        size = "-" if status.size is None else f"{status.size / 1e6:.0f} MB"
        state = f"[{_COLOURS[status.state]}]{status.state}[/]"
        table.add_row(status.name, status.locale, size, status.licence, state)
    console.print(table)
    for status in statuses:
        if status.path:
            _say(console, f"{status.name} is in {status.path} ({status.place}).")
        if status.note:
            _say(console, f"{status.name}: {status.note}")


def _say(console: Console, line: str) -> None:
    """Print a line as it is: paths are not folded and not coloured."""
    console.print(line, soft_wrap=True, highlight=False, markup=False)


@contextmanager
def _bar(console: Console) -> Iterator[ProgressSink]:
    """Give a sink that draws a bar from the first byte on, and nothing where there is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    bar = Bar(*columns, TimeRemainingColumn(), console=console, transient=True)
    task = bar.add_task("", total=None)
    with ExitStack() as shown:

        def progress(now: Progress) -> None:
            if console.is_terminal and not bar.live.is_started:
                shown.enter_context(bar)
            bar.update(task, description=f"{now.stage} {now.name}", completed=now.done, total=now.total)

        yield progress

"""``cuewalk models``: which recognition models there are, fetch one, check them."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from cuewalk import places
from cuewalk.cli.common import tell
from cuewalk.cli.progress import progress
from cuewalk.domain.errors import ModelError
from cuewalk.models.store import FetchProgress, ModelState, ModelStatus, attempt_once, open_store
from cuewalk.terminal.tables import Rows

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
    with progress("fetching", unit="B") as report:

        def fetched(now: FetchProgress) -> None:
            report(now.done, now.total, f"{now.stage} {now.name}")

        if once:
            line = attempt_once(store, places.data_dir, progress=fetched, timeout=timeout)
        else:
            wanted = name or store.default
            line = f"{wanted} is installed in {store.fetch(wanted, progress=fetched, timeout=timeout)}"
    if line:
        tell(line)


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
    table = Rows(("model", "locale", "download>", "licence", "state"))
    for status in statuses:
        size = "-" if status.size is None else f"{status.size / 1e6:.0f} MB"
        state = Text(str(status.state), style=_COLOURS[status.state])
        table.add(status.name, status.locale, size, status.licence, state)
    table.show(Console())
    for status in statuses:
        if status.path:
            tell(f"{status.name} is in {status.path} ({status.place}).")
        if status.note:
            tell(f"{status.name}: {status.note}")

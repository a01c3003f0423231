"""``cuewalk bench faults``: kills, lost power, refusing disks, broken inputs; what is lost, what traces."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Annotated, Any

import typer
from rich.console import Console

from cuewalk.bench.faults.campaign import run_campaign
from cuewalk.bench.faults.report import LONG, QUICK, FaultRequest, show_faults
from cuewalk.cli import COMMANDS, app, main
from cuewalk.cli.common import Json, print_json
from cuewalk.cli.progress import progress


def faults(
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="A few of each kind, the same on every machine: about a minute.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other faults.")] = 1,
    states: Annotated[
        int | None, typer.Option(min=0, help=f"Kills in each state (default: {LONG.state_kills}).")
    ] = None,
    kills: Annotated[
        int | None, typer.Option(min=0, help=f"Kills of everything a person does (default: {LONG.kills}).")
    ] = None,
    refusals: Annotated[
        int | None, typer.Option(min=0, help=f"Failing operations of each act (default: {LONG.refusals}).")
    ] = None,
    powers: Annotated[
        int | None, typer.Option(min=0, help=f"Lost powers of each act (default: {LONG.powers}).")
    ] = None,
    inputs: Annotated[
        int | None, typer.Option(min=0, help=f"Broken inputs (default: {LONG.inputs:,}).")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only kinds with this in their name.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Tries side by side (default: one a core).")] = None,
    as_object: Json = False,
) -> None:
    """Kill, starve and feed it rubbish, and count what is lost. Ends with 1 if anything was."""
    wishes = {"state_kills": states, "kills": kills, "refusals": refusals, "powers": powers, "inputs": inputs}
    asked: dict[str, Any] = {name: wish for name, wish in wishes.items() if wish is not None}
    amounts = replace(QUICK if quick else LONG, **asked)
    request = FaultRequest(seed, amounts, tuple(only or ()), jobs or os.cpu_count() or 1)
    _import_all_commands()
    with progress("trying") as report_progress:
        report = run_campaign(request, _command, report_progress)
    if as_object:
        print_json(report.as_json())
    else:
        show_faults(Console(), report)
    if report.cut_off:
        raise typer.Exit(130)
    if report.failed:
        raise typer.Exit(1)


def _import_all_commands() -> None:
    """Import once what every forked child would import for itself."""
    for module in COMMANDS:
        import_module(f"cuewalk.cli.{module}")


def _command(words: Sequence[str]) -> int:
    """Run a command line of the product in this process and return its exit code."""
    app.registered_commands.clear()
    app.registered_groups.clear()
    sys.argv = ["cuewalk", *words]
    try:
        main(mistakes_escape=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0

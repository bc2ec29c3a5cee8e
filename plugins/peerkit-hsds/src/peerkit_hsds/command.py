# SPDX-License-Identifier: Apache-2.0
"""`peerkit directory import`. peerkit adds --db and --as, and hands over an object that opens the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from peerkit_hsds.importing import import_directory
from peerkit_hsds.reading import Progress
from peerkit_hsds.telling import as_json, tell

REFUSED = 1
"""The exit code of peerkit's commands for what its rules refuse."""


@click.command("import")
@click.argument("path", type=click.Path())
@click.option(
    "--source",
    metavar="NAME",
    help="What this directory is called in the program; its later editions are imported under the same name."
    " The name of the folder or file, unless told.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option(
    "--sure",
    is_flag=True,
    help="Go on although most entries changed their names, are there under another --source, or disappeared.",
)
@click.option("--rows", "every_row", is_flag=True, help="List every row that was not kept, one by one.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON, for a program to read.")
@click.pass_obj
def import_(
    app: Any, *, path: str, source: str | None, dry_run: bool, sure: bool, every_row: bool, json_wanted: bool
) -> None:
    """Fill the directory from PATH: a folder, a zip archive, or one CSV or JSON file.

    Reads every dialect of HSDS, the Human Services Data Specification of Open Referral, and finds out
    which one it is. Every row is kept or reported with its file, line and reason. Importing twice
    changes nothing; a newer edition changes what differs and marks what it has no longer as gone.
    Stopped in the middle, it goes on where it was when it is run again.
    """
    wants_json = json_wanted or app.as_json
    with app.kit() as kit, _bar(shown=not wants_json) as show:
        outcome = import_directory(
            kit, path, actor=app.actor(kit), source=source, sure=sure, dry=dry_run, progress=show
        )
    if wants_json:
        click.echo(as_json(outcome))
    else:
        tell(outcome, every_row=every_row)
    if outcome.refused:
        click.get_current_context().exit(REFUSED)


@contextmanager
def _bar(*, shown: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A progress bar on standard error, if that is a terminal."""
    console = Console(stderr=True)
    if not (shown and console.is_terminal):
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Bar(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(at: Progress) -> None:
            if at.stage not in tasks:
                tasks[at.stage] = bar.add_task("Reading files" if at.stage == "reading" else "Importing")
            bar.update(tasks[at.stage], completed=at.done, total=at.total)

        yield show

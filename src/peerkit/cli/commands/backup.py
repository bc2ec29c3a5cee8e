# SPDX-License-Identifier: Apache-2.0
"""`peerkit backup`: the whole program as one new file."""

from __future__ import annotations

import click

from peerkit.cli import out
from peerkit.cli.app import App
from peerkit.cli.options import as_json, database
from peerkit.model.actor import Actor
from peerkit.texts import _, verbatim

OPERATOR = "operator"
"""Who took a copy whose login is linked to nobody: whoever may read the file may copy it."""


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@database
@as_json
@click.pass_obj
def backup(app: App, file: str) -> None:
    """Write the whole program to FILE, a new file, while it goes on running.

    A copy of the database's file alone is none: part of it may be elsewhere. It is logged who took it. FILE
    holds everything, readable by its owner only: encrypt it, and keep it on another machine. How to put it
    back stands in docs/how-to/backup.md.
    """
    with app.kit() as kit:
        kit.snapshot(file, actor=app.actor_or_none(kit) or Actor.system(OPERATOR))
    if app.as_json:
        out.emit({"file": file})
        return
    out.line(_("Written. It holds everything that the program holds: encrypt it."), style="bold")
    out.pairs([(_("to try it"), verbatim("peerkit verify --db sqlite:///COPY-OF-IT"))], indent=2)

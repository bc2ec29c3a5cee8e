# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes summary`: one page to bring along, of what the person ticks."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from peerkit import commands
from peerkit.paper import keep
from peerkit_diabetes.summary import SECTIONS, summary_page
from peerkit_diabetes.words import _

ALL = "all"


@click.command()
@click.option(
    "--out", "file", metavar="FILE", required=True, help="Where to: a new file, for your eyes alone."
)
@click.option(
    "--with",
    "ticked",
    multiple=True,
    type=click.Choice((*SECTIONS, ALL)),
    help="What stands on it. Can be repeated; left out, each is asked for.",
)
@click.option("--days", default=28, show_default=True, type=click.IntRange(1, 366), help="How far back.")
@click.option(
    "--font", "fonts", multiple=True, metavar="FILE", help="A font file, for letters that are missing."
)
@commands.listing
@click.pass_obj
def summary(
    app: commands.App, *, file: str, ticked: tuple[str, ...], days: int, fonts: tuple[str, ...]
) -> None:
    """Print one page about yourself that you can bring to your care team. Nothing stands on it but what you
    tick, and nobody else can print it."""
    chosen = tuple(SECTIONS) if ALL in ticked else (ticked or _ticked())
    with app.kit() as kit:
        actor = app.actor(kit)
        keep(
            Path(file),
            "--out",
            lambda: summary_page(kit, actor, chosen, say=commands.texts(), days=days, fonts=fonts),
        )
    if not app.as_json:
        commands.line(_("The page is made. It is as private as you keep it."))


def _ticked() -> tuple[str, ...]:
    """What the person wants on it, asked for one by one. Enter leaves it out."""
    if not sys.stdin.isatty():
        raise click.UsageError(_("Nobody can be asked here: say what stands on it, --with goals."))
    commands.line(_("What is to stand on your page? Enter leaves it out."))
    chosen = []
    for code, words in SECTIONS.items():
        if commands.agreed(words):
            chosen.append(code)
    return tuple(chosen)

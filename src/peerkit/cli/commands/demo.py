# SPDX-License-Identifier: Apache-2.0
"""`peerkit demo` plays one whole journey and tells it; `peerkit story` tells it again from its database."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import exits, out
from peerkit.cli.app import ISSUER, App
from peerkit.cli.options import as_json, database
from peerkit.cli.speaking import say
from peerkit.errors import Malformed
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.demo.story import Story
    from peerkit.kit import Kit
    from peerkit.model.actor import Actor
    from peerkit.ports import Verdict


@click.command()
@click.option("--db", metavar="URL", help="An empty database to play in. Else a new file, which is kept.")
@click.option("--directory", metavar="PATH", help="A service directory to load (needs peerkit-hsds).")
@as_json
@click.pass_obj
def demo(app: App, *, db: str | None, directory: str | None) -> None:
    """Play one whole journey with fictional people, and tell it from what was stored.

    A program is founded and a directory loaded. Two people find each other, agree, meet and make a
    plan. An answer alarms, and climbs until somebody has acted. Two referrals go out: one is taken
    back, one is closed by an answer. What rules and rights refuse on the way is tried for real.

    The database is left for you to look at. Everybody and everything in it is made up.
    """
    from peerkit.demo.play import open_stage, play
    from peerkit.demo.tell import tell

    fill = _importer(app, directory) if directory else None
    app.url = db or f"sqlite:///{Path(tempfile.mkdtemp(prefix='peerkit-demo-')) / 'demo.db'}"
    with open_stage(app.database(), discover=fill is not None) as stage, app.using(stage.kit):
        stage.kit.link(ISSUER, app.login, stage.robin)
        play(stage, *([fill] if fill else []))
        story, verdict = tell(stage.kit), stage.kit.verify()
    _show(app, story, verdict)
    if not app.as_json:
        _leave(app.database())


@click.command()
@database
@as_json
@click.pass_context
def story(ctx: click.Context) -> None:
    """Tell the story of a demo's database, from its feed alone.

    It reads past everybody's rights, as whoever has the file can; it is written down as read. Made
    for the demo's fictional people: for a program's own people there are `history` and `inspect`.
    """
    from peerkit.demo.cast import SETTINGS
    from peerkit.demo.tell import tell

    app: App = ctx.ensure_object(App)
    with app.kit() as kit:
        if kit.program.name != SETTINGS["name"]:
            raise Malformed(_("this is no database of a demo: its people are real"), where="--db")
        told, verdict = tell(kit), kit.verify()
    _show(app, told, verdict)


def _show(app: App, story: Story, verdict: Verdict) -> None:
    from peerkit.cli import telling

    if app.as_json:
        out.emit({"database": app.url, **telling.plain(story), "verify": verdict})
    else:
        telling.show(story)
        click.echo()
        fine = _("Nothing was changed outside peerkit.")
        proof = fine if verdict.intact else _("SOMETHING WAS CHANGED OUTSIDE PEERKIT.")
        records = sum(story.counts.values())
        counted = [
            many("{n} record", "{n} records", records),
            many("{n} version", "{n} versions", verdict.positions),
            many("{n} refused", "{n} refused", len(story.refusals)),
        ]
        out.line(_("{counts}. {proof}", counts=joined(counted, ", "), proof=proof), style="bold")
    if not verdict.intact:
        click.get_current_context().exit(exits.ALARM)


def _importer(app: App, path: str) -> Callable[[Kit, Actor], Any]:
    """The import of peerkit-hsds, run on the demo's program as its coordinator."""
    from peerkit.cli.root import plugin_command

    command = plugin_command("directory import")
    if command is None:
        missing = _("Error: `directory import` is missing: pip install peerkit-hsds")
        raise exits.Told(say(missing), exits.PLUGIN)

    def fill(kit: Kit, actor: Actor) -> None:
        del actor  # the command takes it from the app: the login is linked to the coordinator
        inner = App(url=app.url, login=app.login)
        with inner.using(kit), redirect_stdout(sys.stderr):  # standard output is the story's
            command.main([path], prog_name="peerkit directory import", standalone_mode=False, obj=inner)

    return fill


def _leave(url: str) -> None:
    looks = _looks(url)
    if not looks:
        out.line(_("It was played in memory and is gone now: leave out --db to keep it in a file."))
        return
    out.title(_("It is all there to look at"))
    for command, words in looks:
        out.line(verbatim(command), indent=2, style="bold")
        out.line(words, indent=6, style="dim")


def _looks(url: str) -> list[tuple[str, Message]]:
    if url.partition("?")[0] == "memory:":  # gone with this process
        return []
    found = [
        (f"peerkit story --db {url}", _("the same story again, from the database alone")),
        (f"peerkit directory search rent --db {url}", _("the directory")),
    ]
    if url.startswith("sqlite:///"):
        file = url.removeprefix("sqlite:///").partition("?")[0]
        found += [
            (
                f"sqlite-utils views {file} --counts",
                _("tables and views, without opening anybody's story"),
            ),
            (f"sqlite-utils rows {file} referrals", _("the referrals and their states")),
            (f"datasette {file}", _("in a browser (pip install datasette)")),
        ]
    return found

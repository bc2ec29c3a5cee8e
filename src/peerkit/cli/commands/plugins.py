# SPDX-License-Identifier: Apache-2.0
"""`peerkit plugins`: which there are, why one is not loaded, and accepting one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import out
from peerkit.cli.app import App, installed
from peerkit.cli.options import as_json, database
from peerkit.cli.speaking import label
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from peerkit.plugins import PluginRecord, Plugins

WIDTH = 10
MARKS = {"loaded": "green", "failed": "bold red", "proposed": "yellow", "blocked": "dim"}


@click.group(invoke_without_command=True)
@database
@as_json
@click.pass_context
def plugins(ctx: click.Context) -> None:
    """List plugins: loaded, failed, waiting to be accepted, and blocked ones, each with its reason.

    With a database: the plugins of that program, which loads what it has accepted. Without one:
    what is installed here.
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.ensure_object(App))


@plugins.command("list")
@database
@as_json
@click.pass_obj
def list_(app: App) -> None:
    """The same as `peerkit plugins`."""
    _list(app)


@plugins.command()
@click.argument("name")
@database
@as_json
@click.pass_obj
def accept(app: App, name: str) -> None:
    """Accept the installed plugin NAME for a program: it is loaded from the next opening on.

    What it may then read and write is printed first; nothing else is handed to it. It is trusted code
    all the same: whatever you install can do what you can do. One whose newer version wants more
    waits to be accepted again.
    """
    from peerkit.kit.opening import accepting

    with app.kit() as kit, accepting(kit, name) as (record, found):
        commands = _commands(found).get(record.name, [])
        if app.as_json:
            out.emit(_plain(record, commands))
        else:
            out.line(_("{plugin} may, once it is accepted:", plugin=record.label), style="bold")
            _facts(record, commands, indent=2, whole=True)
            if record.pack is not None:
                from peerkit.cli.commands.packs import facts

                out.line(_("It holds:"), style="bold")
                facts(record.pack, indent=2)
    if not app.as_json:
        out.line(_("Accepted. `peerkit plugins` shows whether it loads."))


@plugins.command()
@click.argument("name")
@database
@click.pass_obj
def unpark(app: App, name: str) -> None:
    """Let the plugin NAME watch the feed again, from where it got stuck (see `peerkit health`)."""
    from peerkit.delivery import unpark as unparking

    with app.kit() as kit:
        unparking(kit, name)
    out.line(_("It goes on with the next delivery."))


def _list(app: App) -> None:
    if app.url:
        with app.kit() as kit:
            _show(app, kit.plugins)
        return
    _show(app, installed())


def _show(app: App, found: Plugins) -> None:
    commands = _commands(found)
    if app.as_json:
        out.emit([_plain(one, commands.get(one.name, [])) for one in found])
        return
    for one in found:
        if one.origin == "built-in":
            continue
        status = label("plugin", "status", one.status)
        named = joined([one.name, one.label], "  ")
        out.hanging(status, named, label_style=MARKS.get(one.status, ""), width=WIDTH)
        if one.error:
            out.line(joined([one.error]), indent=WIDTH)
        _facts(one, commands.get(one.name, []), indent=WIDTH)
    own = [one.name for one in found if one.origin == "built-in"]
    out.line(
        _("peerkit's own parts come through the same hooks: {names}.", names=", ".join(own)), style="dim"
    )


def _listed(names: Iterable[str]) -> Message:
    return verbatim(", ".join(names))


def _commands(found: Plugins) -> dict[str, list[str]]:
    """The paths of the commands that each plugin supplies, by its name."""
    from peerkit.hooks import Command

    commands: dict[str, list[str]] = {}
    for record, command in found.supplies(Command):
        commands.setdefault(record.name, []).append(command.path)
    return commands


def _facts(one: PluginRecord, commands: list[str], *, indent: int, whole: bool = False) -> None:
    """What a plugin may touch and does; `whole` says so too where that is nothing."""
    nothing = _("only kinds of its own") if whole else out.NOTHING

    def kinds(declared: frozenset[str]) -> Message:
        return _("every kind") if "*" in declared else _listed(sorted(declared)) if declared else nothing

    out.pairs(
        [
            (_("pack"), verbatim(one.pack.title) if one.pack is not None else out.NOTHING),
            (_("reads"), kinds(one.access.reads) if one.access else nothing),
            (_("writes"), kinds(one.access.writes) if one.access else nothing),
            (_("alarms"), _("it may raise one about somebody") if one.worries else out.NOTHING),
            (_("kinds"), _listed(one.kinds)),
            (_("hooks"), _listed(hook.removeprefix("peerkit_") for hook in one.hooks)),
            (_("commands"), _listed(f"peerkit {path}" for path in commands)),
        ],
        indent=indent,
    )


def _plain(one: PluginRecord, commands: list[str]) -> dict[str, Any]:
    access = one.access
    return {
        "name": one.name,
        "dist": one.dist,
        "version": one.version,
        "status": one.status,
        "error": one.error,
        "origin": one.origin,
        "hooks": list(one.hooks),
        "kinds": list(one.kinds),
        "reads": sorted(access.reads) if access else [],
        "writes": sorted(access.writes) if access else [],
        "worries": one.worries,
        "commands": commands,
        "pack": one.pack,
    }

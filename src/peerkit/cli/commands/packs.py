# SPDX-License-Identifier: Apache-2.0
"""`peerkit packs`: which there are with what is in them and by what right, and checking a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import exits, out
from peerkit.cli.app import App, installed
from peerkit.cli.commands import scoring
from peerkit.cli.commands.plugins import MARKS, WIDTH
from peerkit.cli.options import as_json, database
from peerkit.cli.speaking import label
from peerkit.errors import Malformed, NotFound, PluginError
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from peerkit.hooks.packs import PackRecord
    from peerkit.instruments.definition import Licence
    from peerkit.plugins import PluginRecord

SORTS: Mapping[str, Message] = {
    "instrument": _("questionnaire"),
    "wording": _("words for"),
    "goal": _("goal"),
    "course": _("course rule"),
    "words": _("list of words"),
}
"""The sorts of things in a pack, to read."""


@click.group(invoke_without_command=True)
@database
@as_json
@click.pass_context
def packs(ctx: click.Context) -> None:
    """List packs: what is in each, in which languages, and by what right it is used.

    A pack is a folder of questionnaires, words, goals and courses without code. Folders are found through
    PEERKIT_PACKS, packs in distributions like any plugin; a program takes one after `peerkit plugins accept
    NAME`. With a database: those of that program. Without one: what is found here.
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.ensure_object(App))


@packs.command("list")
@database
@as_json
@click.pass_obj
def list_(app: App) -> None:
    """The same as `peerkit packs`."""
    _list(app)


@packs.command()
@click.argument("folder")
@database
@as_json
@click.pass_obj
def check(app: App, folder: str) -> None:
    """Read FOLDER as it would be in use, and show what is in it.

    What is wrong names file, item and field, and ends with 2. What is not wrong and worth knowing is told
    too, as by `peerkit instruments validate`. Nothing is stored, and nothing is accepted.
    """
    from peerkit.hooks import pack
    from peerkit.kit.opening import builtins
    from peerkit.plugins import Plugins, packing

    found = packing.read(pack(folder)).record
    try:  # beside peerkit's own parts: a name that is theirs, or is there twice, is refused as in use
        Plugins.load(builtin=builtins(), given=[pack(folder)], discover=False, strict=True).close()
    except PluginError as error:
        raise Malformed(error.args[0], where=Path(folder).name) from None
    checks = _checks(app, found, Path(folder))
    wrong = [one.error for one in checks if one.error is not None and not isinstance(one.error, NotFound)]
    if app.as_json:
        out.emit(out.plain(found) | {"checks": [one.plain() for one in checks]})
    else:
        out.line(_("{pack}: can be used.", pack=f"{found.name} {found.version}"), style="bold")
        facts(found, indent=2)
        for one in checks:
            _noted(one)
        for fault in wrong:
            exits.told(fault).show()
    if wrong:
        raise click.exceptions.Exit(exits.USAGE)


def _checks(app: App, found: PackRecord, folder: Path) -> list[scoring.Check]:
    """What is worth knowing of each questionnaire, and of each wording beside its definition."""
    names = [one.file for one in found.contents if one.sort in {"instrument", "wording"}]
    return scoring.checked(app, {name: (folder / name.partition("/")[2]).read_bytes() for name in names})


def _noted(one: scoring.Check) -> None:
    if isinstance(one.error, NotFound):
        out.line(verbatim(one.file))
        out.line(
            _("its questionnaire is not here, so the words were not compared with its questions"), indent=2
        )
    elif one.notes:
        out.line(verbatim(one.file))
        scoring.noted(one)


def _list(app: App) -> None:
    if app.url:
        with app.kit() as kit:
            found = [one for one in kit.plugins if _is_one(one)]
    else:
        found = [one for one in installed() if _is_one(one)]
    if app.as_json:
        out.emit([_standing(one) for one in found])
        return
    for one in found:
        status = label("plugin", "status", one.status)
        out.hanging(status, joined([one.label]), label_style=MARKS.get(one.status, ""), width=WIDTH)
        if one.error:
            out.line(joined([one.error]), indent=WIDTH)
        if one.pack is not None:
            facts(one.pack, indent=WIDTH)
    if not found:
        out.line(_("No pack is here. Name their folders in PEERKIT_PACKS."))


def _is_one(one: PluginRecord) -> bool:
    """Whether it is a pack, as far as can be known of one that was not read."""
    from peerkit.plugins.finding import FOLDERS

    return one.pack is not None or one.dist == FOLDERS


def facts(pack: PackRecord, *, indent: int) -> None:
    """What is in a pack, and by what right each part of it is used."""
    rows: list[tuple[Message, Message | int | None]] = [
        (_("title"), verbatim(pack.title)),
        (_("languages"), verbatim(", ".join(pack.languages))),
    ]
    rows += [(SORTS[one.sort], verbatim(_named(one.name, one.languages))) for one in pack.contents]
    rows += _ground(pack.licence)
    out.pairs(rows, indent=indent)
    for one in pack.contents:
        if one.licence is not None:
            out.line(verbatim(one.file), indent=indent)
            out.pairs(_ground(one.licence), indent=indent + 2)


def _named(name: str, languages: Iterable[str]) -> str:
    spoken = ", ".join(languages)
    return f"{name} ({spoken})" if spoken else name


def _ground(licence: Licence) -> Iterator[tuple[Message, Message | int | None]]:
    """By what right words are used: the record as somebody wrote it, and the day on which they looked."""
    yield _("licence"), verbatim(f"{licence.status}, {licence.holder} ({licence.checked_on.isoformat()})")
    yield _("ground"), verbatim(licence.basis)
    yield _("permission"), verbatim(licence.permission)
    yield _("notice"), verbatim(licence.notice)


def _standing(one: PluginRecord) -> dict[str, Any]:
    names = ("name", "dist", "version", "status", "error", "origin", "pack")
    return {name: getattr(one, name) for name in names}

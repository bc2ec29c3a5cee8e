# SPDX-License-Identifier: Apache-2.0
"""`peerkit restored`: what a store that was put back from an older copy has forgotten, and walking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from peerkit.cli import out, people
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.root import Group
from peerkit.cli.speaking import label
from peerkit.kit.gaps import BY_HUMANS
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.model.restoration import Gap


@click.group(cls=Group)
def restored() -> None:
    """After a backup was put back, or the database turned up in another place: walk what it has forgotten.

    Until a coordinator has done that nothing leaves the program but alarms. Alerts from before wait an
    hour, and then go all the same.
    """


restored.path = "restored"


@restored.command("list")
@acting
@database
@as_json
@click.pass_obj
def list_(app: App) -> None:
    """List what is still to be walked: what was lost, of which record, when, and about whom."""
    with app.kit() as kit:
        found = kit.gaps()
        if app.as_json:
            out.emit([*found])
        else:
            _listed(app, kit, found)


@restored.command()
@click.argument("gap")
@click.argument("outcome", type=click.Choice(BY_HUMANS))
@acting
@database
@as_json
@click.pass_obj
def walk(app: App, *, gap: str, outcome: str) -> None:
    """Say of GAP (its number in the list, or its id) what became of it.

    again: do it once more, as far as ids tell; an alert rings anew, a consent is taken back. asked: the
    person was asked, and what they said now stands. closed: it was over already. entered: it was written
    down anew by hand. mistaken: it never was.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        meant = _meant(kit, gap)
        was = {one.id: one for one in kit.gaps()}.get(meant)
        left = kit.walk_gaps({meant: outcome}, by=actor)
        if app.as_json:
            out.emit([*left])
            return
        if was is not None:
            out.line(_became(was, outcome), style="bold")
        _listed(app, kit, left)


@restored.command()
@acting
@database
@as_json
@click.pass_obj
def done(app: App) -> None:
    """Say that everything is walked: the program is as before, and what waited goes out."""
    with app.kit() as kit:
        left = kit.walk_gaps(by=app.actor(kit), done=True)
        if app.as_json:
            out.emit([*left])
        else:
            out.line(_("Everything is walked. The program is as before."), style="bold green")


def _numbers(kit: Kit) -> dict[str, int]:
    """The number of each gap, walked ones too: it stays, whatever was walked before."""
    from peerkit.safety.holding import restorations

    every = [gap for one in restorations(kit) for gap in one.gaps if gap.outcome != "erased"]
    return {gap.id: number for number, gap in enumerate(every, start=1)}


def _meant(kit: Kit, gap: str) -> str:
    """The gap's id, where its number in the list was given."""
    at = int(gap) if gap.isascii() and gap.isdecimal() else 0
    return next((id_ for id_, number in _numbers(kit).items() if number == at), gap)


def _became(gap: Gap, outcome: str) -> Message:
    """What saying this of a gap has done."""
    if outcome == "closed" and gap.of == "alert" and gap.here:
        return _("You have taken the alert. It is closed as any other: `peerkit alerts close`.")
    if outcome != "again":
        return _("Written down. Nothing else was changed.")
    if gap.of != "alert":
        return _("Done once more: {what}", what=_what(gap))
    if gap.here:
        return _("The alert is here, and goes on by itself: nothing was done.")
    return _("The alert rings anew. Nobody knows any more what it was about: ask.")


def _listed(app: App, kit: Kit, found: tuple[Gap, ...]) -> None:
    if not found:
        from peerkit.safety.holding import restorations

        done = _("Then: {command}", command="peerkit restored done") if restorations(kit) else out.NOTHING
        out.line(joined([_("Nothing is left to walk."), done]))
        return
    numbers = _numbers(kit)
    called = _names(app, kit, found)
    for gap in found:
        out.hanging(verbatim(f"{numbers[gap.id]:>3}  "), _what(gap), label_style="bold")
        out.pairs(
            [
                (_("record"), verbatim(f"{gap.of}/{gap.id}")),
                (_("about"), joined([called.get(one, verbatim(one)) for one in gap.people], ", ")),
                (_("when"), people.when(kit, gap.at) if gap.at else None),
            ],
            indent=5,
        )
    count = many("{n} gap is to be walked.", "{n} gaps are to be walked.", len(found))
    out.line(joined([count, _("Then: {command}", command="peerkit restored walk GAP again")]))


def _names(app: App, kit: Kit, found: tuple[Gap, ...]) -> dict[str, Message]:
    actor = app.actor_or_none(kit)
    if actor is None:
        return {}
    with kit.session(actor) as s:
        return people.names(s, {one for gap in found for one in gap.people})


def _what(gap: Gap) -> Message:
    """What was lost, as a person reads it."""
    if gap.of == "read":
        return _("a login was taken away, and opens a record again: `peerkit people unlink`")
    acts = joined([label(gap.of, "act", one) for one in gap.acts], ", ")
    kind = label("", "kind", gap.of)
    if gap.of != "alert":
        return _("{kind}: {acts}", kind=kind, acts=acts)
    level = label("", "level", gap.level)
    if gap.here:
        return _("an alert of level {level} that is here went on: {acts}", level=level, acts=acts)
    return _(
        "an alert of level {level} was opened and is not here: find out what it was ({acts})",
        level=level,
        acts=acts,
    )

# SPDX-License-Identifier: Apache-2.0
"""`peerkit due`: what is due from somebody, soonest first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import gathering, out, people
from peerkit.cli.app import App
from peerkit.cli.commands.records import which
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import label, say
from peerkit.errors import NotFound, Objection, Refused
from peerkit.model.ids import EPOCH
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session
    from peerkit.model.actor import Actor
    from peerkit.model.work import Task


AT_ONCE = timedelta(minutes=1)
"""For so long after its time something is due now, and not overdue."""

MOST = 1000
"""So many of one's own tasks are shown at most."""


@click.command()
@click.option("--of", "who", metavar="PERSON", help="Somebody else's, by name or id; as a coordinator.")
@acting
@database
@as_json
@click.pass_obj
def due(app: App, who: str | None) -> None:
    """List what is due from you: what is overdue first, then by due time, then what has none.

    Also tasks of those whom you stand in for, and some that lay too long with somebody else.
    `peerkit act task/ID done` finishes one. A coordinator also sees what is somebody else's.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            owner = actor.person if who is None else people.person(s, who).id
            if owner != actor.person:
                _may(kit, actor)
            tasks = _open(s, owner)
            known = {owner, *(one for task in tasks for one in (task.owner, task.person) if one)}
            called = people.names(s, known)
        now = kit.clock.now()
        if app.as_json:
            out.emit([_plain(task, now) for task in tasks])
            return
        _listed(kit, tasks, called, now, mine=owner == actor.person, owner=owner)


def _may(kit: Kit, actor: Actor) -> None:
    """Refused unless all tasks are this actor's to read: a part of somebody's would pass for the whole."""
    if kit.rights.allow("task", "person", kit.grants(actor)) is not None:
        sentence = _("what is due from somebody else is for a coordinator to see")
        raise Refused([Objection("no-right", sentence, "task")])


def _open(s: Session, owner: str) -> list[Task]:
    """What is due from the actor, or the open tasks that are somebody else's own, but for those that are
    theirs in person; without a time last."""
    from peerkit.model.work import PERSONAL, Task

    if owner != s.actor.person:
        found = [
            one for one in gathering.every(s, Task, owner=owner, state="open") if one.what not in PERSONAL
        ]
        return sorted(found, key=lambda task: (task.due is None, task.due or EPOCH))
    page = s.due(limit=MOST)
    gathering.tell_unreadable(Task, page.unreadable)
    if len(page) == MOST:
        told = _("WARNING: there may be more, only the first {n} are shown", n=MOST)
        click.secho(say(told), fg="red", err=True)
    return list(page.readable)


def _overdue(task: Task, now: datetime) -> bool:
    return task.due is not None and task.due + AT_ONCE <= now


def _plain(task: Task, now: datetime) -> dict[str, Any]:
    return {
        "id": task.id,
        "what": task.what,
        "due": task.due,
        "overdue": _overdue(task, now),
        "owner": task.owner,
        "person": task.person,
        "about": task.about,
        "note": task.note,
        "version": task.version,
    }


def _listed(
    kit: Kit, tasks: list[Task], called: dict[str, Message], now: datetime, *, mine: bool, owner: str
) -> None:
    from peerkit.model.work import PERSONAL

    if not tasks:
        nothing = _("Nothing is due from you.")
        out.line(nothing if mine else _("Nothing is due from {name}.", name=called[owner]))
        return
    late = sum(_overdue(task, now) for task in tasks)
    yours = many("{n} open task of yours", "{n} open tasks of yours", len(tasks))
    theirs = many("{n} open task of {name}", "{n} open tasks of {name}", len(tasks), name=called[owner])
    overdue = many("{n} overdue", "{n} overdue", late) if late else ""
    out.line(joined([yours if mine else theirs, overdue], ", "), style="bold")
    for task in tasks:
        click.echo()
        out.line(_until(kit, task, now), style="bold red" if _overdue(task, now) else "bold")
        out.pairs(
            [
                (_("task"), verbatim(f"task/{task.id}")),
                (_("of"), None if task.owner == owner else called[task.owner]),
                (_("person"), called.get(task.person)),
                (_("about"), verbatim(_about(kit, task))),
                (_("note"), _note(kit, task)),
                (_("to look"), _look(kit, task)),
            ],
            indent=2,
        )
    click.echo()
    personal = [task.what in PERSONAL for task in tasks]
    if any(personal):
        command = "peerkit duty-reports"
        out.line(_("What is due from you in person is over with: {command}", command=command), style="dim")
    if not all(personal):
        out.line(_("To finish one: {command}", command="peerkit act task/ID done"), style="dim")


def _screen(kit: Kit, task: Task) -> bool:
    return bool(task.about) and kit.storage.get("risk_screen", task.about) is not None


def _about(kit: Kit, task: Task) -> str:
    """What it is about, as `inspect` takes it."""
    if not task.about:
        return ""
    try:
        return f"{which(kit, task.about).kind}/{task.about}"
    except NotFound:
        return task.about


def _note(kit: Kit, task: Task) -> Message:
    """What stands beside it. A code of peerkit's own about a screen is said in words, or by the task."""
    if not _screen(kit, task):
        return verbatim(task.note)
    looks = task.what.startswith("look-at-") and task.note
    return label("risk_screen", "obstacle", task.note) if looks else out.NOTHING


def _look(kit: Kit, task: Task) -> Message | None:
    return verbatim(f"peerkit screens show {task.about}") if _screen(kit, task) else None


def _until(kit: Kit, task: Task, now: datetime) -> Message:
    told = label("task", "what", task.what)
    if task.due is None:
        return _("{task}, no time set", task=told)
    when = people.when(kit, task.due)
    if task.due <= now < task.due + AT_ONCE:
        return _("{task}, now", task=told)
    if _overdue(task, now):
        return _("{task}, overdue since {when}", task=told, when=when)
    return _("{task}, by {when}", task=told, when=when)

# SPDX-License-Identifier: Apache-2.0
"""`peerkit due`: what is due from somebody, soonest first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import out, people
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.errors import Objection, Refused

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session
    from peerkit.model.actor import Actor
    from peerkit.model.work import Task


MEANING = {
    "match": "somebody asks for support: find who walks beside them",
    "reassign": "nobody walks beside them since a relationship ended: find somebody",
    "routes-left": "an office ended, and these people still have to be moved to somebody",
    "yours-now": "an office ran out, and this person is yours now",
    "cover": "you stand in for their supporter",
    "how-to-go-on": "they rest until today: ask how to go on",
    "goodbye": "the goodbye that they planned is today",
    "review": "they chose today to look at the plan again",
    "follow-up": "they agreed to be asked again about now",
    "hear-from-service": "hear whether the service can help",
    "look-after-referral": "nothing was heard of the referral for a month: look how it goes on",
    "go-along": "go along to the service, as they wish",
    "find-another-service": "the service said no: look for another with them",
    "ask-after-referral": "ask whether they got what they needed",
    "hand-over-referral": "a referral could not be handed over: do it by another way",
    "consent-for-referral": "a referral is no longer covered by consent: talk with them",
    "hand-over-notice": "a notice could not be handed over: do it by another way",
    "consent-for-notice": "a notice is no longer covered by consent: talk with them",
    "tell-of-glass": "somebody broke the glass: tell the person, or put it off with a reason",
    "review-glass": "somebody broke the glass: look whether the reason held",
    "glass-not-sound": "a review found that a reason for breaking the glass did not hold",
    "finish-merge": "joining or parting two records stopped half-way: do it again",
    "look-at-merged": "two records were joined: look at what came together",
    "look-at-parted": "two records were parted: file what came while they were one",
    "plugin-failed": "a plugin raised, and a commit went on without what it would have added",
    "look-at-screen": "something stood against a screen or an answer: look at it",
    "look-at-moved-screen": "a screen was moved to another person: look at the first alert",
    "close-alert": "an alert was acted on a day ago and is not closed",
    "path-hole": "nobody on the path can be reached at some hour of the coming week",
    "confirm-time": "the clock is a day ahead of the last delivery: is it right?",
}
"""What the codes of peerkit's own tasks ask for, in short (docs/reference/tasks.md)."""


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
        mine = owner == actor.person
        _listed(kit, tasks, called, now, whose="you" if mine else called[owner], owner=owner)


def _may(kit: Kit, actor: Actor) -> None:
    """Refused unless all tasks are this actor's to read: a part of somebody's would pass for the whole."""
    if kit.rights.allow("task", "person", kit.grants(actor)) is not None:
        sentence = "what is due from somebody else is for a coordinator to see"
        raise Refused([Objection("no-right", sentence, "task")])


def _open(s: Session, owner: str) -> list[Task]:
    """What is due from the actor, or the open tasks that are somebody else's own; without a time last."""
    from peerkit.model.work import Task

    if owner == s.actor.person:
        return list(s.due(limit=1000))
    found: list[Task] = []
    after: str | None = None
    while True:
        page = s.find(Task, owner=owner, state="open", order="due", limit=1000, after=after)
        found += page
        if (after := page.after) is None:
            return sorted(found, key=lambda task: task.due is None)


def _overdue(task: Task, now: datetime) -> bool:
    return task.due is not None and task.due <= now


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
    kit: Kit, tasks: list[Task], called: dict[str, str], now: datetime, *, whose: str, owner: str
) -> None:
    if not tasks:
        out.line(f"Nothing is due from {whose}.")
        return
    late = sum(_overdue(task, now) for task in tasks)
    many = f"{len(tasks)} open task{'' if len(tasks) == 1 else 's'} of {'yours' if whose == 'you' else whose}"
    out.line(f"{many}, {late} overdue" if late else many, style="bold")
    for task in tasks:
        until = "no time set" if task.due is None else people.when(kit, task.due)
        click.echo()
        if _overdue(task, now):
            out.line(f"{task.what}, overdue since {until}", style="bold red")
        else:
            out.line(f"{task.what}, {until if task.due is None else 'by ' + until}", style="bold")
        out.pairs(
            [
                ("why", MEANING.get(task.what, "")),
                ("task", f"task/{task.id}"),
                ("of", "" if task.owner == owner else called[task.owner]),
                ("person", called.get(task.person, "")),
                ("about", task.about),
                ("note", task.note),
            ],
            indent=2,
        )
    click.echo()
    out.line("To finish one: peerkit act task/ID done", style="dim")

# SPDX-License-Identifier: Apache-2.0
"""The family track where it counts: whoever is proposed to a family member has it, whoever leads a group too.

What runs out while two walk together drops nobody: the supporter, and whoever they answer to, get a task.
Nothing of this reads, asks for or keeps anything about whom the family member loves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from peerkit import (
    Activity,
    Credential,
    Objection,
    PeerSupporter,
    Program,
    Record,
    Relationship,
    Task,
    training,
)
from peerkit.hooks import Proposal, Proposed, View, find_readable
from peerkit.texts import Message
from peerkit_families.track import Lacking, lacking
from peerkit_families.words import _

FORMAT = "family_group"
"""The format of an activity that is a group for families."""

FAMILY = "family"
"""A relationship that is sought as family (`Relationship.seeking_as`)."""

WALKING = frozenset({"agreed", "paused"})
LOST = ("run_out", "suspend", "withdraw")
OWN, THEIRS = "families-track", "families-track-of-supporter"
"""What a task is about: for whoever lacks something, and for whoever they answer to."""

READS = frozenset({"relationship", "credential", "program", "activity", "peer_supporter", "task"})
WRITES = frozenset({"task"})


def check(proposal: Proposal) -> Iterator[Objection]:
    """What stands against a match as family, or against a group for families that is planned."""
    view = proposal.view
    for walk, change in proposal.of(Relationship, "propose", "hand_over", "agree", "take_on"):
        if walk.seeking_as != FAMILY or not _begins(walk, change):
            continue
        if gone := lacks(view, walk.supporter):
            head = _("who walks beside a family member needs:")
            yield Objection("families-track", _told(head, gone), walk.kind, walk.id)
    for activity, change in proposal.of(Activity, "plan", "change"):
        for human in _fresh(activity, change):
            if gone := lacks(view, human, groups=True):
                head = _("who leads a group for families needs:")
                yield Objection("families-track", _told(head, gone), activity.kind, activity.id)
                break


def _begins(walk: Relationship, change: Proposed) -> bool:
    """Whether somebody is proposed, or the last yes makes it a match; until then all stays as it was."""
    return bool({"propose", "hand_over"} & set(change.acts)) or walk.state == "agreed"


def _fresh(activity: Activity, change: Proposed) -> tuple[str, ...]:
    """Those who come to lead a group for families by this."""
    if activity.format != FORMAT:
        return ()
    before = change.before.facilitators if isinstance(change.before, Activity) else ()
    return tuple(one for one in activity.facilitators if one not in before)


def _told(head: Message, gone: Iterable[Lacking]) -> Message:
    """What is missing, and how to get it: a line for each thing."""
    return training.all_needed(head, (one.told for one in gone))


def lacks(view: View, human: str, *, groups: bool = False) -> tuple[Lacking, ...]:
    """What a supporter lacks today. What cannot be read is nothing that they have."""
    program = program_of(view)
    held = find_readable(view, Credential, person=human)
    return lacking(program, _roles(view, human), held, program.day(view.now), groups=groups)


def program_of(view: View) -> Program:
    """The program; where its settings cannot be read, one that recognizes nothing but what ships."""
    return next(iter(find_readable(view, Program)), Program(name="-"))


# -- what follows --------------------------------------------------------------------------------------


def respond(proposal: Proposal) -> Iterator[Record]:
    """Who walks beside family members and lost the track has a task, and so has whoever they answer to; both
    are done once it is there again, for whoever led a group with what groups need. A group that was led
    without it is a task too, never refused. Whoever they come to answer to takes that task over. Whatever of
    this one commit holds, it is one answer a human."""
    view = proposal.view
    lost = {one.person for one, _change in proposal.of(Credential, *LOST)}
    lost |= {one.person for one, change in proposal.of(PeerSupporter, "update") if _said_anew(one, change)}
    stirred = lost | {one.person for one, _change in proposal.of(Credential)}
    stirred |= {one.person for one, _change in proposal.of(PeerSupporter, "welcome")}
    moved = {one.person for one, _change in proposal.of(PeerSupporter, "answer_to")}
    groups = [one for one, _change in proposal.of(Activity, "enter", "hold") if one.format == FORMAT]
    leads = {human for one in groups for human in one.facilitators}
    for human in sorted(stirred | moved | leads):
        waiting = [task for role in _roles(view, human) for task in _about(view, role)]
        if waiting and human in stirred and not lacks(view, human, groups=_led(view, human)):
            yield from (task.done() for task in waiting)
        elif (
            (human in lost and lacks(view, human) and _walks(view, human))
            or (human in leads and lacks(view, human, groups=True))
            or (human in moved and waiting)
        ):
            yield from _tasks(view, human, waiting, moved=human in moved)


def _said_anew(role: PeerSupporter, change: Proposed) -> bool:
    """Whether somebody says anew whose lived experience it is."""
    return isinstance(change.before, PeerSupporter) and change.before.experience != role.experience


def _walks(view: View, human: str) -> bool:
    """Whether they walk beside a family member now."""
    found = find_readable(view, Relationship, supporter=human)
    return any(one.state in WALKING and one.seeking_as == FAMILY for one in found)


def _led(view: View, human: str) -> bool:
    """Whether they led a group for families."""
    found = find_readable(view, Activity, subject=human)
    return any(one.state == "held" and one.format == FORMAT for one in found)


def _roles(view: View, human: str) -> list[PeerSupporter]:
    return find_readable(view, PeerSupporter, person=human, state="active")


def _about(view: View, role: PeerSupporter) -> list[Task]:
    """The open tasks about what whoever has this role lacks."""
    return [
        one for one in find_readable(view, Task, about=role.id, state="open") if one.what in {OWN, THEIRS}
    ]


def _tasks(view: View, human: str, waiting: Sequence[Task], *, moved: bool) -> Iterator[Task]:
    """One for whoever lacks something, one for whoever they answer to, also if they come to only now; none of
    them names a family member, and nobody has one twice."""
    known = {(one.owner, one.what) for one in waiting}
    for role in _roles(view, human):
        for owner, what in ((human, OWN), (role.supervisor, THEIRS)):
            if not owner or (owner, what) in known:
                continue
            known.add((owner, what))
            before = [one for one in waiting if (one.about, one.what) == (role.id, what)]
            if not (moved and before):
                yield Task.give(owner=owner, what=what, about=role)
            for task in before if moved else ():
                yield task.hand_to(owner)

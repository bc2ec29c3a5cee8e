# SPDX-License-Identifier: Apache-2.0
"""Noticing that the store is not the one that was left: put back from an older copy, or moved.

The side journal says how far the feed had gone and which head the chain had there. A store in which that
head does not stand has lost what came behind the last one that does. Then a new incarnation of the feed
begins, erasures are repeated before anybody can look, and a `Restoration` holds the store until a human has
walked the gaps. Every step can be done twice, so that whoever opens the store after a kill goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.errors import Conflict, PeerkitError
from peerkit.kit.journal import Line, line, said_at
from peerkit.kit.journaling import JOURNAL, UNCOMPARED, Place, Side, link_at, program_of, standing
from peerkit.kit.steps import stage
from peerkit.model.actor import Actor
from peerkit.model.keeping import Redaction
from peerkit.model.restoration import Gap, Restoration
from peerkit.model.work import Task
from peerkit.ports import Batch, Mark
from peerkit.safety.holding import HELD_FOR, restorations
from peerkit.safety.lane import derived, with_id

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

KIT = Actor.system("kit")
TASK = "walk-gaps"
RESTORING = "journal:restoring"


def look_back(kit: Kit) -> None:
    """Compare the store with its side journal; hold it if it is not the one that was left. It never raises:
    a journal that cannot be read `health` says, and nothing is written to it until it can be compared; where
    its lines make no sense, or the store takes no writes, nothing is let out meanwhile."""
    side = kit.side
    if side is None:
        return
    try:
        _compare(kit, side)
    except OSError:
        side.trouble = "unreadable"
    except PeerkitError:
        side.doubt = True  # put back, perhaps, and the store takes no writes
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):  # lines that nobody here wrote
        side.trouble, side.doubt = "unreadable", True


def _compare(kit: Kit, side: Side) -> None:
    header = side.journal.first()
    if header is not None and header.get("program") != program_of(kit):
        side.trouble = "foreign" if header else "unreadable"
        return
    side.trouble = "" if side.trouble in UNCOMPARED else side.trouble
    held = kit.storage.marks(JOURNAL)
    before = Place.read(held.get(JOURNAL))
    noticed = _Noticed.read(held.get(RESTORING)) or _notice(kit, side, header, before)
    if noticed is not None:
        _hold(kit, noticed, () if header is None else _lost(kit, list(side.journal.lines()), noticed))
    side.doubt = False
    if header is None:
        side.begin(kit, instead=before is not None)
    elif noticed is not None:
        side.say(line(kit.clock.now(), *standing(kit.storage)))
    else:
        side.journal.fold(kit.clock.now())
    side.seen = side.journal.last()
    if before is None or before != side.place:
        kit.storage.mark(JOURNAL, side.place.text)


@attrs.frozen
class _Noticed:
    """What was noticed: how far the feed had gone, and its head there. It stands in a mark until the
    `Restoration` is written, so that whoever comes after a kill goes on with it."""

    cause: str
    to: int
    head: str

    @classmethod
    def read(cls, text: str | None) -> _Noticed | None:
        with suppress(ValueError, TypeError):
            return None if text is None else cls(**json.loads(text))
        return None


def _notice(kit: Kit, side: Side, header: Line | None, before: Place | None) -> _Noticed | None:
    """Whether this is another store than the one that was left."""
    if header is None:
        if before is None or before.same(side.place):
            return None
        return _Noticed("moved", *standing(kit.storage))
    for one in (side.seen, side.journal.last()):  # somebody may have gone on in an open store put back
        if one is not None and not _stands(kit, one):
            return _Noticed("restored", _number(one.get("to")), str(one.get("head", "")))
    return None


def _number(given: object) -> int:
    return given if type(given) is int else 0


def _stands(kit: Kit, line: Line) -> bool:
    """Whether the chain has the head where the line says."""
    return bool(line.get("head")) and link_at(kit.storage, _number(line.get("to"))) == line["head"]


def _lost(kit: Kit, lines: Sequence[Line], noticed: _Noticed) -> list[Line]:
    """What was written down behind the last line whose head stood in the chain before what was noticed."""
    ends = [
        n for n, one in enumerate(lines) if (one.get("to"), one.get("head")) == (noticed.to, noticed.head)
    ]
    end = ends[-1] + 1 if ends else len(lines)
    for n in range(end - 1, -1, -1):
        if _stands(kit, lines[n]):
            return list(lines[n + 1 :])
    return list(lines)


# -- holding ---------------------------------------------------------------------------------------


def _hold(kit: Kit, noticed: _Noticed, lost: Sequence[Line]) -> None:
    """Hold the store. Two who notice it at once write the same record, and whoever is first does it."""
    text = json.dumps(attrs.asdict(noticed))
    id_ = derived(program_of(kit), f"restoration:{noticed.cause}:{noticed.to}:{noticed.head}")
    moved = noticed.cause == "moved"
    if kit.storage.get(Restoration.kind, id_) is not None or (moved and _moved_already(kit)):
        kit.storage.mark(RESTORING, None, expect=text)
        return
    kit.storage.mark(RESTORING, text, expect=None)
    kit.storage.renew()
    rows = [row for one in lost for row in _rows(one)]
    erased = _erase_again(kit, [row for row in rows if "erased" in row])
    position, now = kit.feed.look(), kit.clock.now()
    kit.heads.clear()
    made = with_id(
        id_,
        lambda: Restoration.notice(
            cause=noticed.cause,
            since=now,
            until=now + HELD_FOR,
            position=position,
            lost=0 if moved else noticed.to,
            gaps=(*_gaps(kit, lost, rows), *erased),
        ),
    )
    with suppress(Conflict):  # another process was quicker
        kit.write([made], marks=[Mark(RESTORING, None, text)])
    with suppress(PeerkitError):  # a task that cannot be written is no reason to open the store
        if kit.storage.get(Task.kind, task := derived(id_, "task")) is None:
            give = partial(Task.give, owner=kit.whose("a store that was put back"), what=TASK)
            kit.write([with_id(task, lambda: give(due=now + HELD_FOR, about=id_))])


def _moved_already(kit: Kit) -> bool:
    return any(one.cause == "moved" for one in restorations(kit))


def _rows(line: Line) -> list[Mapping[str, Any]]:
    return [row for row in line.get("rows") or () if isinstance(row, dict) and row.get("id")]


def _gaps(kit: Kit, lost: Sequence[Line], rows: Sequence[Mapping[str, Any]]) -> list[Gap]:
    """What the store has forgotten, one for each record, in the order in which it began."""
    gone = {one for row in rows for _, one in row.get("erased") or ()}
    found: dict[str, Gap] = {}
    for one in lost:
        for row in _rows(one):
            kind, id_, people = str(row.get("kind", "")), str(row["id"]), tuple(row.get("people") or ())
            if not row.get("acts") or id_ in gone or not gone.isdisjoint(people):
                continue
            if _there(kit, kind, id_, row):
                continue
            gap = found.get(id_) or Gap(
                id=id_,
                of=kind,
                acts=(),
                at=said_at(one),
                people=people,
                here=kit.storage.get(kind, id_) is not None,
            )
            acts = tuple(row.get("acts") or ())
            kept = tuple(act for act in gap.acts if act not in acts)
            found[id_] = attrs.evolve(gap, acts=(*kept, *acts), level=str(row.get("level", "")) or gap.level)
    return list(found.values())


def _there(kit: Kit, kind: str, id_: str, row: Mapping[str, Any]) -> bool:
    """Whether the store has just that version: what two processes wrote at once stands in either order."""
    return any(one.envelope.position == row.get("p") for one in kit.storage.history(kind, id_))


def _erase_again(kit: Kit, rows: Iterable[Mapping[str, Any]]) -> list[Gap]:
    """Repeat the erasures that the store has forgotten, on the word of those who asked and decided then. The
    side journal has them already."""
    done: list[Gap] = []
    for row in rows:
        again = tuple(id_ for kind, id_ in row["erased"] if _has_body(kit, kind, id_))
        if again:
            said = {name: row[name] for name in ("basis", "asked_by", "decided_by")}
            redaction = kit.new(partial(Redaction.log, erased=again, **said))
            change = stage(redaction, KIT, kit.codec, module=kit.module_of(redaction)).change
            kit.storage.erase(again, Batch((change,), kit.clock.now()))
            gap = Gap(id=redaction.id, of=Redaction.kind, acts=("log",), at=kit.clock.now(), outcome="erased")
            done.append(attrs.evolve(gap, state="settled"))
    return done


def _has_body(kit: Kit, kind: str, id_: str) -> bool:
    return any(one.body is not None for one in kit.storage.history(kind, id_))

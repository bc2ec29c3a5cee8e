# SPDX-License-Identifier: Apache-2.0
"""What a kit writes into its side journal, and where that is.

Each line is written after the commit that it tells of. Nothing waits for it or fails because of it: what
could not be written is kept and written with the next line, and `health` says so meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import attrs

from peerkit.errors import Malformed, PeerkitError
from peerkit.kit.journal import Journal, Line, line
from peerkit.kit.links import UNLINKED
from peerkit.kit.steps import Staged
from peerkit.model.ids import moment, stamp
from peerkit.model.keeping import Read, Redaction
from peerkit.ports import Committed, Query, Storage

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

JOURNAL = "journal"
"""The mark that says where the store was last opened, and which side journal it had."""

OPTION = "journal="
ENDING = ".places"
SAID_FOR = timedelta(days=1)
"""How long `health` says that a journal was begun in place of another. Own choice."""

MOST = 1000
"""So many lines are kept while the file cannot be written. Own choice."""

UNCOMPARED = frozenset({"unreadable", "foreign"})
"""The troubles in which the store could not be compared with its journal."""

HURTS: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    kind: (frozenset(acts.split()), tuple(people.split()))
    for kind, acts, people in (
        ("alert", "open raise_level speak_again acknowledge cannot act_on hand_on take_over close", "person"),
        ("appointment", "end", "person"),
        ("authority", "end", "person"),
        ("break_glass", "begin", "about"),
        ("consent", "refuse withdraw", "person"),
        ("duty_report", "consider unshare tell_later", "author"),
        ("feedback", "unshare stop_quoting", "person"),
        ("peer_supporter", "step_down end", "person"),
        ("person", "leave mark_died not_died", "id"),
        ("read", "log", "person"),
        ("relationship", "decline end", "person"),
        ("safety_plan", "unshare shut_callers", "person"),
        ("wall", "put_up", "person human"),
    )
}
"""What must not be forgotten: alarms, and whatever lets out or opens less than before. For each kind the
acts, and the relations of the people whose ids are noted with it. Erasures are noted besides, with what they
erased; a concern and a screen by the alert that they opened; of reads only the one that tells that a login
was taken away."""


@attrs.frozen
class Where:
    """What a URL says: the storage's own URL, the side journal that it names, the file that it means."""

    url: str
    named: str = ""
    file: str = ""

    @classmethod
    def of(cls, url: str) -> Where:
        """Take `journal=` out of a URL. Malformed for one that names nothing."""
        start, mark, query = url.partition("?")
        options = query.split("&") if mark else []
        given = [unquote(one.removeprefix(OPTION)) for one in options if one.startswith(OPTION)]
        rest = [one for one in options if not one.startswith(OPTION)]
        if any(not one or "\0" in one for one in given) or len(given) > 1:
            raise Malformed("journal= names one file, on another disk if there is one", where="url: journal")
        parts = urlsplit(start)
        path = "" if parts.netloc or "://" not in start else unquote(parts.path.removeprefix("/"))
        return cls(start + (f"?{'&'.join(rest)}" if rest else ""), "".join(given), path)


@attrs.frozen
class Place:
    """Where a store was opened: its file's path as a hash, its number on the disk, and the journal it had."""

    at: str = ""
    number: int = 0
    path: str = ""

    @classmethod
    def here(cls, file: str, path: str) -> Place:
        """The place of this file."""
        found = os.path.realpath(file) if file else ""
        number = 0
        with suppress(OSError):
            number = os.stat(found).st_ino if found else 0  # noqa: PTH116  # a path as it stands in the URL
        return cls(hashlib.sha256(found.encode(errors="surrogateescape")).hexdigest()[:16], number, path)

    @classmethod
    def read(cls, text: str | None) -> Place | None:
        """From the mark; None if there is none that can be read."""
        with suppress(ValueError, TypeError):
            return None if text is None else cls(**json.loads(text))
        return None

    @property
    def text(self) -> str:
        """As it stands in the mark."""
        return json.dumps(attrs.asdict(self))

    def same(self, other: Place) -> bool:
        """Whether it is the very file of that place."""
        return (self.at, self.number) == (other.at, other.number)


@attrs.define
class Side:
    """A kit's side journal. `trouble` is what is wrong with it, as a code (`unwritable`, `unreadable`,
    `foreign`); in `doubt` the store was put back or moved, and could not be told so."""

    journal: Journal
    where: Where
    trouble: str = ""
    doubt: bool = False
    position: int = 0
    seen: Line | None = None
    """How far the feed had gone when the two were last compared, and its head there."""
    owed: list[dict[str, Any]] = attrs.field(factory=list, repr=False)
    _turn: Lock = attrs.field(factory=Lock, init=False, repr=False, eq=False)
    """For what is owed; never held while the file is written."""

    @classmethod
    def of(cls, where: Where, storage: Storage) -> Side | None:
        """The one that the URL names, else the one that the store had here, else one beside its file. None
        for a store that keeps nothing, or is no file: then it is named, or there is none."""
        if not storage.capabilities.durable:
            if where.named:
                raise Malformed("a store that keeps nothing has no side journal", where="url: journal")
            return None
        held = Place.read(storage.marks(JOURNAL).get(JOURNAL))
        here = Place.here(where.file, "")
        before = held.path if held is not None and held.at == here.at else ""
        path = where.named or before or (where.file + ENDING if where.file else "")
        return cls(Journal(os.path.abspath(path)), where) if path else None  # noqa: PTH100

    @property
    def place(self) -> Place:
        """Where the store is, with this journal."""
        return Place.here(self.where.file, str(self.journal.path))

    # -- writing ---------------------------------------------------------------------------------

    def wrote(self, done: Committed, staged: Sequence[Staged]) -> None:
        """Note what must not be forgotten of a commit."""
        rows = [found for n, one in enumerate(staged, done.first) if (found := _row(n, one)) is not None]
        if rows:
            self.say(line(done.at, done.last, done.head, rows))

    def erased(self, kit: Kit, redaction: Redaction, what: Iterable[tuple[str, str]]) -> None:
        """Note an erasure, with what it erased (kind and id) and on whose word: it can be repeated."""
        position, head = standing(kit.storage)
        row = {
            "p": position,
            "kind": redaction.kind,
            "id": redaction.id,
            "erased": [list(one) for one in what],
            "basis": redaction.basis,
            "asked_by": redaction.asked_by,
            "decided_by": redaction.decided_by,
        }
        self.say(line(kit.clock.now(), position, head, [row]))

    def beat(self, kit: Kit) -> None:
        """Note how far the feed has gone, if it went on. Never an error."""
        with suppress(PeerkitError):
            if self.owed or kit.storage.position() != self.position:
                made = line(kit.clock.now(), *standing(kit.storage))
                self.say(made)
                self.seen = made

    def say(self, made: dict[str, Any]) -> None:
        """Write a line, and those that are owed. Never an error."""
        self.position = max(self.position, int(made["to"]))
        with self._turn:
            self.owed = [*self.owed, made][-MOST:]
            if self.trouble in UNCOMPARED or self.doubt:  # what stands there last is still to be noticed
                return
            taken, self.owed = self.owed, []
        try:
            self.journal.append(taken)
            taken = []
        except OSError:
            self.trouble = self.trouble or "unwritable"
        finally:
            with self._turn:  # another thread may owe something since
                self.owed = [*taken, *self.owed][-MOST:]
        if self.trouble == "unwritable" and not self.owed:
            self.trouble = ""

    def begin(self, kit: Kit, *, instead: bool) -> None:
        """Make the file. `instead`: there had been one."""
        now = kit.clock.now()
        header = {"peerkit": JOURNAL, "program": program_of(kit), "begun": stamp(now), "instead": instead}
        position, head = standing(kit.storage)
        try:
            self.journal.begin(header, line(now, position, head))
        except OSError:
            self.trouble = "unwritable"
        else:
            self.position, self.trouble = position, ""

    def begun_instead(self, now: datetime) -> bool:
        """Whether this one was begun in the last days in place of another."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            header = self.journal.first() or {}
            return bool(header["instead"]) and now - moment(header["begun"]) < SAID_FOR
        return False


def _row(position: int, one: Staged) -> dict[str, Any] | None:
    change = one.change
    acts, relations = HURTS.get(change.kind, (frozenset(), ()))
    done = [act.name for act in change.acts if act.name in acts]
    if not done or (isinstance(one.record, Read) and one.record.why != UNLINKED):
        return None
    people = [who for relation in relations for of, who in change.subjects if of == relation and who]
    level = {"level": str(getattr(one.record, "level", ""))} if change.kind == "alert" else {}
    return {"p": position, "kind": change.kind, "id": change.id, "acts": done, "people": people, **level}


def standing(storage: Storage) -> tuple[int, str]:
    """How far the feed has gone, and the chain's head there."""
    position = storage.position()
    return position, link_at(storage, position)


def link_at(storage: Storage, position: int) -> str:
    """The chain's head behind a position; empty if there is no such."""
    rows = storage.dump(position - 1, 1) if position > 0 else ()
    return str(rows[0]["link"]) if rows else ""


def program_of(kit: Kit) -> str:
    """The id of the store's program, from its envelope."""
    rows = kit.storage.find(Query("program", limit=1)).rows
    return rows[0].envelope.id if rows else ""

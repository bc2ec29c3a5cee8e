# SPDX-License-Identifier: Apache-2.0
"""Bringing rows in: one commit a row, each noted in the same transaction, so that an import that was stopped
goes on where it was, and one that is done again changes nothing.

What tells that a row came in before is a keyed hash of what it says (HMAC under a secret of this program's
own), beside the feed. It outlives an erasure on purpose: a sheet that still names somebody who was erased
does not bring them back.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs

from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.kit.committing import KEY_OPEN
from peerkit.kit.session import Session
from peerkit.model import ids
from peerkit.model.base import fold
from peerkit.model.decision import Decision
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.relationship import Relationship
from peerkit.model.sharing import Consent, Recipient
from peerkit.model.when import midnight
from peerkit.model.work import Task
from peerkit.ports import Mark
from peerkit.rules import asked
from peerkit.sheet import columns as columns_
from peerkit.sheet.columns import Columns, Given
from peerkit.sheet.reading import File
from peerkit.sheet.report import Report, RowReport
from peerkit.sheet.rows import Problem, Wanted, wanted

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.model.actor import Actor

SECRET = "sheet:secret"  # noqa: S105  # the mark's name
ROW = "sheet:row:"
"""Of each row that came in: its keyed hash, and in which import and row."""
MADE = "sheet:made:"
"""Of each row that came in, by import and row: the records that its commit wrote."""

TO_ASK = timedelta(days=2)
"""When somebody is to have asked what no paper attests; as for a match."""


def bring_in(kit: Kit, file: File, given: Given, *, actor: Actor, dry_run: bool) -> Report:
    """Read the file and bring in what it holds, or with `dry_run` say what would come in.

    Malformed if the file or its mapping cannot be read, before anything is brought in; Refused without the
    right to enrol people. A row that does not come in stands in the report, and no other suffers for it.
    """
    _may(kit, actor)
    columns = columns_.find(file, given)
    report = Report(columns, dry_run=dry_run)
    doing = _Doing(kit, actor, columns, known=_Known.read(kit, actor), dry_run=dry_run)
    lines = columns_.rows(file, columns)
    for line in lines:
        report.rows.append(doing.row(wanted(line, columns, doing.today)))
    report.empty, report.ended = lines.empty, lines.ended
    report.id = doing.id if doing.used else ""
    return report


def _may(kit: Kit, actor: Actor) -> None:
    if actor.is_system or not kit.rights.may("enrol", Person.enrol(name="?"), kit.grants(actor)):
        told = "who brings in a sheet has the right to enrol people: a coordinator"
        raise Refused([Objection("no-right", told, Person.kind)])


@attrs.define
class _Known:
    """Who is there: ids by folded name and by address, for finding doubles. It suggests, it merges nobody."""

    by: dict[str, list[str]] = attrs.field(factory=dict, repr=False)

    @classmethod
    def read(cls, kit: Kit, actor: Actor) -> _Known:
        known = cls()
        after: str | None = None
        with kit.session(actor) as s:
            while True:
                page = s.find(Person, limit=1000, after=after)
                for one in page.readable:
                    if one.state != "merged":
                        known.add(one.name, one.reach, one.id)
                if (after := page.after) is None:
                    return known

    def add(self, name: str, reach: tuple[str, ...], person: str) -> None:
        for key in _keys(name, reach):
            self.by.setdefault(key, []).append(person)

    def like(self, name: str, reach: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for key in _keys(name, reach) for one in self.by.get(key, ())))


def _keys(name: str, reach: tuple[str, ...]) -> list[str]:
    return [f"name:{fold(name)}", *(_address(one) for one in reach)]


def _address(address: str) -> str:
    channel, _, place = address.partition(":")
    return f"phone:{''.join(filter(str.isdigit, place))}" if channel == "phone" else address.casefold()


class _DryRun(Exception):
    """Ends a session before its commit."""


@attrs.define
class _Doing:
    """An import under way."""

    kit: Kit
    actor: Actor
    columns: Columns
    known: _Known
    dry_run: bool
    id: str = attrs.field(factory=ids.reference)
    used: bool = False
    secret: bytes = attrs.field(init=False, repr=False)
    seen: Counter[str] = attrs.field(factory=Counter, repr=False)

    def __attrs_post_init__(self) -> None:
        self.secret = _secret(self.kit, keep=not self.dry_run)
        self.zone = ZoneInfo(self.kit.program.timezone)
        self.today = self.kit.program.day(self.kit.clock.now())

    zone: ZoneInfo = attrs.field(init=False)
    today: Any = attrs.field(init=False)

    def row(self, want: Wanted) -> RowReport:
        """Bring one row in."""
        key = want.key(self.secret, self.seen[want.content])
        self.seen[want.content] += 1
        before = self.kit.storage.marks(ROW + key).get(ROW + key)
        if before is not None:
            return RowReport(want.number, "again", made=_made(self.kit, before))
        if want.against:
            return RowReport(want.number, "not", problems=want.against)
        person = ""
        if want.same_as.casefold() not in {"", "new", "nouveau", "nouvelle"}:
            person = want.same_as.removeprefix("person/")
        elif not want.same_as:
            like = self.known.like(want.enrol["name"], want.enrol["reach"])
            if like:
                return RowReport(
                    want.number, "not", problems=(Problem("double", about=tuple(filter(None, like))),)
                )
        return self._commit(want, key, person)

    def _commit(self, want: Wanted, key: str, same_as: str) -> RowReport:
        place = f"{self.id}:{want.number}"
        marks = (Mark(ROW + key, place, None), Mark(MADE + place, KEY_OPEN, None))
        beside = list(want.beside)
        session = Session(self.kit, self.actor, ids_from=self.kit.ids, marks=marks)
        made: list[tuple[str, str]] = []
        try:
            with session as s:
                made = self._records(s, want, same_as, beside)
                if self.dry_run or not made:
                    raise _DryRun
        except _DryRun:
            pass
        except NotFound:
            return RowReport(want.number, "not", problems=(Problem("no-such-person"),))
        except Malformed:
            return RowReport(want.number, "not", problems=(Problem("refused"),), refusals=("malformed",))
        except Refused as refused:
            codes = tuple(dict.fromkeys(one.code for one in refused.objections))
            return RowReport(want.number, "not", problems=(Problem("refused"),), refusals=codes)
        if not same_as:
            held = "" if self.dry_run else made[0][1]
            self.known.add(want.enrol["name"], want.enrol["reach"], held)
        self.used = self.used or (bool(made) and not self.dry_run)
        shown = tuple((kind, "" if self.dry_run else one) for kind, one in made)
        outcome = "not" if not made else "part" if beside else "made"
        return RowReport(want.number, outcome, shown, tuple(beside))

    def _records(
        self, s: Session, want: Wanted, same_as: str, beside: list[Problem]
    ) -> list[tuple[str, str]]:
        made: list[Any] = []
        if same_as:
            person = s.get(Person, same_as)
            beside.append(Problem("not-enrolled-again"))
        else:
            person = s.save(Person.enrol(**want.enrol))
            made.append(person)
        due = self.kit.clock.now() + TO_ASK
        by = Decision.of(person, how="paper", evidence=want.paper) if want.paper else None
        if want.enquiry is not None and by is not None:
            made.append(s.save(Relationship.enquire(person=person, **want.enquiry, by=by)))
        elif want.enquiry is not None:
            give = Task.give(owner=self.actor.person, what=asked.ASK_SUPPORT, due=due, person=person)
            made.append(s.save(give))
        if want.supporter is not None and by is not None and want.supporter["experience"]:
            made.append(s.save(PeerSupporter.welcome(person, **want.supporter, by=by)))
        elif want.supporter is not None:
            give = Task.give(owner=self.actor.person, what=asked.ASK_ROLE, due=due, person=person)
            made.append(s.save(give))
        if want.consent is not None:
            recipient = _recipient(s, want.consent.to)
            if recipient is None:
                beside.append(Problem("no-such-recipient"))
            else:
                until = want.consent.until
                signed = Decision.of(person, how="paper", evidence=want.consent.paper)
                consent = Consent.give(
                    person=person,
                    recipient=recipient,
                    classes=want.consent.classes,
                    purpose=want.consent.purpose,
                    until=None if until is None else self._midnight(until),
                    by=signed,
                )
                made.append(s.save(consent))
        return [(one.kind, one.id) for one in made]

    def _midnight(self, until: Any) -> datetime:
        """The end of a day on the program's clock."""
        return midnight(until + timedelta(days=1), self.zone)


def _recipient(s: Session, to: str) -> Recipient | None:
    with suppress(NotFound, Malformed):
        one = s.get(Recipient, to.removeprefix("recipient/"))
        return one if one.state == "active" else None
    named = s.find(Recipient, name=to, state="active").readable
    return named[0] if len(named) == 1 else None


def _secret(kit: Kit, *, keep: bool) -> bytes:
    """What the program's hashes of rows are made with."""
    held = kit.storage.marks(SECRET).get(SECRET)
    if held is None and keep:
        kit.storage.mark(SECRET, secrets.token_hex(32), expect=None)
        held = kit.storage.marks(SECRET)[SECRET]
    return bytes.fromhex(held) if held is not None else secrets.token_bytes(32)


def _made(kit: Kit, place: str) -> tuple[tuple[str, str], ...]:
    name = MADE + place
    held: Mapping[str, str] = kit.storage.marks(name)
    return tuple((kind, one) for kind, one, version in records(held.get(name, "[]")) if version == 1)


def records(held: str) -> list[tuple[str, str, int]]:
    """What the mark of a row says that its commit wrote: kind, id and version of each."""
    return [(str(kind), str(one), int(version)) for kind, one, version in json.loads(held)]

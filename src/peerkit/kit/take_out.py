# SPDX-License-Identifier: Apache-2.0
"""Everything about a person, theirs to take away in one encrypted file: see `Kit.take_out`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.errors import Malformed, Objection, Refused
from peerkit.gate import Wanted, disclose
from peerkit.kit.kinds import known, unknown
from peerkit.kit.own_log import Entry, log
from peerkit.model.actor import Actor
from peerkit.model.base import about
from peerkit.model.ids import stamp
from peerkit.model.people import Person
from peerkit.paging import every
from peerkit.paper import keep
from peerkit.ports import Query
from peerkit.texts import Message, _, many

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

SHORTEST = 15
"""Characters of a passphrase at least, since whoever finds the file may try as often as they like: what NIST
SP 800-63B-4 (2025) asks for where nothing else protects. A phrase of a few words has it."""

FORMAT = "peerkit-take-out-1"
WATCHED = _(
    "You told us that somebody else may see this device. Whoever opens this file with its passphrase reads "
    "everything in it. You may want to take it out another time, or to another device."
)


def told_unread(number: int) -> Message:
    """What is said of records that cannot be read here."""
    return many(
        "{n} record about you cannot be read now: the part of the program that made it is not there. "
        "Ask the program about it, and take everything out again then.",
        "{n} records about you cannot be read now: the part of the program that made them is not there. "
        "Ask the program about them, and take everything out again then.",
        number,
    )


@attrs.frozen
class TakenOut:
    """What was written: the file, how many records are in it and how many are not, and whether the person
    should think twice (`warning`, empty if not). `unread` are those about them that no code here can read,
    since the plugin that made them is not loaded."""

    path: str
    records: int
    withheld: int
    warning: str = ""
    unread: int = 0


def take_out(
    kit: Kit, actor: Actor, path: str | os.PathLike[str], passphrase: str, *, anyway: bool = False
) -> TakenOut:
    """Write the file. Nothing is left of it if something fails on the way."""
    if actor.is_system or actor.role not in {"", "person"}:
        raise Refused([Objection("no-right", "a person takes out what is theirs themselves")])
    if type(passphrase) is not str or len(passphrase) < SHORTEST:
        raise Malformed(f"a passphrase has {SHORTEST} characters at least", where="take_out.passphrase")
    person = kit.heads.get(Person.kind, actor.person)
    watched = isinstance(person, Person) and person.watched
    if watched and not anyway:
        raise Refused([Objection("watched", WATCHED, "person", actor.person)])
    from peerkit.kit.take_out_pdf import written

    target = Path(path)
    found: dict[str, Any] = {}

    def make() -> bytes:
        found.update(collected(kit, actor))
        return written(found, passphrase, kit.plugins.texts(*found["languages"]))

    keep(target, "take_out.path", make)
    warning = WATCHED if watched else ""
    return TakenOut(str(target), len(found["records"]), found["withheld"], warning, found["unread"])


def collected(kit: Kit, actor: Actor) -> dict[str, Any]:
    """Everything the person may read that is about them, through the gate, with their own log."""
    records: dict[str, Mapping[str, Any]] = {}
    withheld = 0
    for wanted in _wanted(kit, actor):
        for page in disclose(kit, wanted, to=actor.person, purpose="export", actor=actor):
            records |= {str(one["id"]): one for one in page.documents}
            withheld += page.withheld
    entries: list[Entry] = []
    before: int | None = None
    while page_ := log(kit, actor, before=before, limit=1000):
        entries += page_
        before = page_[-1].position
    return {
        "format": FORMAT,
        "program": kit.program.name,
        "languages": [*_languages(kit, actor)],
        "person": actor.person,
        "taken_out": stamp(kit.clock.now()),
        "records": [*records.values()],
        "withheld": withheld,
        "unread": _unread(kit, actor.person),
        "log": [{"at": stamp(one.at), "what": one.what, "text": one.text} for one in entries],
    }


def _unread(kit: Kit, person: str) -> int:
    """How many records name this person that no code here can read: whatever rows said who reads them went
    with their plugin, so that they are there is all that is told."""
    rows = (row for kind in unknown(kit) for row in every(kit.storage, Query(kind)))
    return sum(row.body is not None and person in about(row.envelope.subjects) for row in rows)


def _languages(kit: Kit, actor: Actor) -> tuple[str, ...]:
    """Of who takes it out, then of the program: the pages are in the first that peerkit speaks."""
    found = kit.heads.get(Person.kind, actor.person)
    return (*(found.languages if isinstance(found, Person) else ()), *kit.program.languages)


def _wanted(kit: Kit, actor: Actor) -> Iterator[Wanted]:
    """The kinds about people of which the person reads what is about them."""
    grants = kit.grants(actor)
    for kind in known(kit):
        cls = kit.codec.class_of(kind)
        if cls is None or not cls.subject_fields or not kit.rights.knows(kind, grants):
            continue
        theirs = [one for one in ("id", "person", "author", "about", "kept") if one in cls.subject_fields]
        wanted = {*theirs[:1], kit.rights.supported(kind)} - {""}
        if {"person", "author"} <= {*theirs} and kind in kit.plugins.private:
            wanted.add("author")  # what they wrote is theirs as well
        for relation in sorted(wanted):
            yield Wanted(cls, equal={relation: actor.person}, size=1000)


def plain(document: Mapping[str, Any]) -> str:
    """The take-out as JSON, for a program."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=_text)


def _text(value: Any) -> str:
    return stamp(value) if isinstance(value, datetime) else str(value)

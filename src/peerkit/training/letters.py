# SPDX-License-Identifier: Apache-2.0
"""A letter of hours and a certificate: what stands on them, the hash that they bear, and asking later.

The hash is the SHA-256 (hex) of a text in UTF-8: JSON with its keys sorted and no spaces, of `form` (`peerkit
letter 1`), `of`, `person` (id), `name`, `program`, `on`, and `records`: each record that it rests on, by id,
with what the letter says of it. It says nothing about the wording, so it is the same in every language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Literal

import attrs

from peerkit.errors import Malformed, NotFound
from peerkit.model.credential import Credential, Letter
from peerkit.model.people import Person
from peerkit.model.program import Program
from peerkit.model.training import Practicum
from peerkit.texts import Message, for_locale
from peerkit.training import wording

if TYPE_CHECKING:
    from peerkit.kit import Session

FORM = "peerkit letter 1"
State = Literal["holds", "changed", "void", "unknown"]
"""How a letter stands to the records, see `verify`."""


@attrs.frozen
class Content:
    """What stands on a letter or certificate, for whoever prints it, in English until `in_language`. `lines`
    are whole sentences; `totals` are minutes by kind of work as people read it, `total` all of them (0 on a
    certificate)."""

    of: str
    title: Message
    lines: tuple[Message, ...] = attrs.field(repr=False)
    totals: tuple[tuple[Message, int], ...]
    total: int
    person: str
    name: str = attrs.field(repr=False)
    program: str
    on: date
    rests_on: tuple[str, ...]
    sha256: str

    def in_language(self, locale: str) -> Content:
        """The same, said in another language (`fr-CA`): its hash stays. What people and the program named
        themselves stays as it was written."""
        said = for_locale(locale)
        return attrs.evolve(
            self,
            title=said(self.title),
            lines=tuple(said(line) for line in self.lines),
            totals=tuple((said(work), minutes) for work, minutes in self.totals),
        )


@attrs.frozen
class Verification:
    """How a letter stands to the records: `holds` (they say what it says), `changed` (an entry was struck, or
    the credential is renewed, suspended, withdrawn or over, or gone), `void` (the program took it back),
    `unknown` (no such letter was issued here). `letter` is what was issued."""

    state: State
    letter: Letter | None = attrs.field(default=None, repr=False)


def letter(person: Person, entries: Iterable[Practicum], *, program: Program, on: date) -> Content:
    """A letter of somebody's hours: of those entries that are confirmed and not after `on`. Pure.

    Malformed if there are none, or if one is somebody else's.
    """
    held = [one for one in entries if one.state == "confirmed" and one.day <= on]
    if not held:
        raise Malformed("there are no confirmed hours to write a letter about", where="training.letter")
    if any(one.person != person.id for one in held):
        raise Malformed("a letter is about the hours of one person", where="training.letter")
    minutes: dict[str, int] = {}
    for one in sorted(held, key=lambda entry: entry.work):
        minutes[one.work] = minutes.get(one.work, 0) + one.minutes
    days = [one.day for one in held]
    total = sum(minutes.values())
    lines = wording.hours(program.name, person.name, total, first=min(days), last=max(days))
    return _content("hours", lines, minutes, person=person, program=program, on=on, records=held)


def certificate(person: Person, credential: Credential, *, program: Program, on: date) -> Content:
    """A certificate of a credential that holds on that day. Of a check it says that it was done. Pure.

    Malformed if it does not hold, or is somebody else's.
    """
    if credential.person != person.id or not credential.holds(on):
        raise Malformed("a certificate is of a credential of theirs that holds", where="training.certificate")
    lines = wording.held(program.name, person.name, credential)
    return _content("certificate", lines, {}, person=person, program=program, on=on, records=[credential])


def _content(
    of: str,
    lines: tuple[Message, ...],
    minutes: dict[str, int],
    *,
    person: Person,
    program: Program,
    on: date,
    records: Iterable[Practicum | Credential],
) -> Content:
    held = sorted(records, key=lambda one: one.id)
    sha256 = fingerprint(of, person=person.id, name=person.name, program=program.name, on=on, records=held)
    return Content(
        of=of,
        title=wording.HOURS_TITLE if of == "hours" else wording.CERTIFICATE_TITLE,
        lines=(*lines, *wording.closing(program.name, on, sha256)),
        totals=tuple((wording.work(work), many) for work, many in minutes.items()),
        total=sum(minutes.values()),
        person=person.id,
        name=person.name,
        program=program.name,
        on=on,
        rests_on=tuple(one.id for one in held),
        sha256=sha256,
    )


def fingerprint(
    of: str, *, person: str, name: str, program: str, on: date, records: Iterable[Practicum | Credential]
) -> str:
    """The hash that a letter bears, see the head of this module."""
    said = {
        "form": FORM,
        "of": of,
        "person": person,
        "name": name,
        "program": program,
        "on": on.isoformat(),
        "records": [_said_of(one) for one in sorted(records, key=lambda one: one.id)],
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _said_of(one: Practicum | Credential) -> dict[str, str | int]:
    """What a letter says of a record."""
    if isinstance(one, Practicum):
        return {"id": one.id, "day": one.day.isoformat(), "minutes": one.minutes, "work": one.work}
    until = "" if one.until is None else one.until.isoformat()
    facts = {"what": one.what, "level": one.level, "sort": one.sort, "issued_by": one.issued_by}
    return {"id": one.id, **facts, "since": one.since.isoformat(), "until": until, "number": one.number}


def issue(content: Content) -> Letter:
    """The record that it was given out, to be saved. A commit that says what the records do not is refused
    (`letter-differs`)."""
    return Letter.issue(
        person=content.person,
        of=content.of,
        name=content.name,
        program=content.program,
        on=content.on,
        rests_on=content.rests_on,
        sha256=content.sha256,
    )


def agrees(letter: Letter, records: Iterable[Practicum | Credential], on: date) -> bool:
    """Whether the records that a letter rests on say what it says, on a day: all of them are there, are that
    person's, and hold (hours are confirmed, a credential holds). Pure."""
    kind = Practicum if letter.of == "hours" else Credential
    held = [
        one for one in records if isinstance(one, kind) and one.person == letter.person and _holds(one, on)
    ]
    said = {"person": letter.person, "name": letter.name, "program": letter.program, "on": letter.on}
    there = {one.id for one in held} == set(letter.rests_on)
    return there and fingerprint(letter.of, records=held, **said) == letter.sha256  # type: ignore[arg-type]


def _holds(one: Practicum | Credential, on: date) -> bool:
    return one.state == "confirmed" if isinstance(one, Practicum) else one.holds(on)


def verify(session: Session, sha256: str, *, on: date) -> Verification:
    """Whether a letter or certificate that bears this hash still agrees with the records, on a day, as far as
    the session may read them."""
    found = next(iter(session.find(Letter, sha256=sha256.strip().lower()).readable), None)
    if found is None:
        return Verification("unknown")
    if found.state == "void":
        return Verification("void", found)
    kind: type[Practicum | Credential] = Practicum if found.of == "hours" else Credential
    records: list[Practicum | Credential] = []
    for one in found.rests_on:
        try:
            records.append(session.get(kind, one))
        except NotFound:  # erased, or not theirs to read: it cannot be said that it holds
            continue
    return Verification("holds" if agrees(found, records, on) else "changed", found)

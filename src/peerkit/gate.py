# SPDX-License-Identifier: Apache-2.0
"""The one way out. Nothing leaves peerkit but through here.

The gate asks *now* whether this recipient may have this class of data for this purpose, gives only
that, and writes a `Disclosure` that the person can read, in a transaction of its own, before anything
leaves. It asks again for each page and for each attempt to send. An unclassified field does not leave,
and neither does a record about two people of whom only one consented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.codec import Opaque
from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.model.actor import Actor
from peerkit.model.base import Class, Part, Record
from peerkit.model.sharing import PURPOSES, Consent, Disclosure, Recipient
from peerkit.ports import Query, Stored
from peerkit.rules.sharing import ruling
from peerkit.views import conditions_of

if TYPE_CHECKING:
    from peerkit.kit import Kit

FREE = frozenset({Class.operational, Class.public})
"""What goes along with whatever leaves: ids, states, times. It is no reason for anything to leave."""

PERSONAL = frozenset(Class) - FREE


@attrs.frozen
class Wanted:
    """What should leave: records of one kind that meet the conditions, a page at a time."""

    kind: type[Record]
    conditions: tuple[Callable[[Any], Any], ...] = ()
    equal: Mapping[str, Any] = attrs.field(factory=dict)
    size: int = 100


@attrs.frozen
class _Asked:
    """One wish to let something out: to whom, what for, who wishes it, which classes at most."""

    recipient: str
    purpose: str
    actor: Actor
    classes: frozenset[Class]
    referral: str = ""

    @property
    def take_out(self) -> bool:
        """Whether somebody takes out for themselves what is theirs."""
        return self.recipient == self.actor.person and self.purpose == "export"


@attrs.frozen
class OutPage(Sequence[Mapping[str, Any]]):
    """One page of what left: plain documents, cut to the classes that consent opens.

    `withheld` counts records that did not leave, so that the recipient hears that something is
    missing; `disclosures` are the ids of the rows that the persons can read.
    """

    documents: tuple[Mapping[str, Any], ...]
    withheld: int
    disclosures: tuple[str, ...]

    def __getitem__(self, index: Any) -> Any:
        return self.documents[index]

    def __len__(self) -> int:
        return len(self.documents)


def disclose(
    kit: Kit,
    query: Wanted | type[Record] | Record,
    *,
    to: str,
    purpose: str,
    actor: Actor,
    classes: Sequence[str] = (),
) -> Iterator[OutPage]:
    """Let data out, page by page.

    `query` is a record, a kind, or a `Wanted`. `to` is the recipient's id, or the actor's own for a
    person's take-out (`purpose="export"`), which needs no consent for what is about them. `classes`
    narrows what may leave. Refused if nothing at all may go to this recipient; what is withheld
    within a page is counted, not shown. Reading rights hold here as everywhere.
    """
    if purpose not in PURPOSES:
        raise Malformed(f"a purpose is one of {', '.join(PURPOSES)}", where="disclose.purpose")
    narrowed = frozenset(Class(c) for c in classes) or frozenset(Class)
    asked = _Asked(_recipient(kit, to, actor), purpose, actor, narrowed)
    if isinstance(query, Record):
        yield _page(kit, [_fresh(kit, query, actor)], asked)
        return
    wanted = query if isinstance(query, Wanted) else Wanted(query)
    relation = wanted.kind.subject_fields[0] if wanted.kind.subject_fields else ""
    after: str | None = None
    while True:
        grants = kit.grants(actor)
        if not kit.rights.knows(wanted.kind.kind, grants):
            sentence = f"this actor has no right to read {wanted.kind.kind}"
            raise Refused([Objection("no-right", sentence, wanted.kind.kind)])
        found = kit.storage.find(
            Query(
                wanted.kind.kind,
                conditions_of(wanted.kind, wanted.conditions, wanted.equal),
                limit=wanted.size,
                after=after,
                allow=kit.rights.allow(wanted.kind.kind, relation, grants),
            )
        )
        rows = [row for row in found.rows if not kit.rights.hides(row.envelope, grants)]
        if rows:
            yield _page(kit, rows, asked)
        if (after := found.after) is None:
            return


def let_out(
    kit: Kit, record: Record, *, to: str, purpose: str, actor: Actor, referral: str = ""
) -> Mapping[str, Any]:
    """One record for one attempt to send: asked now, logged now. Refused if nothing may leave."""
    stored = _fresh(kit, record, actor)
    asked = _Asked(_recipient(kit, to, actor), purpose, actor, frozenset(Class), referral)
    page = _page(kit, [stored], asked)
    if not page.documents:
        raise Refused([Objection("no-consent", "no consent lets this leave now", record.kind, record.id)])
    document: Mapping[str, Any] = page.documents[0]
    return document


def _recipient(kit: Kit, to: str, actor: Actor) -> str:
    if to == actor.person:
        return to
    stored = kit.storage.get("recipient", to)
    found = None if stored is None else kit.codec.read(stored)
    if not isinstance(found, Recipient) or found.state != "active":
        raise NotFound("there is no active recipient of that id")
    return to


def _fresh(kit: Kit, record: Record, actor: Actor) -> Stored:
    grants = kit.grants(actor)
    relation = record.subject_fields[0] if record.subject_fields else ""
    stored = kit.storage.get(record.kind, record.id, allow=kit.rights.allow(record.kind, relation, grants))
    if stored is None or stored.body is None or kit.rights.hides(stored.envelope, grants):
        raise NotFound(f"there is no {record.kind} of that id for this actor")
    return stored


def _page(kit: Kit, rows: Sequence[Stored], asked: _Asked) -> OutPage:
    """Judge a page, log what leaves, and only then give it."""
    leaving: dict[tuple[str, str, frozenset[Class]], list[Record]] = {}
    documents: list[Mapping[str, Any]] = []
    withheld = 0
    for stored in rows:
        if stored.body is None:
            continue  # erased: there is nothing to leave, nor to withhold
        record = kit.codec.read(stored)
        bases, classes = _open(kit, record, asked)
        present = _classes_in(record)
        closed = not bases or not classes & present  # states and times alone are no reason to leave
        if isinstance(record, Opaque) or (closed and (record.subjects or present & PERSONAL)):
            withheld += 1
            continue
        shown = classes | FREE
        documents.append({"kind": record.kind, **_cut(kit, record, shown)})
        for person, basis in bases.items():
            leaving.setdefault((person, basis, classes & present), []).append(record)
    logged = kit.new(
        lambda: [
            Disclosure.log(
                person=person,
                recipient=asked.recipient,
                purpose=asked.purpose,
                classes=tuple(sorted(classes)),
                basis=basis,
                asked_by=asked.actor.person,
                kinds=tuple(dict.fromkeys(r.kind for r in records)),
                records=tuple(r.id for r in records),
            )
            for (person, basis, classes), records in leaving.items()
        ]
    )
    if logged:
        kit.write(logged)
    return OutPage(tuple(documents), withheld, tuple(one.id for one in logged))


def _open(kit: Kit, record: Record, asked: _Asked) -> tuple[dict[str, str], frozenset[Class]]:
    """The basis for each person whom the record is about, and the classes that all of them open."""
    persons = tuple(dict.fromkeys(person for _, person in record.subjects))
    if asked.take_out and _about(record, asked.actor.person):
        return {asked.actor.person: "own"}, asked.classes
    bases: dict[str, str] = {}
    classes = asked.classes
    for person in persons:
        if person == asked.actor.person and len(persons) > 1:
            continue  # who lets it out agrees with it; the others are asked
        consents = _consents(kit, person)
        if consents is None:
            return {}, frozenset()
        basis, opened = ruling(
            consents,
            recipient=asked.recipient,
            purpose=asked.purpose,
            classes=frozenset(str(c) for c in asked.classes),
            now=kit.clock.now(),
            referral=record.id if record.kind == "referral" else asked.referral,
        )
        if not basis:
            return {}, frozenset()
        bases[person] = basis
        classes &= frozenset(Class(c) for c in opened)
    return bases, classes


def _about(record: Record, person: str) -> bool:
    """Whether the record is about this person, and not only by or with them."""
    return {one for _, one in record.subjects} == {person} or any(
        one == person and relation in {"id", "person"} for relation, one in record.subjects
    )


def _consents(kit: Kit, person: str) -> list[Consent] | None:
    """The person's consents; None if one of them cannot be read: it may say no."""
    found = kit._heads_of("consent", about=("person", person))
    consents = [one for one in found if isinstance(one, Consent)]
    return consents if len(consents) == len(found) else None


def _classes_in(record: Record) -> frozenset[Class]:
    found = set(type(record).field_classes.values())
    for part in _parts(record):
        found |= set(type(part).field_classes.values())
    return frozenset(found)


def _parts(value: Any) -> Iterator[Part]:
    for field in attrs.fields(type(value)):
        held = getattr(value, field.name)
        for one in held if isinstance(held, tuple) else (held,):
            if isinstance(one, Part):
                yield one
                yield from _parts(one)


def _cut(kit: Kit, record: Record, shown: frozenset[Class]) -> dict[str, Any]:
    """The record's document with the fields of these classes alone, at every depth. `extra`, whose
    classes nobody here knows, does not leave."""
    whole = kit.codec.document(attrs.evolve(record, extra={}))
    return {"id": record.id, **_shown(record, type(record).field_classes, whole, shown)}


def _shown(
    value: Any, classes: Mapping[str, Class], document: Mapping[str, Any], shown: frozenset[Class]
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field in attrs.fields(type(value)):
        name = field.name
        held = getattr(value, name)
        inner = held if isinstance(held, tuple) else (held,)
        if any(isinstance(one, Part) for one in inner):
            cut = [
                _shown(one, type(one).field_classes, doc, shown)
                for one, doc in zip(inner, _listed(document[name]), strict=True)
                if isinstance(one, Part)
            ]
            out[name] = cut if isinstance(held, tuple) else cut[0]
        elif classes.get(name) in shown and name in document:
            out[name] = document[name]
    return out


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]

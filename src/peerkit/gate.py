# SPDX-License-Identifier: Apache-2.0
"""The one way out. Nothing leaves peerkit but through here.

The gate asks *now* whether this recipient may have this class of data for this purpose, gives only
that, and writes a `Disclosure` that the person can read, in a transaction of its own, before anything
leaves. It asks again for each page and for each attempt to send. An unclassified field does not leave,
and neither does a record about two people of whom only one consented.

Three things open the gate: the person's own word; for what is theirs, the person themselves; and towards
the circle of care, within what the program's settings say, silence (`implied`), which any word of the
person's ends. People who are new stay out of what leaves in bulk (`embargo_days`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.codec import Opaque
from peerkit.cutting import classes_in, cut
from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.model.actor import Actor
from peerkit.model.base import Class, Record, about
from peerkit.model.program import Governance
from peerkit.model.sharing import PURPOSES, Consent, Disclosure, Recipient, Withheld
from peerkit.ports import Query, Stored
from peerkit.rules.sharing import held_back, ruling, spoken
from peerkit.safety.holding import refuse_if_held
from peerkit.views import conditions_of

if TYPE_CHECKING:
    from peerkit.kit import Kit

FREE = frozenset({Class.operational, Class.public})
"""What goes along with whatever leaves: ids, states, times. It is no reason for anything to leave."""

PERSONAL = frozenset(Class) - FREE

IMPLIED = "implied"
"""The basis of what goes to the circle of care without an express word."""

BULK = frozenset({"report", "research", "export"})
"""The purposes for which a query of a whole kind leaves out people who are new."""


@attrs.frozen
class Wanted:
    """What should leave: records of one kind that meet the conditions, a page at a time."""

    kind: type[Record]
    conditions: tuple[Callable[[Any], Any], ...] = ()
    equal: Mapping[str, Any] = attrs.field(factory=dict)
    size: int = 100


@attrs.frozen
class _Word:
    """What lets something about one person out: the consent's id, `own` or `implied`; which classes; for
    `implied`, the version of the settings that says so."""

    basis: str = ""
    classes: frozenset[Class] = frozenset()
    policy: int = 0


_CLOSED = _Word()


@attrs.frozen
class _Asked:
    """One wish to let something out: to whom, what for, who wishes it, which classes at most; in `bulk` if
    it asks for a kind and not for one record; with which `letter` it goes, if it does."""

    recipient: str
    purpose: str
    actor: Actor
    classes: frozenset[Class]
    circle: bool = False
    referral: str = ""
    letter: str = ""
    bulk: bool = False
    new: dict[str, bool] = attrs.field(factory=dict, eq=False, repr=False)
    """Who is new, as far as it was looked up for this wish."""
    told: set[tuple[str, str]] = attrs.field(factory=set, eq=False, repr=False)
    """Which words of whom have been written down as holding this back."""

    @property
    def take_out(self) -> bool:
        """Whether somebody takes out for themselves what is theirs."""
        return self.recipient == self.actor.person and self.purpose == "export"


@attrs.frozen
class OutPage(Sequence[Mapping[str, Any]]):
    """One page of what left: plain documents, cut to the classes that consent opens.

    `withheld` counts records that did not leave, so that the recipient hears that something is
    missing; a document of which a part did not leave says so in its own `withheld`, a list of classes.
    `disclosures` are the ids of the rows that the persons can read. `governance` are the bodies that decide
    with the program about data of a community: who passes it on asks them first.
    """

    documents: tuple[Mapping[str, Any], ...]
    withheld: int
    disclosures: tuple[str, ...]
    governance: tuple[Governance, ...] = ()

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
    narrows what may leave. What is withheld within a page is counted, not shown, and where the person's
    own word withheld it, they can read that. A query for a report, for research or for an export to others
    leaves out whoever is new (`embargo_days`). NotFound if there is no such recipient, or nothing goes there
    any more; Refused without a right to read the kind. Reading rights hold here as everywhere.
    """
    if purpose not in PURPOSES:
        raise Malformed(f"a purpose is one of {', '.join(PURPOSES)}", where="disclose.purpose")
    narrowed = _classes(classes) or frozenset(Class)
    recipient, circle = _recipient(kit, to, actor)
    asked = _Asked(recipient, purpose, actor, narrowed, circle, bulk=not isinstance(query, Record))
    if isinstance(query, Record):
        yield _page(kit, [_fresh(kit, query, actor)], asked)
        return
    wanted = query if isinstance(query, Wanted) else Wanted(query)
    kind: object = wanted.kind
    if not isinstance(kind, type) or not issubclass(kind, Record):
        raise Malformed("what to let out is a record, a kind, or a Wanted of one", where="disclose.query")
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
            _recipient(kit, to, actor)  # they may have been closed meanwhile
            yield _page(kit, rows, asked)
        if (after := found.after) is None:
            return


def _classes(given: Sequence[str]) -> frozenset[Class]:
    try:
        if not isinstance(given, str | bytes):
            return frozenset(Class(one) for one in given)
    except (ValueError, TypeError):
        pass
    told = f"classes are several of {', '.join(Class)}, as in (one, another)"
    raise Malformed(told, where="disclose.classes") from None


def let_out(
    kit: Kit, record: Record, *, to: str, purpose: str, actor: Actor, referral: str = "", letter: str = ""
) -> Mapping[str, Any]:
    """One record for one attempt to send: asked now, logged now, unless an earlier attempt to send the same
    `letter` logged just this. Refused if nothing may leave."""
    stored = _fresh(kit, record, actor)
    recipient, circle = _recipient(kit, to, actor)
    asked = _Asked(recipient, purpose, actor, frozenset(Class), circle, referral, letter)
    page = _page(kit, [stored], asked)
    if not page.documents:
        raise Refused([Objection("no-consent", "no consent lets this leave now", record.kind, record.id)])
    document: Mapping[str, Any] = page.documents[0]
    return document


def _recipient(kit: Kit, to: str, actor: Actor) -> tuple[str, bool]:
    """The recipient's id, and whether they belong to the circle of care."""
    if to == actor.person:
        return to, False
    stored = kit.storage.get("recipient", to)
    found = None if stored is None else kit.codec.read(stored)
    if not isinstance(found, Recipient) or found.state != "active":
        raise NotFound("there is no active recipient of that id")
    return to, found.circle


def _fresh(kit: Kit, record: Record, actor: Actor) -> Stored:
    grants = kit.grants(actor)
    relation = record.subject_fields[0] if record.subject_fields else ""
    stored = kit.storage.get(record.kind, record.id, allow=kit.rights.allow(record.kind, relation, grants))
    if stored is None or stored.body is None or kit.rights.hides(stored.envelope, grants):
        raise NotFound(f"there is no {record.kind} of that id for this actor")
    return stored


def _page(kit: Kit, rows: Sequence[Stored], asked: _Asked) -> OutPage:
    """Judge a page, log what leaves, and only then give it. Refused while the store is held."""
    refuse_if_held(kit)
    leaving: dict[tuple[str, _Word], list[Record]] = {}
    held: dict[tuple[str, str, str], list[Record]] = {}
    documents: list[Mapping[str, Any]] = []
    withheld = 0
    for stored in rows:
        if stored.body is None:
            continue  # erased: there is nothing to leave, nor to withhold
        record = kit.codec.read(stored)
        words = {} if isinstance(record, Opaque) else _words(kit, record, asked)
        present = classes_in(record)
        closed = [person for person, word in words.items() if not word.basis]
        classes = asked.classes.intersection(*(word.classes for word in words.values()))
        out = not closed and bool(words) and bool(classes & present)  # states and times are no reason
        if isinstance(record, Opaque) or (not out and (record.subjects or present & PERSONAL)):
            withheld += 1
            for person in closed:
                if (why := _why(kit, person, asked))[0]:
                    held.setdefault((person, *why), []).append(record)
            continue
        left_out = sorted(str(c) for c in (present & PERSONAL & asked.classes) - classes)
        notes = {"withheld": left_out} if left_out and record.subjects else {}
        documents.append({"kind": record.kind, **cut(kit.codec, record, classes | FREE), **notes})
        for person, word in words.items():
            same = attrs.evolve(word, classes=classes & present)
            leaving.setdefault((person, same), []).append(record)
    fresh = kit.new(lambda: [_left(person, word, of, asked) for (person, word), of in leaving.items()])
    before = [_before(kit, one) for one in fresh]
    kept = kit.new(lambda: [_kept(*key, of, asked) for key, of in held.items()])
    logged = [one for one, earlier in zip(fresh, before, strict=True) if earlier is None]
    if logged or kept:
        kit.write([*logged, *kept])
    told = tuple((earlier or one).id for one, earlier in zip(fresh, before, strict=True))
    return OutPage(tuple(documents), withheld, told, kit.program.governance)


def _before(kit: Kit, left: Disclosure) -> Disclosure | None:
    """What an earlier attempt to send the same letter logged, if it was just this."""
    if not left.letter:
        return None
    for held in kit._find_all(Disclosure.kind, about=("person", left.person), letter=left.letter):
        if isinstance(held, Disclosure) and _WHAT(held) == _WHAT(left):
            return held
    return None


_WHAT = attrgetter("recipient", "purpose", "classes", "basis", "by", "kinds", "records", "policy")
"""What a disclosure says but for when."""


def _left(person: str, word: _Word, records: list[Record], asked: _Asked) -> Disclosure:
    return Disclosure.log(
        person=person,
        recipient=asked.recipient,
        purpose=asked.purpose,
        classes=tuple(sorted(word.classes)),
        basis=word.basis,
        asked_by=asked.actor.person,
        kinds=tuple(dict.fromkeys(r.kind for r in records)),
        records=tuple(r.id for r in records),
        policy=word.policy,
        letter=asked.letter,
    )


def _kept(person: str, cause: str, word: str, records: list[Record], asked: _Asked) -> Withheld:
    return Withheld.log(
        person=person,
        recipient=asked.recipient,
        purpose=asked.purpose,
        cause=cause,
        asked_by=asked.actor.person,
        word=word,
        kinds=tuple(dict.fromkeys(r.kind for r in records)),
    )


def _why(kit: Kit, person: str, asked: _Asked) -> tuple[str, str]:
    """Which word of the person's holds this back, the first time that it does; else nothing."""
    consents = _consents(kit, person)
    if consents is None:
        return "", ""
    now = kit.clock.now()
    found = held_back(consents, recipient=asked.recipient, purpose=asked.purpose, now=now)
    if not found[0] or (person, found[1]) in asked.told:
        return "", ""
    asked.told.add((person, found[1]))
    if asked.actor.is_system:  # which tries again and again
        before = kit._find_all("withheld", about=("person", person), word=found[1], cause=found[0])
        if any((one.recipient, one.by) == (asked.recipient, asked.actor.person) for one in before):
            return "", ""
    return found


def _words(kit: Kit, record: Record, asked: _Asked) -> dict[str, _Word]:
    """What each person whom the record is about lets out of it."""
    persons = tuple(about(record.subjects))
    if record.kind in kit.plugins.private and not asked.take_out:
        return {}
    if asked.take_out and _about(kit, record, asked.actor.person):
        return {asked.actor.person: _Word("own", asked.classes)}
    return {
        person: _word(kit, person, record, asked)
        for person in persons
        if person != asked.actor.person or len(persons) == 1  # who lets it out agrees; the others are asked
    }


def _word(kit: Kit, person: str, record: Record, asked: _Asked) -> _Word:
    """What this person lets out now; for people who are new nothing leaves in bulk."""
    consents = _consents(kit, person)
    if consents is None or (asked.bulk and asked.purpose in BULK and _is_new(kit, person, asked)):
        return _CLOSED
    basis, opened = ruling(
        consents,
        recipient=asked.recipient,
        purpose=asked.purpose,
        classes=frozenset(str(c) for c in asked.classes),
        now=kit.clock.now(),
        referral=record.id if record.kind == "referral" else asked.referral,
    )
    if basis:
        return _Word(basis, frozenset(Class(c) for c in opened))
    if asked.purpose != "care" or not asked.circle:
        return _CLOSED
    program = kit.program
    implied = frozenset(Class(c) for c in program.implied) & asked.classes
    if not implied or spoken(consents, recipient=asked.recipient, purpose=asked.purpose):
        return _CLOSED
    return _Word(IMPLIED, implied, program.version)


def _is_new(kit: Kit, person: str, asked: _Asked) -> bool:
    """Whether the program got to know somebody less than `embargo_days` ago. Who asks is not spared from
    what they let out of their own."""
    if person not in asked.new:
        versions = kit.storage.history("person", person) if person != asked.actor.person else ()
        days = timedelta(days=kit.program.embargo_days)
        asked.new[person] = bool(versions) and kit.clock.now() < versions[0].envelope.at + days
    return asked.new[person]


def _about(kit: Kit, record: Record, person: str) -> bool:
    """Whether the record is about this person, and not only by or with them."""
    fields = {"id", "person", kit.rights.supported(record.kind)}
    return {one for _, one in record.subjects} == {person} or any(
        one == person and relation in fields for relation, one in record.subjects
    )


def _consents(kit: Kit, person: str) -> list[Consent] | None:
    """The person's consents; None if one of them cannot be read: it may say no."""
    found = kit._heads_of("consent", about=("person", person))
    consents = [one for one in found if isinstance(one, Consent)]
    return consents if len(consents) == len(found) else None

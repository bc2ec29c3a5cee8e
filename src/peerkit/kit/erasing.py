# SPDX-License-Identifier: Apache-2.0
"""Erasing for ever, as an attributable act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.kinds import OWN_ONLY
from peerkit.kit import kinds
from peerkit.kit.answering import answers_for
from peerkit.kit.steps import stage
from peerkit.model.actor import Actor
from peerkit.model.base import about as subjects_of
from peerkit.model.keeping import Redaction
from peerkit.model.safety import Alert
from peerkit.model.signing import SIGNED_KINDS
from peerkit.paging import every
from peerkit.ports import Allow, Batch, Condition, Query, Stored
from peerkit.safety.lane import derived
from peerkit.safety.raising import OPEN
from peerkit.safety.reading import decoded

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

NEVER = frozenset(
    {
        "redaction",
        "disclosure",
        "withheld",
        "read",
        "refusal",
        "program",
        "appointment",
        "leave",
        "route",
        "questionnaire",
    }
)
"""Kinds that are not erased: they hold no story, and are the proof of what was done, or the way that an
alarm takes, or what somebody's answers mean."""

WITH_PERSON = {"break_glass": frozenset({"about"}), "merge": frozenset({"kept", "away"})}
"""Kinds that go with whoever stands in these fields, and never alone: they hold words on somebody, and are
the proof of what was done to their record. Who did it was at work in it; the envelopes stay, and tell it."""

LIVE = {
    "relationship": ("enquiry", "proposed", "agreed", "paused"),
    "peer_supporter": ("active",),
    "concern": ("open",),
    "credential": ("valid", "suspended"),
    "duty_report": ("considered",),
    "task": ("open",),
}
"""Kinds from which it follows whose somebody is, whose access rests, or what a named human still owes, and
their states while it does. Alone these are not erased; a task goes along with its person."""


@attrs.frozen
class Erasure:
    """What an erasure did.

    `pending` when a reader still holds old pages of the file: they go when it lets go. `shared` are the
    records about these people *and* others (kind and id), which a human has to look at one by one.
    """

    versions: int
    pending: bool = False
    shared: tuple[tuple[str, str], ...] = ()


def erase(kit: Kit, records: Sequence[str], *, basis: str, asked_by: str, decided_by: str) -> Erasure:
    """Remove the bodies of every version of these records, with index and search rows.

    `basis` is a code, since a redaction is itself never erased: `wish` (the person's own), `retention` (the
    program keeps it no longer), `mistake` (it should not have been written), or `law:` with the citation
    (`law:gdpr-art-17`, `law:phipa-2004-s-13`). Two different humans ask and decide, and who decides holds
    the office of coordinator or privacy contact. A person's id also erases what is about them alone, and
    their screens, answers, alerts, responses, tasks and progress notes, in which the others are those who
    worked (`ALONG`); and what was signed goes with its signatures' bodies: a bare hash of a short text can
    be guessed. So does why their record was opened (`break_glass`) or joined with another (`merge`), and
    every record that was joined with theirs. What nobody but they read (`OWN_ONLY`, a plugin's private
    kinds) and names nobody else they erase alone: they ask and decide.

    Refused while an alert about the person, or that comes from one of the records, is open; while nobody has
    decided about those whom a concern about them names (`concern-open`); while a merge of
    theirs is under way, or nobody has reviewed that their glass was broken; and for somebody on whom others
    still rely: who holds an office or supports leaves first, so that their persons and alarms go on to
    somebody. What stays are envelopes and commitments: `history` shows
    *erased*, `verify` passes and tells it from tampering.
    """
    _basis(basis)
    if not records:
        raise Malformed("an erasure names the records that go", where="erase.records")
    found = [_head(kit, one) for one in records]
    alone = asked_by == decided_by and all(_own(kit, one, asked_by) for one in found)
    if not asked_by or not decided_by or (asked_by == decided_by and not alone):
        raise Refused(
            [Objection("two-humans", "an erasure is asked for by one human and decided by another")]
        )
    if kit.storage.get("person", asked_by) is None:
        raise NotFound("who asks for an erasure is a person whom the program knows")
    decider = Actor(decided_by)
    people = {who for one in found for _, who in one.envelope.subjects}
    if not alone and not answers_for(kit, decider, *people):
        told = "an erasure is decided by a coordinator or the privacy contact"
        raise Refused([Objection("no-office", told)])
    found = _with_joined(kit, found)
    doomed = {s.envelope.id: s for s in found}
    shared: dict[str, str] = {}
    for stored in found:
        if stored.envelope.kind == "person":
            for one in _about(kit, stored.envelope.id):
                if _theirs(kit, one, stored.envelope.id):
                    doomed[one.envelope.id] = one
                else:
                    shared[one.envelope.id] = one.envelope.kind
    whose = {one for stored in doomed.values() for one in _whose(kit, stored)}
    against = [
        *_open_alerts(kit, doomed, whose),
        *_unsettled(kit, whose),
        *_relied_on(kit, found),
        *_under_way(kit, found),
        *_unreviewed(kit, doomed),
    ]
    if against:
        raise Refused(against)
    doomed |= {one.envelope.id: one for one in _signatures(kit, doomed)}
    redaction = kit.new(
        lambda: Redaction.log(erased=tuple(doomed), basis=basis, asked_by=asked_by, decided_by=decided_by)
    )
    change = stage(redaction, decider, kit.codec, module=kit.module_of(redaction)).change
    done = kit.storage.erase(tuple(doomed), Batch((change,), kit.clock.now()))
    kit.erased(redaction, [(one.envelope.kind, id_) for id_, one in doomed.items()])
    left = tuple((kind, one) for one, kind in shared.items() if one not in doomed)
    return Erasure(done.versions, done.pending, left)


def _own(kit: Kit, stored: Stored, human: str) -> bool:
    """Whether it is this human's alone, so that nobody else is asked either. Whom they let read a plugin's
    private record has no say in it; a duty report that somebody was shown has two humans' eyes on it."""
    envelope = stored.envelope
    if envelope.kind in OWN_ONLY:
        return envelope.subjects == (("author", human),)
    return envelope.kind in kit.plugins.private and set(subjects_of(envelope.subjects)) == {human}


def _rows(kit: Kit, kind: str, *conditions: Condition, allow: Allow = None) -> Iterator[Stored]:
    """Every head of a kind that meets the conditions, asked of index and envelope: also those that nobody can
    read."""
    return every(kit.storage, Query(kind, conditions, allow=allow))


def _signatures(kit: Kit, doomed: Mapping[str, Stored]) -> list[Stored]:
    """The signatures on these records. Their envelopes stay, and say who signed, when, by what means."""
    return [
        signature
        for one in doomed.values()
        if one.envelope.kind in SIGNED_KINDS
        for signature in _rows(kit, "signature", Condition("signed", "==", one.envelope.id))
    ]


# -- records that were joined ----------------------------------------------------------------------


def _merges(kit: Kit, person: str, fields: Iterable[str], *states: str) -> Iterator[Stored]:
    allow = frozenset((field, person) for field in fields)
    return _rows(kit, "merge", Condition("state", "in", list(states)), allow=allow)


def _with_joined(kit: Kit, found: Sequence[Stored]) -> list[Stored]:
    """These, and the second records of a person, which were joined with theirs, to the end of the chain."""
    every = {one.envelope.id: one for one in found}
    ahead = list(found)
    for stored in ahead:
        for merge in _merges(kit, stored.envelope.id, ("kept",), "merged"):
            for relation, second in merge.envelope.subjects:
                if relation == "away" and second not in every:
                    every[second] = _head(kit, second)
                    ahead.append(every[second])
    return list(every.values())


def _under_way(kit: Kit, found: Sequence[Stored]) -> Iterator[Objection]:
    """A merge that is not finished: what is to go hangs on either of two. And a record that went into another
    one: what is about them hangs on that."""
    ids = {one.envelope.id for one in found}
    for one in sorted(ids):
        for merge in _merges(kit, one, ("kept", "away"), "running", "parting"):
            told = "a merge of this person is under way: call kit.merge (or kit.split) again, it finishes"
            yield Objection("merge-running", told, "merge", merge.envelope.id)
        for merge in _merges(kit, one, ("away",), "merged"):
            if ids.isdisjoint(kept for relation, kept in merge.envelope.subjects if relation == "kept"):
                told = "this record was joined with another one: erase that one, and this goes along"
                yield Objection("merged-already", told, "person", one)


def _unreviewed(kit: Kit, doomed: Mapping[str, Stored]) -> Iterator[Objection]:
    """Whoever broke a glass has no word in whether that is looked at."""
    for one in doomed.values():
        wanted = Condition("id", "==", one.envelope.id), Condition("finding", "==", "")
        if one.envelope.kind == "break_glass" and kit.storage.count(Query("break_glass", wanted)):
            told = "this person's record was opened without their word: somebody reviews that first"
            yield Objection("unreviewed", told, "break_glass", one.envelope.id)


ALONG = frozenset(
    {
        "alert",
        "answer",
        "authority",
        "interaction",
        "progress",
        "risk_screen",
        "safety_plan",
        "safety_response",
        "sign_up",
        "task",
    }
)
"""Kinds that go with the person whom they are about first, also where they name others: whoever held a
screen, was told, wrote the note or has the task did so in the program's work. Their envelopes stay, so it
stays known when an alert was raised and acknowledged, by whose id."""

BASES = ("wish", "retention", "mistake")
"""On what an erasure may rest, besides `law:` and a citation."""

_LAW = re.compile(r"law:[a-z0-9]+(?:[-.][a-z0-9]+)*", re.ASCII)


def _basis(given: object) -> None:
    """It stays for ever, in the open, and the person may have asked to be forgotten: no free text."""
    if not isinstance(given, str) or (
        given not in BASES and (len(given) > 64 or not _LAW.fullmatch(given))
    ):  # a bound
        told = f"a basis is one of {', '.join(BASES)}, or law: with its citation as in law:gdpr-art-17"
        raise Malformed(told, where="erase.basis")


def _theirs(kit: Kit, stored: Stored, person: str) -> bool:
    """Whether a record goes along with its person."""
    return stored.envelope.kind in WITH_PERSON or _whose(kit, stored) == {person}


def _whose(kit: Kit, stored: Stored) -> set[str]:
    """The people whom a record is about, without those who were only at work in it."""
    cls = kit.codec.class_of(stored.envelope.kind)
    if stored.envelope.kind in WITH_PERSON:
        return set()  # the other human in it loses nothing
    if stored.envelope.kind in ALONG and cls is not None:
        about = {one for relation, one in stored.envelope.subjects if relation == cls.subject_fields[0]}
        if about:
            return about
    return set(subjects_of(stored.envelope.subjects))


def _open_alerts(kit: Kit, doomed: Mapping[str, Stored], people: AbstractSet[str]) -> Iterator[Objection]:
    """Open alerts that would be lost with these records, or that wait for one of their people."""
    for row in _rows(kit, "alert", OPEN):
        about = {one for relation, one in row.envelope.subjects if relation == "person"}
        alert = decoded(kit, Alert, row)  # its own id and its subjects are there without its body
        ids = {row.envelope.id, derived(row.envelope.id, "response")}
        ids |= {alert.screen, alert.concern} if alert is not None else set()
        if about & people or ids & doomed.keys():
            told = "an alert is open that comes from this, or is about this person: close it first"
            yield Objection("alert-open", told, "alert", row.envelope.id)


def _unsettled(kit: Kit, people: AbstractSet[str]) -> Iterator[Objection]:
    """Open concerns about these people that name somebody: without their alert nobody could decide any more,
    and whom they name would stay shut out for good."""
    for row in _rows(kit, "concern", OPEN):
        about, names = ({one for rel, one in row.envelope.subjects if rel == r} for r in ("about", "names"))
        if names and about & people:
            told = "an open concern names somebody: a human decides about them first (`settle`)"
            yield Objection("concern-open", told, "concern", row.envelope.id)


def _relied_on(kit: Kit, found: Sequence[Stored]) -> Iterator[Objection]:
    """What others still rely on: an office, a supporter's role, a relationship."""
    for stored in found:
        kind, one = stored.envelope.kind, stored.envelope.id
        held = [*kit._heads_of("appointment", about=("person", one), state="held")]
        held += kit._heads_of("peer_supporter", about=("person", one), state="active")
        live = kind in LIVE and _in_state(kit, stored, LIVE[kind])
        if (kind == "person" and held) or live:
            told = "others still rely on this: it ends first, or who holds an office or supports leaves first"
            yield Objection("relied-on", told, kind, one)


def _in_state(kit: Kit, stored: Stored, states: Sequence[str]) -> bool:
    """Whether the record is in one of these states: asked of the index, which knows it also where the
    document cannot be read."""
    wanted = (Condition("id", "==", stored.envelope.id), Condition("state", "in", list(states)))
    return bool(kit.storage.count(Query(stored.envelope.kind, wanted)))


def _head(kit: Kit, record_id: str) -> Stored:
    for kind in kinds.every(kit):
        stored = kit.storage.get(kind, record_id)
        if stored is not None:
            why = "goes with its person" if kind in WITH_PERSON else "is not erased: it holds no story"
            if kind in NEVER or kind in WITH_PERSON:
                raise Refused([Objection("never-erased", f"a {kind} {why}", kind, record_id)])
            return stored
    raise NotFound("there is no record of that id")


def _about(kit: Kit, person: str) -> list[Stored]:
    """Records that name this person as a subject, and hold a body still, those of plugins that are gone
    among them."""
    out: list[Stored] = []
    for kind in kinds.every(kit):
        cls = kit.codec.class_of(kind)
        if kind in NEVER or (cls is not None and not cls.subject_fields):
            continue
        # Which fields name people in a kind that no code here knows, only its envelopes tell.
        fields = () if cls is None else WITH_PERSON.get(kind, cls.subject_fields)
        allow = None if cls is None else frozenset((name, person) for name in fields)
        out += [
            s
            for s in _rows(kit, kind, allow=allow)
            if s.body is not None and any(one == person for _, one in s.envelope.subjects)
        ]
    return out

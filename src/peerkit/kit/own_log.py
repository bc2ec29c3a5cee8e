# SPDX-License-Identifier: Apache-2.0
"""The person's own log: who read what about them, what left to whom on what basis, what was decided.

In plain words, newest first. What may not be shown is shown as existing, without content: a concern about
them, a broken glass that they will be told of, and recipients of whom this says nothing unless asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.codec import Opaque
from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.kit.answering import answers_for
from peerkit.kit.kinds import known
from peerkit.kit.links import LOGIN, UNLINKED
from peerkit.model.actor import Actor
from peerkit.model.base import READERS, Record
from peerkit.model.duty_report import DutyReport
from peerkit.model.glass import BreakGlass
from peerkit.model.keeping import Read
from peerkit.model.merge import Merge
from peerkit.model.people import Person
from peerkit.model.referral import Referral
from peerkit.model.safety import Alert
from peerkit.model.sharing import Consent, Disclosure, Recipient, Withheld
from peerkit.ports import ActLine, Envelope, Query, Stored
from peerkit.rights import EXCEPTIONS
from peerkit.safety.reading import handed_over
from peerkit.texts import Message, _, joined, listed, verbatim
from peerkit.texts.labels import DESCRIBED, label

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

WHATS = ("read", "linked", "left", "held_back", "opened", "joined", "alerted", "decided", "hidden")
"""What an entry can be about."""

_TOLD_APART = frozenset(
    ["read", "disclosure", "withheld", "break_glass", "merge", "concern", "route", "task"]
)
"""Kinds whose versions are no decisions, or are told in a way of their own."""

_CAUSES = {
    "refused": _("you said that it is not to be shared"),
    "withdrawn": _("you took your consent back"),
    "ended": _("your consent is over"),
    "not_yet": _("your consent has not begun"),
}
PRINTED = "printed"
"""The reason of a read that ended on paper."""

_ALERTS = {
    ("open", True): _("An answer of yours opened an alert."),
    ("open", False): _("An alert about you was opened."),
    ("raise_level", True): _("An answer of yours made an alert more urgent."),
    ("raise_level", False): _("An alert about you became more urgent."),
}
"""What nobody decided, by act and whether an answer did it: rules did, and no name stands beside it."""

PROTECTS = _("Something is not shown here, since it protects somebody else.")
LATER = _("Something is not shown here yet. Somebody will tell you about it.")
DARK = _("Something is not shown here, since it cannot be read at present. Ask the program to look at it.")
QUIET = _("Something is not shown on this page. Ask for everything to see it.")


@attrs.frozen
class Entry:
    """One line of a person's log. `what` is one of `WHATS`, `by` the id of who did it (empty where that is
    not shown), `text` a sentence; `position` is its place in the feed.

    Reads by one reader, of one kind and for one reason, that are of one minute are one line, at the place of
    the first of them, and `records` are those of all: a look reads the same several times."""

    position: int
    at: datetime
    what: str
    text: str = attrs.field(repr=False)
    by: str = ""
    kinds: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


def log(
    kit: Kit,
    actor: Actor,
    *,
    person: str = "",
    everything: bool = False,
    since: datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> tuple[Entry, ...]:
    """See `Kit.log`."""
    if type(limit) is not int or limit < 1:
        raise Malformed("limit is a number from 1", where="log.limit")
    if since is not None and since.tzinfo is None:
        raise Malformed("an instant needs a time zone", where="log.since")
    whose = person or actor.person
    stored = kit.storage.get(Person.kind, whose)
    if stored is None:
        raise NotFound("there is no person of that id")
    if whose != actor.person:
        if not answers_for(kit, actor, whose):
            objection = Objection(
                "no-right", "a person's log is theirs; the program's offices print it for them"
            )
            kit.note_refusal(actor, [objection], [])
            raise Refused([objection])
        kit.write_new(
            lambda: Read.log(person=(whose,), reader=actor.person, of="log", records=(), why="their own log")
        )
    elif actor.role not in {"", "person"}:
        raise Refused([Objection("no-right", "in one of their roles nobody reads what is about themselves")])
    telling = _Telling(kit, whose, everything, since, mine=whose == actor.person)
    entries = sorted(telling.entries(), key=lambda one: -one.position)
    wanted = [one for one in entries if before is None or one.position < before]
    say = kit.plugins.texts(*_languages(kit, stored), *kit.program.languages)
    return tuple(attrs.evolve(one, text=say(one.text)) for one in wanted[:limit])


def _languages(kit: Kit, stored: Stored) -> tuple[str, ...]:
    held = kit.codec.read(stored) if stored.body is not None else None
    return held.languages if isinstance(held, Person) else ()


@attrs.define
class _Telling:
    kit: Kit
    person: str
    everything: bool
    since: datetime | None
    mine: bool
    names: dict[str, Message] = attrs.field(factory=dict)

    def entries(self) -> Iterator[Entry]:
        """Every line, those of one look folded. What is older than asked for is left out before, so that no
        line goes with the first read of its minute."""
        looks: dict[tuple[object, ...], Entry] = {}
        for look, one in self._entries():
            if self.since is not None and one.at < self.since:
                continue
            if not look:
                yield one
                continue
            first, second = sorted((looks.get(look, one), one), key=lambda each: each.position)
            together = tuple(dict.fromkeys((*first.records, *second.records)))
            looks[look] = attrs.evolve(first, records=together)
        yield from looks.values()

    def _entries(self) -> Iterator[tuple[tuple[object, ...], Entry]]:
        """Each entry, and for a read what makes it of one look with others."""
        told: tuple[tuple[type[Record], str, Callable[[Any, Envelope], Entry]], ...] = (
            (Read, "person", self._read),
            (Disclosure, "person", self._left),
            (Withheld, "person", self._held_back),
            (BreakGlass, "about", self._opened),
            (Merge, "kept", self._joined),
        )
        for kind, relation, tell in told:
            for stored in self._about(kind.kind, frozenset({(relation, self.person)})):
                if stored.body is None:
                    continue  # erased, with the person's own record
                record = self.kit.codec.read(stored)
                if not isinstance(record, Opaque):
                    entry = tell(record, stored.envelope)
                    yield _look(record, entry), entry
                else:  # what it says of recipients, danger or others nobody knows
                    yield (), self._hidden(stored.envelope, LATER if kind is BreakGlass else DARK)
        for entry in self._decisions():
            yield (), entry
        for exempt in EXCEPTIONS:
            if exempt.kind != Read.kind:  # a read is told, or put off, where the reads are
                for stored in self._about(exempt.kind, frozenset((one, self.person) for one in exempt.shown)):
                    yield (), self._hidden(stored.envelope, PROTECTS)

    # -- each sort -----------------------------------------------------------------------------

    def _read(self, read: Read, envelope: Envelope) -> Entry:
        if read.of == "concern":
            return self._hidden(envelope, PROTECTS)
        if self._quiet_about(read.of, None):
            return self._hidden(envelope, QUIET)
        glass = read.why.partition(":")[2] if envelope.acts[0].name == "log_broken" else ""
        if glass and self._put_off(glass):
            return self._hidden(envelope, LATER)
        if read.of == LOGIN:
            return self._linked(read, envelope)
        named = {"name": self._name(read.reader), "thing": _thing(read.of)}
        text = _("{name} read {thing}.", **named)
        if read.why == PRINTED:
            text = _("{name} printed {thing}.", **named)
        if glass:
            text = _("{name} read {thing} after opening your record without asking you.", **named)
        return Entry(envelope.position, envelope.at, "read", text, read.reader, (read.of,), read.records)

    def _linked(self, read: Read, envelope: Envelope) -> Entry:
        name = self._name(read.reader)
        text = _(
            "{name} linked a login to your record: whoever signs in with it acts as you here.", name=name
        )
        if read.why == UNLINKED:
            text = _("{name} took a login off your record: nobody acts as you with it any more.", name=name)
        return Entry(envelope.position, envelope.at, "linked", text, read.reader, (), read.records)

    def _left(self, left: Disclosure, envelope: Envelope) -> Entry:
        if self._quiet(left.recipient):
            return self._hidden(envelope, QUIET)
        named = {
            "recipient": self._recipient(left.recipient),
            "things": _things(left.kinds),
            "purpose": label("", "purpose", left.purpose),
            "basis": self._basis(left),
        }
        text = _("{recipient} received {things}, for {purpose}: {basis}.", **named)
        if left.letter and not handed_over(self.kit, left.letter):
            text = _(
                "{recipient} was to receive {things}, for {purpose}: {basis}. Nothing says so far that it "
                "arrived.",
                **named,
            )
        return Entry(envelope.position, envelope.at, "left", text, left.by, left.kinds, left.records)

    def _held_back(self, held: Withheld, envelope: Envelope) -> Entry:
        if self._quiet(held.recipient):
            return self._hidden(envelope, QUIET)
        text = _(
            "{recipient} did not receive {things}, for {purpose}: {why}.",
            recipient=self._recipient(held.recipient),
            things=_things(held.kinds),
            purpose=label("", "purpose", held.purpose),
            why=self._cause(held),
        )
        return Entry(envelope.position, envelope.at, "held_back", text, held.by, held.kinds, (held.word,))

    def _cause(self, held: Withheld) -> Message:
        if self._in_place(held.word):
            return _("somebody who may decide in your place wanted it so")
        return _CAUSES.get(held.cause, _("you had not agreed"))

    def _opened(self, glass: BreakGlass, envelope: Envelope) -> Entry:
        if glass.kept_back(self.kit.clock.now()):
            return self._hidden(envelope, LATER)
        first = self.kit.storage.history(BreakGlass.kind, glass.id)[0].envelope
        review = {
            "sound": _("A review found the reason sound."),
            "not_sound": _("A review found it not sound."),
        }
        opened = _("{name} opened your record without asking you.", name=self._name(glass.reader))
        reason = _("The reason given: {words}", words=glass.reason)
        text = joined([opened, reason, review.get(glass.finding, "")])
        return Entry(first.position, first.at, "opened", text, glass.reader, ("break_glass",), (glass.id,))

    def _joined(self, merge: Merge, _envelope: Envelope) -> Entry:
        first = self.kit.storage.history(Merge.kind, merge.id)[0].envelope
        text = _("A second record of yours was joined with this one.")
        if merge.state in {"parting", "parted"}:
            text = _("A record was taken for yours and joined with it, and was parted from it again.")
        return Entry(first.position, first.at, "joined", text, first.actor, ("merge",), (merge.id,))

    def _decisions(self) -> Iterator[Entry]:
        """What was done to the records about them that they may read: what is theirs alone only by them."""
        apart = _TOLD_APART if self.mine else _TOLD_APART | self.kit.plugins.private
        mine = self.kit.grants(Actor(self.person, role="person"))
        for kind in known(self.kit):
            cls = self.kit.codec.class_of(kind)
            if kind in apart or cls is None or not cls.subject_fields or cls.kit_only:
                continue
            allow = self.kit.rights.allow(kind, cls.subject_fields[0], mine)
            pairs = frozenset((name, self.person) for name in cls.subject_fields if name not in READERS)
            for stored in self._about(kind, pairs if allow is None else pairs & allow):
                if not self.kit.rights.hides(stored.envelope, mine):
                    yield from self._versions(stored)

    def _versions(self, stored: Stored) -> Iterator[Entry]:
        record = self.kit.codec.read(stored) if stored.body is not None else None
        if self._quiet_about(stored.envelope.kind, record):
            yield self._hidden(stored.envelope, QUIET)
            return
        for version in self.kit.storage.history(stored.envelope.kind, stored.envelope.id):
            envelope = version.envelope
            answered = isinstance(record, Alert) and bool(record.screen)
            for act in envelope.acts:
                ruled = _ALERTS.get((act.name, answered)) if envelope.kind == Alert.kind else None
                what, who = ("alerted", "") if ruled else ("decided", act.decided_by or envelope.actor)
                text = ruled or self._decided(envelope, act)
                yield Entry(envelope.position, envelope.at, what, text, who, (envelope.kind,), (envelope.id,))

    def _decided(self, envelope: Envelope, act: ActLine) -> Message:
        who = act.decided_by or envelope.actor
        named = {
            "name": self._name(who),
            "act": label(envelope.kind, "act", act.name),
            "thing": _thing(envelope.kind),
        }
        if act.on_behalf_of:
            return _(
                "{name} decided in your place, {how}: {act} ({thing}), written down by {writer}.",
                how=label("", "how", act.how),
                writer=self._name(envelope.actor),
                **named,
            )
        if envelope.actor == who:
            return _("{name} decided: {act} ({thing}).", **named)
        named["writer"] = self._name(envelope.actor)
        if act.how not in DESCRIBED["", "how"]:
            return _("{name} decided: {act} ({thing}), written down by {writer}.", **named)
        return _(
            "{name} decided, {how}: {act} ({thing}), written down by {writer}.",
            how=label("", "how", act.how),
            **named,
        )

    # -- words ---------------------------------------------------------------------------------

    @staticmethod
    def _hidden(envelope: Envelope, text: Message) -> Entry:
        return Entry(envelope.position, envelope.at, "hidden", text)

    def _about(self, kind: str, allow: frozenset[tuple[str, str]]) -> Iterator[Stored]:
        after: str | None = None
        while allow:
            page = self.kit.storage.find(Query(kind, limit=1000, after=after, allow=allow))
            yield from page.rows
            if (after := page.after) is None:
                return

    def _put_off(self, glass: str) -> bool:
        """Whether the person is told of a glass later; one that nobody can read may endanger them."""
        found = self._record(BreakGlass.kind, glass)
        if isinstance(found, BreakGlass):
            return found.kept_back(self.kit.clock.now())
        return found is not None

    def _quiet(self, recipient: str) -> bool:
        """Whether nothing is said of a recipient on this page; nothing of one that nobody can read."""
        found = None if self.everything else self._record(Recipient.kind, recipient)
        return found.discreet if isinstance(found, Recipient) else found is not None

    def _quiet_about(self, kind: str, record: Record | None) -> bool:
        if isinstance(record, Referral | Consent):
            return self._quiet(record.recipient)
        if kind in {Referral.kind, Consent.kind} and isinstance(record, Opaque):
            return not self.everything  # to whom it goes nobody knows
        return kind == DutyReport.kind and not self.everything

    def _basis(self, left: Disclosure) -> Message:
        if left.basis == "own":
            return _("you took it out yourself")
        if left.basis == "implied":
            return _("the program's rules for the circle of care, in version {version}", version=left.policy)
        if self._in_place(left.basis):
            return _("with the consent of somebody who may decide in your place")
        return _("with your consent")

    def _in_place(self, word: str) -> bool:
        """Whether a substitute said a word on sharing, and not the person."""
        found = self._record(Consent.kind, word)
        return isinstance(found, Consent) and found.in_place

    def _recipient(self, one: str) -> Message:
        if one == self.person:
            return _("You")
        found = self._record(Recipient.kind, one)
        return verbatim(found.name) if isinstance(found, Recipient) else _("Somebody")

    def _name(self, one: str) -> Message:
        """Who it was: a person may know the names of those who read about them, whatever else they read."""
        if one == self.person:
            return _("You")
        if one.startswith("system:"):
            return _("peerkit itself")
        if one not in self.names:
            found = self._record(Person.kind, one)
            self.names[one] = verbatim(found.name) if isinstance(found, Person) else _("Somebody")
        return self.names[one]

    def _record(self, kind: str, one: str) -> Any:
        return self.kit.heads.get(kind, one) if one else None


def _look(record: Record, entry: Entry) -> tuple[object, ...]:
    """What reads of one look have in common; empty for whatever is told line by line."""
    if not isinstance(record, Read) or entry.what != "read":
        return ()
    minute = entry.at.replace(second=0, microsecond=0)
    return (record.reader, record.of, record.why, minute)


def _thing(kind: str) -> Message:
    known_as = kind in DESCRIBED["", "yours"]
    return label("", "yours", kind) if known_as else _("your {kind}", kind=label("", "kind", kind))


def _things(kinds: Iterable[str]) -> Message:
    return listed([_thing(kind) for kind in dict.fromkeys(kinds)]) or _("something")

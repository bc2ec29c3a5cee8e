# SPDX-License-Identifier: Apache-2.0
"""A session: one actor, one commit. Reads see the session's own writes; acts are stored together
when the block ends, or not at all. The safety lane does not wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar, cast

import attrs

from peerkit import safety
from peerkit.codec import Opaque
from peerkit.errors import Conflict, Malformed, NotFound, Objection, Refused
from peerkit.hooks import Question
from peerkit.kit.agreeing import with_policy
from peerkit.kit.by_law import with_duty
from peerkit.kit.hiding import hidden
from peerkit.kit.page import Page
from peerkit.kit.replying import answerable
from peerkit.kit.steps import Staged, judge, stage
from peerkit.kit.suggesting import Suggestions, suggest
from peerkit.model import ids
from peerkit.model.actor import Actor
from peerkit.model.base import Record, Ref, ref
from peerkit.model.people import Person
from peerkit.model.reply import Reply
from peerkit.ports import Allow, Condition, Mark, Query, Stored
from peerkit.views import Sight, conditions_of, overlay, read_page

if TYPE_CHECKING:
    from peerkit.kit.committing import Receipt
    from peerkit.kit.kit import Kit
    from peerkit.model.program import Duty

R = TypeVar("R", bound=Record)
MOST = 1000


class Session:
    """Made by `kit.session(actor=…)`; a context manager. `receipt` is there once it has ended."""

    def __init__(
        self,
        kit: Kit,
        actor: Actor,
        *,
        ids_from: ids.IdSource,
        marks: tuple[Mark, ...] = (),
        replay: Mapping[str, int] | None = None,
    ) -> None:
        """`replay` is for a run that was done already: which versions it made, by id. Then nothing is
        committed or noted as refused; the records read as they were before them."""
        safety.load()
        self._replay = replay
        self.kit = kit
        self.actor = actor
        self.receipt: Receipt | None = None
        self._marks = marks
        self._ids = ids_from
        self._ids_in_use: AbstractContextManager[None] | None = None
        self._staged: list[Staged] = []
        self._heads: dict[str, Staged] = {}
        self._scopes: dict[type[Record], Allow] = {}
        self._state = "new"
        self._grants, self._since = kit.grants_since(actor)
        self._seen = self._grants  # by which it reads

    def __repr__(self) -> str:
        return f"<Session {self._state}, {len(self._staged)} staged>"

    # -- the block -------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        if self._state != "new":
            raise Malformed("a session is used once: open a new one", where="session")
        self._state = "open"
        self._ids_in_use = ids.using(self._ids)
        self._ids_in_use.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._state = "over"
        try:
            if kind is None and self._replay is None:
                self.receipt = self.kit.commit(
                    self.actor, self._staged, self._grants, self._marks, since=self._since
                )
        finally:
            if self._ids_in_use is not None:
                self._ids_in_use.__exit__(None, None, None)

    def _alive(self) -> None:
        if self._state != "open":
            raise Malformed("the session is not open: use it inside its with block", where="session")
        self.kit._own_process()

    # -- writing ---------------------------------------------------------------------------------

    def save(self, record: R) -> R:
        """The record at its next version, valid once the block has ended.

        Raises Refused with every objection that concerns this record alone, Conflict if it stands
        on a version that this session has already gone beyond, Malformed for what cannot be stored.
        """
        self._alive()
        if not isinstance(cast("object", record), Record):
            raise Malformed("save takes a record", where="save")
        if not isinstance(record, Opaque):
            self._known(type(record))
            record = with_duty(self.kit, with_policy(self.kit, record))
        objections = judge(
            record, self.actor, self._grants, self.kit.rights, self._is_person, authorized=self._stands_in
        )
        if objections:
            acts = tuple(a.name for a in record.trail.acts) if record.trail is not None else ()
            self._refuse(objections, [(record.kind, record.id, acts)])
        if isinstance(record, Reply) and not record.version:
            held = self._heads.get(record.about)
            if objections := answerable(self.kit, record, None if held is None else held.record):
                self._refuse(objections, [(record.kind, record.id, ("give",))])
        if record.kind == "course" and not record.version:
            from peerkit.training.assessing import ruled

            ruled(self.kit, record)
        staged = stage(record, self.actor, self.kit.codec, module=self.kit.module_of(record))
        held = self._heads.get(record.id)
        if held is not None and held.change.version != staged.change.expect:
            raise Conflict(
                f"{record.kind} {record.id} was saved in this session already: act on what save returned"
            )
        self._staged.append(staged)
        self._heads[record.id] = staged
        return cast("R", staged.record)

    def _refuse(self, objections: list[Objection], what: Sequence[Any]) -> NoReturn:
        if self._replay is None:
            self.kit.note_refusal(self.actor, objections, what)
        raise Refused(objections)

    def _is_person(self, id: str) -> bool:
        """Whether the program knows a person of this id, as of this session."""
        return isinstance(self.kit.heads.get(Person.kind, id), Person) or (
            (held := self._heads.get(id)) is not None and isinstance(held.record, Person)
        )

    def _stands_in(self, human: str, person: str, area: str) -> bool:
        """Whether somebody may decide in another's place, as of this session. The commit asks it again."""
        from peerkit.rules.authority import stands_in

        sight = Sight(self.kit.storage, self.kit.codec, self.kit.clock.now(), self._heads)
        return stands_in(sight, human, person, area)

    # -- reading ---------------------------------------------------------------------------------

    def _allow(self, kind: type[Record]) -> Allow:
        """The scope for a kind, compiled once: grants stay, but for those that end by the clock."""
        if (expires := self._seen.expires) is not None and expires <= self.kit.clock.now():
            self._seen = self.kit.grants(self.actor)
            self._scopes.clear()
        try:
            return self._scopes[kind]
        except KeyError:
            relation = kind.subject_fields[0] if kind.subject_fields else ""
            return self._scopes.setdefault(kind, self.kit.rights.allow(kind.kind, relation, self._seen))

    def _hides(self, stored: Stored) -> bool:
        return self.kit.rights.hides(stored.envelope, self._grants)

    def _log(self, kind: type[Record], rows: Sequence[Stored]) -> None:
        self.kit.log_read(self.actor, kind, rows, glass=self._seen.glass)

    def get(self, kind: type[R], id: Ref, at: datetime | int | None = None) -> R:
        """The record; with `at` (an aware instant or a feed position) as it was then.

        NotFound if it is not there for this actor, Malformed if its document cannot be read. Reads of
        sensitive kinds are logged first.
        """
        self._alive()
        self._known(kind)
        allow, wanted = self._allow(kind), ref(id)
        if not wanted:
            raise Malformed("a record or its id is needed", where="get")
        if at is not None:
            _moment(at)
            past = [v for v in self.history(kind, wanted) if _by(v, at)]
            if not past:
                raise NotFound(f"there is no {kind.kind} of that id at that time for this actor")
            if isinstance(past[-1], Opaque) and past[-1].fault:
                raise Malformed("the document cannot be read", where=f"{kind.kind} {wanted}")
            return past[-1]
        held = self._heads.get(wanted)
        if held is not None and held.record.kind == kind.kind:
            return cast("R", held.record)
        stored = self.kit.storage.get(kind.kind, wanted, allow=allow)
        if stored is not None and self._replay and wanted in self._replay:
            earlier = self.kit.storage.history(kind.kind, wanted, allow=allow)
            stored = next((v for v in earlier if v.envelope.version == self._replay[wanted] - 1), stored)
        if stored is None or stored.body is None or self._hides(stored):
            raise NotFound(f"there is no {kind.kind} of that id for this actor")
        self._log(kind, [stored])
        return cast("R", self.kit.codec.decode(stored))

    def find(
        self,
        kind: type[R],
        *conditions: Callable[[R], Any],
        order: str = "",
        limit: int = 100,
        after: str | None = None,
        **equal: Any,
    ) -> Page[R]:
        """A page of records by indexed fields: `s.find(Task, lambda t: t.due <= now, owner=me, order="due")`.

        `order` is an indexed field, `-` in front for descending; `limit` is 1 to 1000. A record that this
        peerkit cannot read (damaged, or written by a newer one) stands in its place as an `Opaque`. Refused
        if the actor has no right at all to read the kind, rather than an empty page.
        """
        self._alive()
        query = self._query(kind, conditions, equal, order=order, limit=limit, after=after)
        own = [one for one in self._heads.values() if one.record.kind == kind.kind]
        rows, found, behind = read_page(self.kit.storage, self.kit.codec, query, own)
        if hidden := {row.envelope.id for row in rows if self._hides(row)}:
            rows = [row for row in rows if row.envelope.id not in hidden]
            found = [record for record in found if record.id not in hidden]
        self._log(kind, rows)
        return Page(cast("tuple[R, ...]", tuple(found)), behind)

    def count(self, kind: type[R], *conditions: Callable[[R], Any], **equal: Any) -> int:
        """How many records `find` would give in all."""
        self._alive()
        query = self._query(kind, conditions, equal)
        stored = self.kit.storage.count(query) - len(hidden(self.kit, self._grants, kind, query))
        if not any(h.record.kind == kind.kind for h in self._heads.values()):
            return stored
        ours = overlay(self._heads.values(), kind.kind, query.conditions, query.allow)
        for one in self._heads.values():  # those already counted as stored
            if one.record.kind == kind.kind and one.change.expect:
                same = attrs.evolve(query, conditions=(*query.conditions, _is(one.record.id)))
                stored -= self.kit.storage.count(same)
        return stored + len(ours)

    def search(self, kind: type[R], words: str, *, limit: int = 20, **equal: Any) -> Page[R]:
        """Records of a public kind by words, best first, forgiving typing errors. Committed ones only."""
        self._alive()
        if not kind.searched:
            raise Malformed(f"{kind.kind} is not searched: only public texts are", where="search")
        if not isinstance(cast("object", words), str):
            raise Malformed("words to search for are a text", where="search.words")
        query = self._query(kind, (), equal, limit=limit)
        rows = self.kit.storage.search(words, query)
        self._log(kind, rows.rows)
        return Page(cast("tuple[R, ...]", tuple(self.kit.codec.read(one) for one in rows.rows)), rows.after)

    def history(self, kind: type[R], id: Ref) -> tuple[R, ...]:
        """Every committed version, oldest first. An erased one reads as `Opaque` without a body, and one that
        this peerkit cannot read as `Opaque` with its bytes."""
        self._alive()
        self._known(kind)
        stored = self.kit.storage.history(kind.kind, ref(id), allow=self._allow(kind))
        if not stored or self._hides(stored[-1]):
            raise NotFound(f"there is no {kind.kind} of that id for this actor")
        self._log(kind, stored)
        return cast("tuple[R, ...]", tuple(self.kit.codec.read(one) for one in stored))

    def due(self, *, limit: int = 100) -> Page[Any]:
        """What is due from this actor: open tasks by due time. Theirs, those of whoever they stand in for
        while that one is away (not what is due from that one in person), and those that lay too long with
        somebody else. Those without a due time come last."""
        from peerkit.kit.due import due

        return due(self, tuple(sorted(self._grants.reach("stand-in") or ())), limit)

    def duties(self) -> tuple[Duty, ...]:
        """What the law may ask of somebody in person here: the program's own duties and its region's, each
        with its source and date. peerkit never says that one arises. `DutyReport.consider` takes the code."""
        from peerkit.safety.next_steps import in_force

        self._alive()
        return in_force(self.kit.program)[1]

    def counts(self, first: date, last: date, *, own_use: bool = False, as_of: int | None = None) -> Any:
        """What a program reports of a period (both days included, in its zone), without anybody's name: a
        `peerkit.kit.counts.Counts`.

        For a coordinator, who sees counts and not content. No cell below five is shown, nor one that would
        give such a cell away; `own_use=True` shows them to a coordinator, for the program's own use and not
        to pass on, and is logged. `as_of` is a feed position (an earlier count's `position`): as the records
        were then. Committed records only. Refused for everybody else, Malformed for days that do not fit.
        """
        from peerkit.kit.counting import counts

        self._alive()
        return counts(self, first, last, own_use=own_use, as_of=as_of)

    def suggest(
        self,
        topic: str,
        *,
        about: Record | None = None,
        text: str = "",
        locale: str = "en",
        barriers: Iterable[str] = (),
    ) -> Suggestions:
        """What peerkit and the plugins suggest: `topic` is `match`, `goal`, `service` or `words`.

        Each comes with its reason and source, in the language of `locale`; none decides anything. A plugin
        that fails is left out, and the answer names it. `barriers` are codes of what is short
        (`peerkit.hooks.BARRIERS`), kept nowhere: goals then come in the version that does without. `words`
        looks at what is written *about* somebody, never at own words: not at what whoever holds no role
        beside others writes, or is meant by `about`; not in quotations, or own words in `about`.
        """
        self._alive()
        sight = Sight(self.kit.storage, self.kit.codec, self.kit.clock.now(), self._heads)
        question = Question(topic, sight, about, text, locale, barriers)
        return suggest(self.kit.plugins, question, self.actor, self._grants.roles)

    def match(self, *, limit: int = 300) -> Any:
        """Who could walk beside whom, for everybody who waits at once (`limit` of them, longest first).

        As many as there is room for are matched; each match has its reasons, and nothing is proposed by
        it: that is `Relationship.propose`. PluginError where the extra `matching` is not installed.
        """
        from peerkit.kit.matching import match

        self._alive()
        return match(self, limit)

    def _known(self, kind: type[Record]) -> None:
        if self.kit.codec.class_of(getattr(kind, "kind", "")) is not kind or not isinstance(kind, type):
            raise Malformed(
                "that is no kind of this kit; plugins must be loaded and accepted first", where="kind"
            )

    def _query(
        self,
        kind: type[R],
        conditions: Sequence[Callable[[R], Any]],
        equal: Mapping[str, Any],
        *,
        order: str = "",
        limit: int = 100,
        after: str | None = None,
    ) -> Query:
        self._known(kind)
        if not self.kit.rights.knows(kind.kind, self._grants):
            objection = Objection("no-right", f"this actor has no right to read {kind.kind}", kind.kind)
            self._refuse([objection], [])
        if type(limit) is not int or not 1 <= limit <= MOST:
            raise Malformed(f"limit is a number from 1 to {MOST}", where="find.limit")
        found = conditions_of(kind, conditions, equal)
        if order:
            conditions_of(kind, (), {order.lstrip("-"): None})
        return Query(kind.kind, found, order, limit, after, self._allow(kind))

    # -- the safety lane, which does not wait for this session ------------------------------------

    def screening(self, instrument: str, person: Ref | None = None, **details: Any) -> Any:
        """A screen with somebody: `.answer(item, value)` is durable at once. See `peerkit.safety`."""
        from peerkit.safety.screening import screening

        self._alive()
        return screening(self.kit, self.actor, instrument, person=person, **details)

    def acknowledge(self, alert: Ref, **details: Any) -> Any:
        """Say: I have seen this and take it. Starts the action deadline, which the kit sets."""
        from peerkit.safety import acknowledge

        self._alive()
        return acknowledge(self.kit, self.actor, ref(alert), **details)

    def respond(self, alert: Ref, act: str, **details: Any) -> Any:
        """Record what was done about an alert, or close it. See `peerkit.safety.respond`."""
        from peerkit.safety import respond

        self._alive()
        return respond(self.kit, self.actor, ref(alert), act, **details)


def _is(record_id: str) -> Condition:
    return Condition("id", "==", record_id)


def _moment(at: object) -> None:
    aware = isinstance(at, datetime) and at.tzinfo is not None
    if not aware and type(at) is not int:
        raise Malformed("at is an aware instant or a feed position", where="get.at")


def _by(version: Record, at: datetime | int) -> bool:
    envelope = version.trail.envelope if version.trail is not None else None
    if envelope is None:
        return False
    return bool(envelope.at <= at if isinstance(at, datetime) else envelope.position <= at)

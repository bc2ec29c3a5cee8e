# SPDX-License-Identifier: Apache-2.0
"""The kit: one opened program. `open` makes it, `session` and `run` change it, the rest asks it."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from peerkit._version import __version__
from peerkit.codec import Codec, Opaque
from peerkit.errors import Malformed, Objection, Refused, StorageError
from peerkit.hooks import Kind
from peerkit.kinds import core_kind, sensitive
from peerkit.kit import committing, links, running, writing
from peerkit.kit.alarms import Alarms
from peerkit.kit.committing import KIT, Receipt
from peerkit.kit.feed import Feed
from peerkit.kit.granted import Granted, table
from peerkit.kit.heads import Heads
from peerkit.kit.migrating import migrate
from peerkit.kit.privacy import Privacy
from peerkit.kit.session import Session
from peerkit.kit.steps import Staged
from peerkit.kit.writing import BLIND, Seen
from peerkit.model import ids
from peerkit.model.actor import Actor
from peerkit.model.base import Record, Ref, ref
from peerkit.paging import every
from peerkit.plugins import Plugins
from peerkit.ports import Clock, Committed, Condition, FeedPage, Mark, Query, Storage, Stored, Verdict
from peerkit.rights import Grants
from peerkit.safety.reading import named_about, shut_out

if TYPE_CHECKING:
    from peerkit.model.program import Appointment, Program

T = TypeVar("T")
_HEAD = re.compile(r"[0-9a-f]{64}", re.ASCII)
LOCK_SECONDS = 30


class Kit(Privacy, Alarms):
    """One opened program. Thread-safe; refuses use in a forked child; a context manager."""

    def __init__(self, storage: Storage, plugins: Plugins, clock: Clock, *, founded: bool) -> None:
        self._storage = storage
        self.plugins = plugins
        self.clock = clock
        self.feed = Feed(lambda: self.storage)
        self._pid = os.getpid()
        self._turn = threading.Lock()
        self._granted = Granted()
        self.ids = ids.ClockIds(clock.now)
        self._kinds = {
            kind.cls.kind: (record.name, record.version, kind) for record, kind in plugins.supplies(Kind)
        }
        self.codec = Codec(self._find_kind)
        self.heads = Heads(self.feed, lambda: self.storage, self.codec)
        for _, _, kind in self._kinds.values():
            for version, upcast in kind.upcasters.items():
                self.codec.add_upcaster(kind.cls.kind, version, upcast)
        self.rights = table(self, [(name, one) for name, _, one in self._kinds.values()], plugins.private)
        self._sensitive: dict[str, bool] = {}
        self._program: tuple[int, Program] | None = None
        self.doc_versions: tuple[int, dict[str, int]] | None = None
        self.unlogged: list[Record] = []
        """Reads that could not wait and whose log failed: written as soon as it works again."""
        self.sandbox_coordinator = ""
        self.first_coordinator = ""
        """The id of the coordinator whom founding made, if this opening founded the program."""
        if founded:
            self.safety_net()

    def __repr__(self) -> str:
        return f"<Kit {self._storage.capabilities.name}>"

    # -- kinds -----------------------------------------------------------------------------------

    def _find_kind(self, name: str) -> type[Record] | None:
        own = self._kinds.get(name)
        return core_kind(name) if own is None else own[2].cls

    def module_of(self, record: Record) -> tuple[str, str]:
        """The name and version of the module that makes this kind."""
        own = self._kinds.get(record.kind)
        return ("peerkit", __version__) if own is None else own[:2]

    @property
    def plugin_kinds(self) -> tuple[str, ...]:
        """The names of the kinds that plugins bring."""
        return tuple(self._kinds)

    # -- opening and closing ---------------------------------------------------------------------

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the store and the plugins back."""
        self.heads.clear()
        if os.getpid() == self._pid:
            self.beat()
            self._storage.close()
        self.plugins.close()

    @property
    def storage(self) -> Storage:
        """The store. StorageError in a child process of a fork: a connection must not be shared."""
        self._own_process()
        return self._storage

    def _own_process(self) -> None:
        if os.getpid() != self._pid:
            raise StorageError("this kit was opened before a fork: open one in each worker process")

    @property
    def program(self) -> Program:
        """The program's settings as they stand now."""
        from peerkit.model.program import Program

        self.feed.look()
        position = self.feed.last(("program",))
        if self._program is None or self._program[0] != position:
            rows = self.storage.find(Query("program", limit=1)).rows
            if not rows:
                raise StorageError("the store holds no program: found it with settings=, or `peerkit init`")
            found = self.codec.decode(rows[0])
            if not isinstance(found, Program):
                raise StorageError("the program's settings were written by a newer peerkit: update peerkit")
            self._program = (position, found)
        return self._program[1]

    def safety_net(self) -> None:
        """Keep in memory what `UnsavedScreen` needs should the store fail later."""
        from peerkit.safety.net import Net

        self.net = Net.read(self)

    # -- acting ----------------------------------------------------------------------------------

    def session(self, actor: Actor | Ref | None = None) -> Session:
        """A block in which one actor reads and acts; its acts are one commit.

        `actor` may be a `Person` (they act for themselves, vouched for by the host), an id, or an
        `Actor`. In a sandbox it may be left out: then it is the fictional coordinator.
        """
        return Session(self, self._actor(actor), ids_from=self.ids)

    def _actor(self, actor: Actor | Ref | None) -> Actor:
        if actor is None:
            if not self.sandbox_coordinator:
                raise Malformed(
                    "a session needs an actor (only a sandbox has one of its own)", where="session.actor"
                )
            return Actor(self.sandbox_coordinator, via="sandbox")
        found = Actor.of(actor)
        if found.role and not found.is_system and found.role not in self.rights.roles:
            raise Malformed(f"a role is one of {', '.join(sorted(self.rights.roles))}", where="actor.role")
        return found

    def run(
        self,
        fn: Callable[[Session], T],
        *,
        actor: Actor | Ref | None = None,
        key: str | None = None,
        retries: int = 3,
    ) -> Receipt:
        """Run `fn(session)` and commit; on Conflict read and decide anew, up to `retries` times.

        With `key` the work is done once: the key is looked up before `fn` runs, and a second call with it
        returns the first receipt (`replayed`). Ids made inside derive from the key.

        A key holds back nothing from the safety lane. `fn` runs again under a used key, with nothing that
        it saves written and nothing raised that is not legal any more, so that a screen or concern in it is
        heard: the same within the hour is not doubled; anything else is stored, and Malformed (at
        `run.key`) says that the key was used for two things. So `fn` does nothing outside of its session.
        """
        return running.run(self, fn, actor=self._actor(actor), key=key, retries=retries)

    async def arun(
        self,
        fn: Callable[[Session], T],
        *,
        actor: Actor | Ref | None = None,
        key: str | None = None,
        retries: int = 3,
    ) -> Receipt:
        """`run` for async hosts, in a thread of its own; `fn` stays an ordinary function."""
        import asyncio  # sixty modules that only async hosts need, and they have them

        return await asyncio.to_thread(self.run, fn, actor=actor, key=key, retries=retries)

    def tick(self, limit: int = 1000) -> int:
        """Let time act: what expired, lies too long or is to be asked after; how many records that wrote.

        `deliver` does it. It stops when nothing more is due, or behind `limit` records. Reading waits for
        none of it: what lapsed by the clock reads as lapsed at once.
        """
        from peerkit.kit.ticking import tick

        return tick(self, limit)

    # -- writing ---------------------------------------------------------------------------------

    def commit(
        self, actor: Actor, staged: Sequence[Staged], grants: Grants, marks: tuple[Mark, ...], *, since: int
    ) -> Receipt:
        """The last three of the five steps, for a session that ends. Commits of one process queue.

        `since` is the feed's position that the session and its grants began at.
        """
        if not staged and not marks:
            position = self.feed.look()
            return Receipt(position, position, None, "", warnings=self.warnings(looked=True))
        try:
            return self.in_turn(lambda: committing.commit(self, actor, staged, grants, marks, since=since))
        except Refused as refused:
            what = [(s.change.kind, s.change.id, tuple(a.name for a in s.change.acts)) for s in staged]
            self.note_refusal(actor, refused.objections, what)
            raise

    def in_turn(self, work: Callable[[], T]) -> T:
        """Do it when the other commits of this process are done, so that broad checks don't thrash."""
        if not self._turn.acquire(timeout=LOCK_SECONDS):
            raise StorageError(
                f"other commits of this process held the line for {LOCK_SECONDS} seconds: try again"
            )
        try:
            return work()
        finally:
            self._turn.release()

    def write(
        self, records: Iterable[Record], *, actor: Actor = KIT, marks: Iterable[Mark] = (), seen: Seen = BLIND
    ) -> Committed:
        """Write records in a transaction of their own, without responders and checks.

        For the safety lane and for what the kit writes itself (reads, refusals, disclosures). Never
        waits for other sessions. Conflict if a record was changed meanwhile, or something that was `seen`.
        """
        return writing.write(self, records, actor=actor, marks=marks, seen=seen)

    def write_new(self, make: Callable[[], Record]) -> Committed:
        """Make one record with an id from the kit's clock, and write it."""
        return self.write([self.new(make)])

    def new(self, make: Callable[[], T]) -> T:
        """Make records with ids from the kit's clock, outside a session."""
        with ids.using(self.ids):
            return make()

    # -- rights and logs -------------------------------------------------------------------------

    def grants(self, actor: Actor) -> Grants:
        """The actor's roles now; read again when a relationship, office, leave or concern changed."""
        return self.grants_since(actor)[0]

    def grants_since(self, actor: Actor) -> tuple[Grants, int]:
        """The actor's roles now, and where the feed stood before they were looked at."""
        return self._granted.since(self, actor)

    def _heads_of(
        self, kind: str, *where: Condition, about: tuple[str, str] | None = None, **equal: str
    ) -> list[Any]:
        """Every head of a kind with these index values, for rights and routes; `about` narrows it to those
        with this subject (relation and id), which costs what there is of those. What cannot be read comes
        as an `Opaque`: whoever asks decides what that means, and none of it raises."""
        conditions = (*where, *(Condition(name, "==", value) for name, value in equal.items()))
        allow = None if about is None else frozenset((about,))
        rows = every(self.storage, Query(kind, conditions, allow=allow))
        return [self.codec.read(one) for one in rows if one.body is not None]

    def _find_all(self, kind: str, *, about: tuple[str, str] | None = None, **equal: str) -> list[Any]:
        """Those of `_heads_of` that can be read."""
        return [one for one in self._heads_of(kind, about=about, **equal) if one.kind == kind]

    def log_read(
        self,
        actor: Actor,
        kind: type[Record],
        stored: Sequence[Stored],
        why: str = "",
        *,
        glass: Mapping[str, str] | None = None,
        urgent: bool = False,
    ) -> None:
        """Write a `Read` of these rows before they are returned, if the kind is sensitive or unknown; and of
        whatever is read behind a broken `glass` (whose, and its id). Behind that, and where it is `urgent`, a
        log that fails refuses nothing: the `Read` is written once it works.

        A host's own system actor is logged by its name; the kit itself reads below sessions, unlogged.
        """
        if not stored:
            return
        if glass:
            stored = committing.log_broken(self, actor, kind, stored, glass)
            if not stored:
                return
        if kind.kind not in self._sensitive:  # what is opaque nobody here knows
            self._sensitive[kind.kind] = kind is Opaque or sensitive(kind)
        if self._sensitive[kind.kind]:
            committing.log_read(self, actor, kind, stored, why, urgent=urgent)

    def note_refusal(
        self, actor: Actor, objections: Sequence[Objection], what: Sequence[committing.Touched]
    ) -> None:
        """One row without content for a refused commit, in its own transaction."""
        committing.note_refusal(self, actor, objections, what)

    def whose(self, what: str, person: str = "", *, but: frozenset[str] = frozenset()) -> str:
        """Who gets a task of this sort: a coordinator in office, else who is on call. Never one of `but`, or
        whom an open concern about `person` names; rather one behind a wall, or the person, than nobody."""
        named = named_about(self, person) | but
        whom = self.in_office(but=named | shut_out(self, person)) or self.in_office(but=named)
        if not whom:
            raise StorageError(f"nobody in office may take a task about {what}: appoint another coordinator")
        return whom

    def next_coordinator(self, person: Ref) -> Appointment:
        """Whoever runs the program names its next coordinator, when it has none: the last one died, left, or
        their time is over. Like the first one it is nobody's decision in the program, and the log shows it as
        `init`'s. Refused while there is a coordinator in office (`in-office`), and for somebody who is not
        here (`not-here`); NotFound for nobody."""
        from peerkit.kit.founding import next_coordinator

        return next_coordinator(self, ref(person))

    def in_office(self, *roles: str, but: frozenset[str] = frozenset()) -> str:
        """A coordinator in office, else whoever is on call (or one of these roles, in their order), `but` for
        some; empty if there is none, as `health` says."""
        now = self.clock.now()
        for role in roles or ("coordinator", "on-call"):
            for held in self._find_all("appointment", role=role, state="held"):
                if held.in_effect(now) and held.person not in but:
                    return str(held.person)
        return ""

    # -- links from a host's users ----------------------------------------------------------------

    def link(self, issuer: str, subject: str, person: Ref, *, actor: Actor | None = None) -> None:
        """The host vouches: this user of its (issuer and subject) is this person.

        `actor` is who says so, where that is somebody of the program: a coordinator, and the person's own
        log tells of it. Refused if the user is linked to somebody else already.
        """
        links.link(self, issuer, subject, ref(person), actor)

    def unlink(self, issuer: str, subject: str, *, actor: Actor | None = None) -> None:
        """This user of the host's is nobody here any more; NotFound if they were not, Conflict if
        another changed it meanwhile. `actor` as in `link`, or the person themself."""
        links.unlink(self, issuer, subject, actor)

    def actor_for(self, issuer: str, subject: str) -> Actor:
        """The actor for a host's user; NotFound if nobody linked them."""
        return links.actor_for(self, issuer, subject)

    # -- the feed, proof -------------------------------------------------------------------------

    def changes(self, after: str | None = None, limit: int = 100) -> FeedPage:
        """Envelopes of the feed behind a cursor; never bodies.

        StorageError for a cursor of another feed, or of what was lost since with a restored backup: start
        from None.
        """
        if type(limit) is not int:
            raise Malformed("limit is a whole number", where="changes.limit")
        return self.storage.changes(after, limit)

    def verify(self, head: str | None = None) -> Verdict:
        """Whether anything was changed outside peerkit; with a kept `head`, also before it.

        Malformed for a head that is none (64 hexadecimal digits): that is no proof of anything.
        """
        given: object = head  # whatever was typed
        if given is not None and not (isinstance(given, str) and _HEAD.fullmatch(given)):
            raise Malformed("a head of the chain has 64 hexadecimal digits", where="verify.head")
        return self.storage.verify(head)

    def migrate(self, limit: int = 1000) -> int:
        """Rewrite index rows that older code made, up to `limit` of them; how many were rewritten.

        Resumable: call it until it gives less than `limit`. Then this code may write its kinds again.
        """
        return migrate(self, limit)

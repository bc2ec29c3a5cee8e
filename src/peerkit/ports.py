# SPDX-License-Identifier: Apache-2.0
"""The ports: what peerkit asks of a storage, a notifier, an exporter and a clock, and the values
that pass through them. A port is called directly; a plugin supplies the object behind it.

The clauses that every storage keeps stand in `docs/reference/storage-port.md` and are run by
`peerkit.testing.StorageConformance`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import attrs

from peerkit.cursors import cursor as cursor  # noqa: PLC0414  # a storage's author finds them here
from peerkit.cursors import feed_position as feed_position  # noqa: PLC0414
from peerkit.cursors import read_cursor as read_cursor  # noqa: PLC0414

API = 1
"""The version of the storage port. A storage says which one it speaks in its capabilities."""


class Clock(Protocol):
    """The one source of time. Tests pass a `TimeMachine`. One that has a `machine`, a text, says by it whose
    clock it is; else it is that of the machine on which the process runs, by its name in the network."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


# -- what is written -------------------------------------------------------------------------------


@attrs.frozen
class ActLine:
    """What an envelope says of an act: its name, who decided, how, and how strongly; and in whose place,
    where a substitute decided. No free text."""

    name: str
    decided_by: str = ""
    how: str = ""
    strength: int = 0
    on_behalf_of: str = ""


@attrs.frozen
class Change:
    """One new version of one record, on its way to a storage.

    `expect` is the version that it was made on (0: new); `body` the document's own bytes; `args`
    the acts' arguments (body too); `idx` the projection that conditions and order may use; `text`
    what full-text search finds it by (public kinds only).
    """

    kind: str
    id: str
    expect: int
    doc_version: int
    subjects: tuple[tuple[str, str], ...]
    acts: tuple[ActLine, ...]
    actor: str
    body: bytes = attrs.field(repr=False)
    role: str = ""
    via: str = ""
    args: bytes = attrs.field(default=b"{}", repr=False)
    idx: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    text: str = attrs.field(default="", repr=False)
    module: str = "peerkit"
    module_version: str = ""

    @property
    def version(self) -> int:
        """The version that this change makes."""
        return self.expect + 1


@attrs.frozen
class Mark:
    """A named value in the compare-and-set register (cursor, heartbeat, lease, key).

    `value` None deletes it. It is set only if the present value is `expect`; with `expect=ANY`
    whatever stands there.
    """

    name: str
    value: str | None
    expect: str | None = None


ANY = "\0any"
"""For `Mark.expect`: set it whatever stands there."""


@attrs.frozen
class Batch:
    """What one commit writes, all or nothing: changes in their order, and marks beside the feed."""

    changes: tuple[Change, ...]
    at: datetime
    marks: tuple[Mark, ...] = ()


Reads = frozenset[tuple[str, str]]
"""What checks read: pairs of kind and subject (empty: any subject of that kind). A record's own id
counts as one of its subjects here, so that reading one record guards that record."""


@attrs.frozen
class Committed:
    """Where a commit stands in the feed: first and last position, instant, and the chain's head."""

    first: int
    last: int
    at: datetime
    head: str


# -- what is read ----------------------------------------------------------------------------------


@attrs.frozen
class Envelope:
    """All that is known of a version without its body; it outlives the plugin that wrote it."""

    position: int
    id: str
    kind: str
    version: int
    doc_version: int
    subjects: tuple[tuple[str, str], ...]
    at: datetime
    actor: str
    acts: tuple[ActLine, ...]
    role: str = ""
    via: str = ""
    module: str = "peerkit"
    module_version: str = ""
    commitment: str = ""
    """Hex of H(salt ‖ body): what the chain covers of the body."""


@attrs.frozen
class Stored:
    """A version as stored. `body` and `args` are None once erased."""

    envelope: Envelope
    body: bytes | None = attrs.field(repr=False)
    args: bytes | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Condition:
    """A condition on an indexed field, or on `id`: `op` is one of `== != < <= > >= in has`.

    `in`: the field is one of the values; `has`: a field with several values holds this one."""

    field: str
    op: str
    value: Any = attrs.field(repr=False)


Allow = frozenset[tuple[str, str]] | None
"""Which records of a kind an actor may see: None for all, else pairs (relation, subject)."""


@attrs.frozen
class Query:
    """A page of one kind: conditions, order (`-` in front: descending), how many, and after what.

    `allow` is the compiled scope of the actor for this kind; a storage applies it in every read.
    """

    kind: str
    conditions: tuple[Condition, ...] = ()
    order: str = ""
    limit: int = 100
    after: str | None = None
    allow: Allow = None


@attrs.frozen
class Rows:
    """A page of stored versions, and the cursor that goes on behind it (None at the end)."""

    rows: tuple[Stored, ...]
    after: str | None = None


@attrs.frozen
class FeedPage:
    """A page of the feed: envelopes in commit order, and the cursor behind the last of them.

    Nothing ever appears at or below a cursor that was given out. The cursor is always set; `more`
    says whether the page was full.
    """

    envelopes: tuple[Envelope, ...]
    cursor: str
    more: bool = False


@attrs.frozen
class Verdict:
    """What `verify` found. `intact` is False if anything was changed outside peerkit."""

    intact: bool
    positions: int
    erased: int
    head: str
    anchored: bool
    """Whether a kept head was given and found: without one the file only agrees with itself."""
    problems: tuple[str, ...] = ()


@attrs.frozen
class Erased:
    """What an erasure did. `pending` when a reader still holds the old pages of the file."""

    versions: int
    pending: bool = False


@attrs.frozen
class Capabilities:
    """What a storage can do beyond the mandatory clauses, as data for host and tests alike."""

    name: str
    api: int = API
    durable: bool = False
    """Commits survive the process."""
    shared: bool = False
    """Several processes may open it at once."""
    joins_host_transaction: bool = False
    real_notifiers: bool = True
    """Whether real people may be notified from it (the memory storage refuses)."""


@runtime_checkable
class Compacting(Protocol):
    """What a storage has beside `Storage` if an erasure may answer `pending`: old pages that still hold
    copies. `deliver` tries to finish it, `health` says what it waits for, `kit.compact` does it whole."""

    def unfinished(self) -> str:
        """What an erasure still waits for, in any process: `reader` (somebody reads an old view), `size`
        (too large to be finished while others wait), or an empty text: nothing is pending."""
        ...

    def compact(self, *, however_large: bool = True) -> bool:
        """Finish it; writers wait meanwhile. Without `however_large` only what takes a moment. False if
        something is still held."""
        ...


@runtime_checkable
class Storage(Protocol):
    """Where records, history, feed and marks live. Thread-safe; returns pages, never generators."""

    capabilities: Capabilities

    @property
    def incarnation(self) -> str:
        """Random name of this feed, as it stands now. A cursor of another incarnation is refused."""
        ...

    def renew(self) -> str:
        """Begin a new incarnation, and give its name: every cursor given out before is refused from now on,
        by whoever has the store open. For a store of which a part was lost, so that what takes the places of
        the lost changes is not passed over by somebody who has read those."""
        ...

    def commit(self, batch: Batch, *, unless: Reads = frozenset(), after: int = 0) -> Committed:
        """Write the batch in one transaction.

        Conflict if a record's head is not at `expect`, if a mark's value is not `expect`, or (with
        `guard=True`) if a change above position `after` touches what `unless` names: its kind with
        any subject, with one of its subjects, or with its own id. Nothing is written then. One
        batch may hold several versions of one record. `at` is raised to the last commit's instant
        if it is behind it: time in the feed never runs backwards.
        """
        ...

    def ensure_indexes(self, wanted: Mapping[str, Sequence[str]]) -> None:
        """Make finds on these fields of all records of a kind fast: field names by kind, several for
        one index joined by a blank (`"state due"`). Cheap where they are there; no answer changes."""
        ...

    def get(self, kind: str, id: str, *, allow: Allow = None) -> Stored | None:
        """The head version, or None if it is not there for this scope."""
        ...

    def find(self, query: Query) -> Rows:
        """A page of head versions."""
        ...

    def count(self, query: Query) -> int:
        """How many head versions match; order, limit and after do not count."""
        ...

    def search(self, words: str, query: Query) -> Rows:
        """Head versions of a public kind found by words, best first, forgiving typing errors."""
        ...

    def history(self, kind: str, id: str, *, allow: Allow = None) -> tuple[Stored, ...]:
        """Every version, oldest first."""
        ...

    def changes(self, after: str | None = None, limit: int = 100) -> FeedPage:
        """Envelopes of the feed behind a cursor (None: from the start)."""
        ...

    def position(self, kinds: Sequence[str] = ()) -> int:
        """The last position of the feed, or of these kinds in it."""
        ...

    def mark(self, name: str, value: str | None, *, expect: str | None = ANY) -> bool:
        """Set one mark by compare-and-set; False if another value stands there."""
        ...

    def marks(self, prefix: str = "") -> Mapping[str, str]:
        """The marks whose names start with the prefix."""
        ...

    def erase(self, ids: Iterable[str], redaction: Batch) -> Erased:
        """Remove body, salt and arguments of every version of these records, with their index and
        search rows, in one transaction with the redaction that names them."""
        ...

    def verify(self, head: str | None = None) -> Verdict:
        """Walk the chain and say whether anything was changed outside peerkit."""
        ...

    def load(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Write history as it was (from `dump`) into an empty storage; how many rows."""
        ...

    def dump(self, after: int = 0, limit: int = 1000) -> tuple[Mapping[str, Any], ...]:
        """Rows of the feed whole (envelope, salt, body, args, seal, link), for `load`."""
        ...

    def migrate(self, reindex: Any, limit: int = 1000) -> int:
        """Rewrite index projections made by older code, resumably; how many rows were rewritten.

        `reindex(stored)` gives the new `(doc_version, idx, text)` or None to leave the row."""
        ...

    def snapshot(self, path: str) -> None:
        """Write a consistent copy to a new file."""
        ...

    def close(self) -> None:
        """Give everything back. Further calls raise StorageError."""
        ...


@attrs.frozen
class Message:
    """What a notifier is handed: where to send, and the content-free or consented text."""

    to: str = attrs.field(repr=False)
    subject: str = attrs.field(repr=False)
    text: str = attrs.field(repr=False)
    reference: str = ""
    urgent: bool = False


class Notifier(Protocol):
    """Sends one message over one channel. Raises on failure; returning means *handed over*."""

    name: str
    real: bool
    """Whether it reaches real people (the memory storage refuses those)."""

    def send(self, message: Message) -> None:
        """Hand the message over within a few seconds, or raise."""
        ...


class Exporter(Protocol):
    """Turns what the gate lets out into bytes of some format."""

    name: str

    def export(self, pages: Iterable[Sequence[Mapping[str, Any]]]) -> Iterable[bytes]:
        """The format's bytes, page by page. It must drop what a redaction names."""
        ...


# -- cursors ---------------------------------------------------------------------------------------

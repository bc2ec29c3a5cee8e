# SPDX-License-Identifier: Apache-2.0
"""What is known of a plugin, and the narrowing of what it is handed to the access it declared.

An installed plugin is trusted code: this keeps an honest one to its word, and shows a reviewer what it
can reach through the hooks. It is no sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypeVar, overload

import attrs

from peerkit.errors import Conflict, StorageError
from peerkit.hooks import Access, Page, Proposal, Proposed, Question, View
from peerkit.hooks.packs import PackRecord
from peerkit.kinds import OWN_ONLY
from peerkit.model.base import Record
from peerkit.plugins.faults import Misused
from peerkit.plugins.finding import label
from peerkit.texts import Message, _, joined, listed

R = TypeVar("R", bound=Record)

Status: TypeAlias = Literal["loaded", "failed", "proposed", "blocked"]
Origin: TypeAlias = Literal["built-in", "given", "found"]

EVERY = "*"
REDACTION = "redaction"
"""The kind that says what was erased. Every observer sees it, whatever it reads."""
_NOTHING = Access()
_STORES = (StorageError, Conflict)


def _readable(plugin: PluginRecord) -> frozenset[str]:
    return (plugin.access or _NOTHING).reads | frozenset(plugin.kinds)


def _writable(plugin: PluginRecord) -> frozenset[str]:
    return (plugin.access or _NOTHING).writes | frozenset(plugin.kinds)


@attrs.frozen
class PluginRecord:
    """One plugin as `kit.plugins` lists it.

    `name` is its entry point's, `dist` and `version` the distribution's (both empty for an object that
    was given and has none). `status`: `loaded` takes part; `failed` could not be loaded, `error` says
    why; `proposed` waits to be accepted, and is not imported (or, where a newer version wants more
    access, its hooks are not called); `blocked` was switched off before its import.

    `hooks` are the hooks that it implements. `configured` says that the program counts on it: built
    in, given or accepted, so its failing is no side matter. `access` is what it declared, and `kinds`
    are the record kinds of its own, which it reads and writes without declaring them; `private` those of
    them that no other plugin reads. `pack` says what a pack holds, where it is one that could be read.
    """

    name: str
    dist: str
    version: str
    status: Status
    hooks: tuple[str, ...] = ()
    error: str = ""
    configured: bool = False
    access: Access | None = None
    origin: Origin = "found"
    kinds: tuple[str, ...] = ()
    pack: PackRecord | None = attrs.field(default=None, repr=False)
    private: tuple[str, ...] = ()
    _shut: frozenset[str] = attrs.field(default=OWN_ONLY, repr=False, eq=False)
    _reads: frozenset[str] = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_readable, takes_self=True)
    )
    _writes: frozenset[str] = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_writable, takes_self=True)
    )

    @property
    def label(self) -> Message:
        """Name, version and distribution, for sentences: `garden 1.2 (peerkit-garden)`."""
        return label(self.name, self.version, self.dist)

    def reads(self, kind: str) -> bool:
        """Whether the plugin declared that it reads this kind. What only its author reads, none does, and a
        private kind only the plugin whose it is."""
        if kind in self._shut and self.origin != "built-in":
            return False
        return kind in self._reads or EVERY in self._reads

    def without(self, private: frozenset[str]) -> PluginRecord:
        """The same plugin, which reads none of these kinds but its own."""
        return attrs.evolve(self, shut=private - frozenset(self.kinds))

    @property
    def worries(self) -> bool:
        """Whether the plugin declared that it may raise an alarm."""
        return self.access is not None and self.access.worries

    def writes(self, kind: str) -> bool:
        """Whether the plugin declared that it writes this kind."""
        return kind in self._writes or EVERY in self._writes


class LimitedView:
    """A view that answers for declared kinds only.

    It remembers in `fault` the last undeclared read, and the last error of the store's: so a failing
    store is told from a failing plugin, and a plugin that swallows either cannot pass for one that
    agreed. Whatever else rises in it (a condition that does not fit, say) is the plugin's own.
    """

    __slots__ = ("_plugin", "_view", "fault")

    def __init__(self, view: View, plugin: PluginRecord) -> None:
        self._view = view
        self._plugin = plugin
        self.fault: BaseException | None = None

    @property
    def now(self) -> datetime:
        """The kit's time."""
        return self._view.now

    def get(self, kind: type[R], id: str) -> R | None:
        """The record, as `View.get`; PluginError for a kind that the plugin does not declare."""
        self.allow(kind)
        try:
            return self._view.get(kind, id)
        except _STORES as error:
            self.fault = error
            raise

    def find(
        self, kind: type[R], *conditions: Callable[[Any], Any], subject: str = "", **equal: Any
    ) -> Sequence[R]:
        """The records, as `View.find`; PluginError for a kind that the plugin does not declare."""
        self.allow(kind)
        try:
            return self._view.find(kind, *conditions, subject=subject, **equal)
        except _STORES as error:
            self.fault = error
            raise

    def allow(self, kind: type[Record]) -> None:
        """PluginError, naming plugin and kind, unless the plugin declared that it reads the kind."""
        name = getattr(kind, "kind", None)
        if not isinstance(name, str):
            self.fault = Misused(self._plugin.label, "asks the view for something that is no record kind")
            raise self.fault
        if not self._plugin.reads(name):
            told = f"reads {name or 'every kind'}, which " + (
                "nobody but its author reads"
                if name in OWN_ONLY
                else "is another plugin's private kind"
                if name in self._plugin._shut
                else "its Access does not declare: add it to Access(reads=…)"
            )
            self.fault = Misused(self._plugin.label, told)
            raise self.fault


def limit(view: View, plugin: PluginRecord) -> LimitedView:
    """The view as the plugin may see it: reading another kind than it declared is a PluginError."""
    return LimitedView(view, plugin)


class _NarrowProposal(Proposal):
    """A proposal without the versions of other kinds, cut when somebody looks.

    Most hooks ignore most commits, so making one costs next to nothing. Asking `of` for a kind that
    was not declared is an error: a check that silently sees nothing lets everything pass.
    """

    __slots__ = ("_changes", "_classes", "_new", "_plugin", "_view", "_whole")
    _changes: tuple[Proposed, ...]
    _classes: frozenset[type]
    _new: tuple[Proposed, ...]
    _plugin: PluginRecord
    _view: LimitedView | None
    _whole: Proposal

    def __init__(self, whole: Proposal, plugin: PluginRecord) -> None:
        object.__setattr__(self, "_whole", whole)  # frozen, as its parent is
        object.__setattr__(self, "_plugin", plugin)
        object.__setattr__(self, "_view", None)

    @property
    def actor(self) -> str:
        return self._whole.actor

    @property
    def tick(self) -> bool:
        return self._whole.tick

    @property
    def view(self) -> LimitedView:
        if self._view is not None:
            return self._view
        made = LimitedView(self._whole.view, self._plugin)
        object.__setattr__(self, "_view", made)
        return made

    @property
    def changes(self) -> tuple[Proposed, ...]:
        try:
            return self._changes
        except AttributeError:
            object.__setattr__(self, "_changes", _seen(self._whole.changes, self._plugin))
            return self._changes

    @property
    def new(self) -> tuple[Proposed, ...]:
        try:
            return self._new
        except AttributeError:
            object.__setattr__(self, "_new", _seen(self._whole.new, self._plugin))
            return self._new

    def of(self, kind: type[R], *acts: str) -> Iterable[tuple[R, Proposed]]:
        if kind is not Record and (EVERY not in self._plugin._reads or kind.kind in self._plugin._shut):
            self.view.allow(kind)
        try:
            classes = self._classes
        except AttributeError:
            classes = frozenset(cls for change in self.new for cls in type(change.record).__mro__)
            object.__setattr__(self, "_classes", classes)
        if kind not in classes and isinstance(kind, type):
            return ()  # most questions of most rules: they ask for kinds by the dozen
        return Proposal.of(self, kind, *acts)


def fault_in(what: Proposal | Question) -> BaseException | None:
    """`LimitedView.fault` of the view that a hook was handed; None if nothing rose."""
    view = what._view if isinstance(what, _NarrowProposal) else what.view
    return view.fault if isinstance(view, LimitedView) else None


@overload
def narrow(what: Proposal, plugin: PluginRecord) -> Proposal: ...
@overload
def narrow(what: Question, plugin: PluginRecord) -> Question: ...
@overload
def narrow(what: Page, plugin: PluginRecord) -> Page: ...
def narrow(what: Proposal | Question | Page, plugin: PluginRecord) -> Proposal | Question | Page:
    """What a hook is handed, cut to the kinds that this plugin declared, its view limited likewise.

    A proposal keeps the versions of those kinds, a question its `about` if it is of one, and a page
    their envelopes and every redaction.
    """
    if isinstance(what, Proposal):
        return _NarrowProposal(what, plugin)
    if isinstance(what, Question):
        about = what.about if what.about is not None and plugin.reads(what.about.kind) else None
        return attrs.evolve(what, view=LimitedView(what.view, plugin), about=about)
    seen = tuple(e for e in what.envelopes if e.kind == REDACTION or plugin.reads(e.kind))
    return attrs.evolve(what, envelopes=seen)


def _seen(changes: tuple[Proposed, ...], plugin: PluginRecord) -> tuple[Proposed, ...]:
    if EVERY in plugin._reads and plugin.origin == "built-in":
        return changes
    return tuple([change for change in changes if plugin.reads(change.record.kind)])


def check_writes(plugin: PluginRecord, records: Iterable[Record]) -> None:
    """PluginError, naming plugin and kind, for a record that this plugin may not answer with.

    That is one of a kind that it did not declare it writes, and one that only peerkit itself writes, or
    changes like that.
    """
    for record in records:
        if not plugin.writes(record.kind):
            told = (
                f"answers with {record.kind}, which its Access does not declare: add it to Access(writes=…)"
            )
            raise Misused(plugin.label, told)
        if plugin.origin != "built-in" and (record.lane or record.kit_only):
            raise Misused(plugin.label, f"answers with {record.kind}, which only peerkit itself writes")
        acts = record.trail.acts if record.trail is not None else ()
        for act in acts if plugin.origin != "built-in" else ():
            if "kit" in record.table[act.name].who:
                told = f"answers with {record.kind}.{act.name}, which only peerkit itself does"
                raise Misused(plugin.label, told)


def widened(before: Access, after: Access) -> Message | None:
    """What `after` allows beyond `before`, in words; None if nothing."""
    told: list[Message] = []
    if reads := _more(before.reads, after.reads):
        told.append(_("reads {kinds}", kinds=reads))
    if writes := _more(before.writes, after.writes):
        told.append(_("writes {kinds}", kinds=writes))
    if after.worries and not before.worries:
        told.append(_("raises alarms"))
    return listed(told) if told else None


def _more(old: frozenset[str], new: frozenset[str]) -> Message | str:
    kinds = sorted(new - old) if EVERY not in old else []
    return joined((_("every kind") if kind == EVERY else kind for kind in kinds), ", ")

# SPDX-License-Identifier: Apache-2.0
"""`kit.plugins`: the list of plugins, their supplies, and the calls of their hooks.

Each plugin is called for itself, so that one that raises stops no other and is named. What is called
is worked out once, at the load: a commit pays for a loop over functions, not for pluggy's.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any, TypeAlias, TypeVar, overload

import attrs

from peerkit.errors import Objection, PluginError, StorageError
from peerkit.hooks import Access, Page, Proposal, Question, StorageBackend, Suggestion, View, Worry
from peerkit.kinds import OWN_ONLY
from peerkit.model.base import Record
from peerkit.plugins import describing, faults
from peerkit.plugins.access import EVERY, PluginRecord, check_writes, fault_in, limit, narrow
from peerkit.plugins.finding import Switches, canonical
from peerkit.plugins.given import worries_of
from peerkit.plugins.loading import Accepted, Entry, Loader, used
from peerkit.texts import _
from peerkit.texts.catalogue import Labels, Texts, for_locale
from peerkit.texts.labels import label

S = TypeVar("S")
T = TypeVar("T")
Observer: TypeAlias = Callable[[Page, View, list[Worry]], None]
"""Gives one plugin a page and a view, and adds the worries that it gives back to the list as they come."""
_Calls: TypeAlias = tuple[tuple[PluginRecord, Callable[..., Any]], ...]


class Plugins(Sequence[PluginRecord]):
    """The plugins of one kit, as a sequence of their records.

    Built-in ones come first, then given, then installed ones by name. It never changes after `load`,
    and every thread may call it.
    """

    def __init__(
        self, entries: Iterable[Entry], loader: Loader, accepted: Accepted | None, *, raises: bool = False
    ) -> None:
        self.raises = raises
        """Whether what a hook raises is raised to whoever called, instead of being isolated: for tests."""
        entries = tuple(entries)
        away = [one.get("private", ()) for one in (accepted or {}).values()]
        self._private = OWN_ONLY.union(*away, *(entry.record.private for entry in entries))
        self._entries = tuple(attrs.evolve(one, record=one.record.without(self._private)) for one in entries)
        self._loader: Loader | None = loader
        self._accepted = accepted
        self._lost = dict(loader.lost)
        self._packages = {entry.record.name: entry.package for entry in self._entries if entry.package}
        self._supplies = tuple(
            (entry.record, supply)
            for entry in self._entries
            for supply in {id(claim.supply): claim.supply for claim in entry.claims}.values()
        )
        self._labels = describing.labels(supply for _record, supply in self._supplies)
        self._check = self._calls("peerkit_check")
        self._respond = self._calls("peerkit_respond")
        self._suggest = self._calls("peerkit_suggest")
        self._observe = self._calls("peerkit_observe")
        self._absent = tuple(_judge(entry.record) for entry in self._entries if _must_judge(entry.record))

    @classmethod
    def load(
        cls,
        *,
        builtin: Iterable[tuple[str, object]] = (),
        given: Iterable[object] = (),
        block: Iterable[str] = (),
        discover: bool = True,
        strict: bool = False,
        accepted: Accepted | None = None,
        trial: bool = False,
        lists: bool = False,
    ) -> Plugins:
        """Load the plugins of a kit.

        `builtin` are peerkit's own parts by name, `given` the objects that the program passes. `block`
        names plugins or distributions that are not even imported. `discover=False` looks for no
        installed ones. `accepted` None takes all that is installed, as a sandbox does; a mapping, as
        `acceptance` gives it, takes those in it and proposes the rest. An empty entry in it accepts
        what is found under that name. `trial` says that the store keeps nothing: `strict` there raises
        what hooks raise as well, since whoever tries a plugin must see it fail.

        PluginError if two plugins have one name or claim one, if one claims a name of peerkit's, or if
        a built-in fails; with `strict` if any fails. Otherwise a failed one is logged, listed with its
        reason, and left out. With `accepted` those that clash are failed ones too, both of them, so that a
        program that counts on neither's being first goes on without them; likewise where `lists` says that
        only a list is wanted.
        """
        switches = Switches.read(os.environ, block=block, discover=discover, strict=strict)
        loader = Loader(switches, accepted, lists=lists)
        for name, plugin in builtin:
            loader.builtin(name, plugin)
        loader.given(tuple(given))
        loader.found()
        loader.clashes()
        raises = trial and switches.strict
        plugins = cls(sorted(loader.entries, key=_order), loader, accepted, raises=raises)
        failed = [record for record in plugins if record.status == "failed"]
        if failed and switches.strict:
            raise PluginError("; ".join(f"plugin {record.label}: {record.error}" for record in failed))
        if failed:
            import logging  # not on the way of an import that finds everything in order

            for record in failed:
                told = _("plugin {plugin}: {why}", plugin=record.label, why=record.error)
                logging.getLogger("peerkit.plugins").warning(told)
        return plugins

    # -- the list ----------------------------------------------------------------------------------

    @overload
    def __getitem__(self, index: int) -> PluginRecord: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[PluginRecord, ...]: ...
    def __getitem__(self, index: int | slice) -> PluginRecord | tuple[PluginRecord, ...]:
        if isinstance(index, slice):
            return tuple(entry.record for entry in self._entries[index])
        return self._entries[index].record

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<Plugins {', '.join(f'{record.name} {record.status}' for record in self)}>"

    def acceptance(self) -> dict[str, Any]:
        """What a program stores, so that the next `load(accepted=…)` takes the same.

        That is the installed plugins that are loaded, and those accepted before that are not loaded now,
        as they were. To accept a proposed one, load again with an empty entry for it, and store this anew.
        """
        kept = dict(self._accepted or {})
        for record in self:
            if record.origin == "found" and record.status == "loaded":
                access = record.access or Access()
                before = kept.get(record.name) or {}
                kept[record.name] = {
                    "version": record.version,
                    "dist": record.dist,
                    "access": {"reads": sorted(access.reads), "writes": sorted(access.writes)}
                    | ({"worries": True} if access.worries else {}),
                    "hooks": list(record.hooks),
                    "kinds": list(record.kinds),
                } | ({"private": list(record.private)} if record.private else {})
                if packs := {**before.get("packs", {}), **used(record)}:
                    kept[record.name]["packs"] = packs
        return kept

    @property
    def unnoted(self) -> bool:
        """Whether a pack is in use in a version that the acceptance does not hold yet."""
        held = self._accepted or {}
        return any(
            not used(record).items() <= held.get(record.name, {}).get("packs", {}).items()
            for record in self
            if record.name in held and record.status == "loaded" and record.origin == "found"
        )

    # -- supplies ----------------------------------------------------------------------------------

    def supplies(self, kind: type[S]) -> tuple[tuple[PluginRecord, S], ...]:
        """All supplies of one class (`Kind`, `Command`, …), each with the plugin that supplies it."""
        return tuple((record, supply) for record, supply in self._supplies if isinstance(supply, kind))

    def storage(self, scheme: str) -> tuple[PluginRecord, StorageBackend]:
        """The storage for a URL's scheme.

        PluginError if the plugin for it is here and not loaded, naming it, its version and the reason;
        StorageError if nobody has one. A storage plugin is called as its scheme is, or its distribution
        `peerkit-<scheme>`.
        """
        known = {supply.scheme: (record, supply) for record, supply in self.supplies(StorageBackend)}
        if scheme in known:
            return known[scheme]
        name = canonical(scheme.partition("+")[0])
        lost = self._lost.get(("storage scheme", scheme))
        for record in self:
            if record.label == lost or name in {
                canonical(record.name),
                canonical(record.dist).removeprefix("peerkit-"),
            }:
                why = record.error or "supplies no storage of that scheme"
                raise PluginError(
                    f"the storage for {scheme}: is plugin {record.label}, which is not usable: {why}"
                )
        listed = ", ".join(sorted(f"{one}:" for one in known)) or "none"
        raise StorageError(f"no plugin supplies a storage for this URL's scheme. There is: {listed}")

    @property
    def labels(self) -> Labels:
        """What plugins call their codes, for texts to know (`Texts.knowing`)."""
        return self._labels

    def texts(self, *wanted: str) -> Texts:
        """The texts in the first of these languages that peerkit speaks (`for_locale`), which know what the
        plugins here call their codes."""
        return for_locale(*wanted).knowing(self._labels)

    @property
    def private(self) -> frozenset[str]:
        """The kinds that nobody reads but whom their rights name: `OWN_ONLY`, and those that plugins say."""
        return self._private

    # -- hooks -------------------------------------------------------------------------------------

    def check(
        self, proposal_for: Callable[[PluginRecord], Proposal], *, core_only: bool = False
    ) -> tuple[Objection, ...]:
        """The objections of all plugins to a commit.

        One proposal a plugin, made by `proposal_for` (see `narrow`). A check that raises is the objection
        `check-failed`; one that is counted on and could not load, `check-missing`, for commits with kinds
        that it reads. An error of the store's is raised. `core_only`, for facts: only peerkit's own.
        """
        objections: list[Objection] = []
        for record, ask in self._check:
            if core_only and record.origin != "built-in":
                continue
            proposal = proposal_for(record)
            error = self._ask(ask, proposal, record, Objection, objections)
            if error is not None:
                why = self._reason(error, record, fault_in(proposal))
                sentence = f"the check of plugin {record.label} failed: it {why}"
                objections.append(Objection("check-failed", sentence))
        for record in () if core_only else self._absent:
            if proposal_for(record).changes:
                missing = _(
                    "the check of plugin {plugin} is missing ({status}): {why}",
                    plugin=record.label,
                    status=label("plugin", "status", record.status),
                    why=record.error,
                )
                objections.append(Objection("check-missing", missing))
        return tuple(objections)

    def respond(
        self, proposal_for: Callable[[PluginRecord], Proposal], *, without: Container[str] = ()
    ) -> tuple[tuple[tuple[PluginRecord, tuple[Record, ...]], ...], tuple[PluginRecord, ...]]:
        """What plugins add to a commit, and those that failed, with the reason in `error`.

        All that one plugin answers is taken, or nothing of it: raising half-way, or answering with a
        kind that it does not write, drops the lot. Plugins named in `without` are not asked.
        """
        answers: list[tuple[PluginRecord, tuple[Record, ...]]] = []
        failed: list[PluginRecord] = []
        for record, ask in self._respond:
            if record.name in without:
                continue
            proposal = proposal_for(record)
            given: list[Record] = []
            error = self._ask(ask, proposal, record, Record, given)
            if error is None and given:
                try:
                    check_writes(record, given)
                except PluginError as found:
                    error = found
            if error is not None:
                failed.append(attrs.evolve(record, error=self._reason(error, record, fault_in(proposal))))
            elif given:
                answers.append((record, tuple(given)))
        return tuple(answers), tuple(failed)

    def suggest(
        self, question_for: Callable[[PluginRecord], Question]
    ) -> tuple[tuple[Suggestion, ...], tuple[PluginRecord, ...]]:
        """The suggestions, and the plugins that failed and are left out, with the reason in `error`."""
        suggestions: list[Suggestion] = []
        failed: list[PluginRecord] = []
        for record, ask in self._suggest:
            question = question_for(record)
            given: list[Suggestion] = []
            error = self._ask(ask, question, record, Suggestion, given)
            if error is None:
                suggestions += given
            else:
                failed.append(attrs.evolve(record, error=self._reason(error, record, fault_in(question))))
        return tuple(suggestions), tuple(failed)

    def observers(self) -> tuple[tuple[PluginRecord, Observer], ...]:
        """Each plugin that watches the feed, and the function to call with a page and a view.

        The function narrows both to what the plugin reads, and adds the worries that it gives back to a list,
        also those that it gave before it failed. It raises PluginError with type and place if
        the plugin raised, and what the store raised as it is.
        """
        return tuple((record, self._observer(record, function)) for record, function in self._observe)

    def close(self) -> None:
        """Let go of the plugins. Calling a hook afterwards is a PluginError."""
        if self._loader is not None:
            for name, _ in self._loader.manager.list_name_plugin():
                self._loader.manager.unregister(name=name)
            self._loader = None
        closed = PluginRecord("kit", "", "", "blocked")
        self._check = self._respond = self._suggest = ((closed, _closed),)
        self._observe = self._absent = self._supplies = ()

    # -- calling -----------------------------------------------------------------------------------

    def _calls(self, hook: str) -> _Calls:
        """The implementations of a hook: `tryfirst`, then the rest, then `trylast`, in the list's order."""
        found = [
            (one.band, entry.record, one.call())
            for entry in self._entries
            if entry.record.status == "loaded"
            for one in entry.hooks
            if one.name == hook
        ]
        return tuple((record, function) for _, record, function in sorted(found, key=lambda one: one[0]))

    @staticmethod
    def _ask(
        ask: Callable[[Any], Iterable[Any] | None],
        what: Proposal | Question,
        record: PluginRecord,
        kind: type[T],
        into: list[T],
    ) -> BaseException | None:
        """Call one plugin and gather what it gives; the error, if it is to blame for one."""
        given: Any = None
        try:
            given = ask(what)
            if given is not None:
                for one in given:
                    if not isinstance(one, kind):
                        raise faults.Misused(
                            record.label, f"gave a {type(one).__name__} for a {kind.__name__}"
                        )
                    into.append(one)
        except BaseException as error:
            if faults.stops(error):
                raise
            if inspect.iscoroutine(given):
                given.close()
            return error
        return fault_in(what)

    def _reason(self, error: BaseException, record: PluginRecord, met: BaseException | None) -> str:
        """Why a plugin failed, in words. `met`, what rose in its view, is raised if it is the store's; with
        `raises` the failure itself is, as a PluginError whose cause is what the plugin raised."""
        if met is not None and not isinstance(met, faults.Misused):
            raise met
        why = faults.reason(met or error, self._packages.get(record.name, ""))
        if self.raises:
            raise PluginError(f"plugin {record.label}: {why}") from (met or error)
        return why

    def _observer(self, record: PluginRecord, function: Callable[..., Any]) -> Observer:
        def observe(page: Page, view: View, worries: list[Worry]) -> None:
            limited = limit(view, record)
            why = ""
            given: Any = None
            try:
                given = function(narrow(page, record), limited)
                worries.extend(worries_of(record, given))
            except BaseException as error:
                if faults.stops(error):
                    raise
                why = self._reason(error, record, limited.fault)
            else:
                if limited.fault is not None:
                    why = self._reason(limited.fault, record, limited.fault)
            if why:
                raise faults.Misused(record.label, why)

        return observe


def _order(entry: Entry) -> tuple[int, str]:
    origin = ("built-in", "given", "found").index(entry.record.origin)
    return origin, entry.record.name if entry.record.origin == "found" else ""


def _must_judge(record: PluginRecord) -> bool:
    """Whether the program counts on a check of this plugin that cannot be asked.

    A blocked plugin is left out by somebody's decision; nothing waits for it.
    """
    away = record.configured and record.status in {"failed", "proposed"}
    return away and (not record.hooks or "peerkit_check" in record.hooks)


def _judge(record: PluginRecord) -> PluginRecord:
    """The record to narrow a proposal by. What the plugin reads may be unknown: then it is everything."""
    return record if record.access is not None else attrs.evolve(record, access=Access(reads={EVERY}))


def _closed(_: Any) -> None:
    raise PluginError("the kit is closed")


__all__ = ["Observer", "Plugins"]

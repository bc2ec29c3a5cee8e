# SPDX-License-Identifier: Apache-2.0
"""Loading: what is imported, registered and asked for its supplies, each step guarded for itself.

Who is loaded, in this order: peerkit's own parts, the objects that the program gives, and what is
installed. One that fails is taken out again whole and listed with its reason; the next goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import pluggy

from peerkit import hooks
from peerkit._version import __version__
from peerkit.errors import PluginError
from peerkit.hooks import Access, Kind, Pack, Supply
from peerkit.plugins import faults, form
from peerkit.plugins.access import PluginRecord, widened
from peerkit.plugins.finding import Candidate, Switches, canonical, installed
from peerkit.plugins.naming import described, is_the, package_of
from peerkit.plugins.reasons import BLOCKED, away, more_than, same_name, twice, unreadable, waits
from peerkit.plugins.supplying import SUPPLIES, Claim, Name, claims, clash, reserved
from peerkit.texts import _, joined

Accepted = Mapping[str, Any]
"""What a program accepted: name → `{"version", "dist", "access": {"reads", "writes"}, "hooks", "kinds"}`."""


@attrs.frozen
class Entry:
    """A plugin with what it brought: its hooks, and its supplies with the names that they claim."""

    record: PluginRecord
    package: str = ""
    hooks: tuple[form.Hook, ...] = ()
    claims: tuple[Claim, ...] = ()


class Loader:
    """Loads into one plugin manager, and keeps what became of each plugin."""

    def __init__(self, switches: Switches, accepted: Accepted | None, *, lists: bool = False) -> None:
        self.manager = pluggy.PluginManager(hooks.PROJECT)
        self.manager.add_hookspecs(hooks)
        self.entries: list[Entry] = []
        self.lost: dict[Name, str] = {}
        """What plugins that clash would have supplied: the name, and whose it was."""
        self._switches = switches
        self._accepted = accepted
        self._goes_on = (accepted is not None or lists) and not switches.strict
        self._objects: list[object] = []
        self._candidates: list[Candidate] | None = None

    # -- the three origins -------------------------------------------------------------------------

    def builtin(self, name: str, plugin: object) -> None:
        """Take a part of peerkit itself. It cannot be blocked, and must not fail."""
        if self._switches.blocks(name):
            raise PluginError(f"{name} is a part of peerkit and cannot be blocked")
        record = PluginRecord(name, "peerkit", __version__, "loaded", configured=True, origin="built-in")
        entry = self._take(record, plugin, "peerkit")
        if entry.record.status != "loaded":
            raise PluginError(f"{record.label}: {entry.record.error}")

    def given(self, plugins: Sequence[object]) -> None:
        """Take the objects that the program gave. An installed module keeps its name and version."""
        self._objects = list(plugins)
        for plugin in plugins:
            known = next((one for one in self._installed() if is_the(plugin, one)), None)
            name, dist, version = (known.name, known.dist, known.version) if known else described(plugin)
            if self._switches.blocks(name, dist):
                self._list(PluginRecord(name, dist, version, "blocked", error=BLOCKED, origin="given"))
                continue
            record = PluginRecord(name, dist, version, "loaded", configured=True, origin="given")
            self._take_or_unpack(record, plugin, package_of(plugin))

    def found(self) -> None:
        """Take what is installed: everything in a sandbox, in a program what it accepted."""
        rest = []
        for one in self._installed():
            if any(is_the(plugin, one) for plugin in self._objects):
                continue  # given, so not looked at again
            if self._switches.blocks(one.name, one.dist):
                self._list(PluginRecord(one.name, one.dist, one.version, "blocked", error=BLOCKED))
            elif one.pack is not None and one.error:  # nobody can accept it: why is said at once
                known = (self._accepted or {}).get(one.name)
                record = PluginRecord(one.name, one.dist, one.version, "failed", configured=known is not None)
                self._fail(record, unreadable(one.pack.folder, one.error), known)
            else:
                rest.append(one)
        names = {one.name for one in rest}
        for name in sorted(names):
            self._found([one for one in rest if one.name == name])
        self._missing(names)

    # -- what is installed -------------------------------------------------------------------------

    def _installed(self) -> list[Candidate]:
        if self._candidates is None:
            self._candidates = installed() if self._switches.discover else []
        return self._candidates

    def _is_given(self, plugin: object) -> bool:
        return any(
            plugin is given or (isinstance(plugin, Pack) and isinstance(given, Pack) and plugin == given)
            for given in self._objects
        )

    def _found(self, same: list[Candidate]) -> None:
        """The installed plugins of one name: one is taken at most."""
        name = same[0].name
        known = None if self._accepted is None else self._accepted.get(name)
        if self._accepted is not None and known is None:
            for one in same:
                self._propose(one, waits(name, [other for other in same if other is not one]))
            return
        pinned = str((known or {}).get("dist", ""))
        if pinned:
            for one in same:
                if canonical(one.dist) != canonical(pinned):
                    told = _("the plugin accepted as {name} comes from {dist}", name=name, dist=pinned)
                    self._propose(one, told)
            same = [one for one in same if canonical(one.dist) == canonical(pinned)]
        if len(same) > 1:
            told = twice(name, same)
            if not self._goes_on:
                raise PluginError(told)
            for one in same:
                record = PluginRecord(one.name, one.dist, one.version, "failed", configured=known is not None)
                self._fail(attrs.evolve(record, hooks=_hooks_of(known)), told, known)
            return
        for one in same:
            self._load(one, known)

    def _load(self, one: Candidate, known: Mapping[str, Any] | None) -> None:
        record = PluginRecord(one.name, one.dist, one.version, "loaded", configured=known is not None)
        remembered = attrs.evolve(record, hooks=_hooks_of(known))
        if one.error:
            self._fail(remembered, one.error, known)
            return
        try:
            plugin = one.pack or one.point.load()  # type: ignore[union-attr]  # it is either
        except BaseException as error:
            if faults.stops(error):
                raise
            told = f"could not be imported: it {faults.reason_with_text(error, one.package)}"
            self._fail(remembered, told, known)
            return
        if self._is_given(plugin):
            return
        entry = self._take_or_unpack(record, plugin, one.package, known)
        if known is not None and entry.record.status == "loaded" and known.get("access") is not None:
            more = widened(access_of(known) or Access(), entry.record.access or Access())
            if more:
                told = more_than(more, one.name)
                self._drop(plugin, attrs.evolve(entry.record, status="proposed", error=told))

    def _missing(self, names: set[str]) -> None:
        """List what the program accepted and does not find."""
        listed = {entry.record.name for entry in self.entries}
        for name, known in (self._accepted or {}).items():
            if name in names or name in listed:
                continue
            dist, version = str(known.get("dist", "")), str(known.get("version", ""))
            record = PluginRecord(name, dist, version, "failed", _hooks_of(known), configured=True)
            if self._switches.blocks(name, dist):
                self._list(attrs.evolve(record, status="blocked", error=BLOCKED))
            elif not self._switches.discover:
                self._list(
                    attrs.evolve(record, status="blocked", error=_("installed plugins are not looked for"))
                )
            else:
                self._fail(record, away(name, dist), known)

    # -- one plugin --------------------------------------------------------------------------------

    def _take_or_unpack(
        self, record: PluginRecord, plugin: object, package: str, known: Mapping[str, Any] | None = None
    ) -> Entry:
        """Take a plugin; a pack is read first, and is not another than the one that was accepted."""
        if not isinstance(plugin, Pack):
            return self._take(record, plugin, package, known)
        from peerkit.plugins import packing  # only where there is one

        try:
            packed = packing.read(plugin)
        except Exception as error:  # noqa: BLE001  # one pack stands in nobody's way
            return self._fail(record, _("its files cannot be read: {why}", why=faults.told(error)), known)
        wrong = packing.unfit(packed.record, record.name, known)
        if wrong:
            return self._fail(record, wrong, known)
        return self._take(attrs.evolve(record, pack=packed.record), packed, package, known)

    def _take(
        self, record: PluginRecord, plugin: object, package: str, known: Mapping[str, Any] | None = None
    ) -> Entry:
        """Register a plugin and ask for its supplies; whatever goes wrong, it is listed."""
        told = self._same_name(record)
        if told:
            return self._fail(record, told, known)
        found: tuple[form.Hook, ...] = ()
        try:
            found = form.marked(self.manager, plugin)
            wrong = form.fault(plugin, found)
            if wrong:
                return self._fail(record, wrong, known)
            self.manager.register(plugin, record.name)
        except BaseException as error:
            if faults.stops(error):
                raise
            return self._fail(
                record, f"could not be registered: it {faults.reason_with_text(error, package)}", known
            )
        try:
            self.manager.check_pending()
        except pluggy.PluginValidationError:
            self.manager.unregister(name=record.name)
            odd = [
                hook.name
                for hook in found
                if hook.name not in form.HOOKS and not hook.options.get("optionalhook")
            ]
            return self._fail(record, "; ".join(form.unknown(name) for name in odd), known)
        found = tuple(hook for hook in found if hook.name in form.HOOKS)
        record = attrs.evolve(record, hooks=_names(found))
        supplies: list[Supply] = []
        try:
            for hook in found:
                if hook.name == "peerkit_supply":
                    supplies += _several(record.label, hook.call()())
            claimed = claims(record.label, supplies, builtin=record.origin == "built-in")
        except BaseException as error:
            if faults.stops(error):
                raise
            self.manager.unregister(name=record.name)
            record = attrs.evolve(record, access=_access(supplies))
            return self._fail(
                record, f"could not supply: it {faults.reason_at_supply(error, package)}", known
            )
        kinds = tuple(one.cls.kind for one in _kinds(claimed))
        private = tuple(kind for kind, claim in zip(kinds, _kinds(claimed), strict=True) if claim.private)
        record = attrs.evolve(record, access=_access(supplies), kinds=kinds, private=private)
        entry = Entry(record, package, found, claimed)
        self.entries.append(entry)
        return entry

    def _same_name(self, record: PluginRecord) -> str:
        """Why a plugin cannot have its name, if another has it, who then is taken out again as well (but for
        a part of peerkit). PluginError where a clash is none that one goes on with."""
        for place, entry in enumerate(self.entries):
            held = entry.record
            if held.name != record.name or held.status not in {"loaded", "failed"}:
                continue
            told = same_name(held, record)
            if not self._goes_on:
                raise PluginError(told)
            if held.origin != "built-in" and held.status == "loaded":
                self._take_out(place, told)
            return told
        return ""

    def _take_out(self, place: int, told: str) -> None:
        """List a loaded plugin as failed, with what is known of it."""
        entry = self.entries[place]
        self.manager.unregister(name=entry.record.name)
        self.entries[place] = Entry(attrs.evolve(entry.record, status="failed", error=told))
        self.lost |= {claim.name: entry.record.label for claim in entry.claims}

    def _fail(self, record: PluginRecord, told: str, known: Mapping[str, Any] | None) -> Entry:
        """List it as failed, with as much of what it may touch as its acceptance remembers."""
        failed = attrs.evolve(record, status="failed", error=told)
        if known is not None:
            failed = attrs.evolve(
                failed,
                access=failed.access or access_of(known),
                kinds=tuple(known.get("kinds", ())),
            )
        return self._list(failed)

    def _propose(self, one: Candidate, told: str) -> None:
        self._list(PluginRecord(one.name, one.dist, one.version, "proposed", error=told))

    def _list(self, record: PluginRecord) -> Entry:
        entry = Entry(record)
        self.entries.append(entry)
        return entry

    def _drop(self, plugin: object, record: PluginRecord) -> None:
        self.manager.unregister(plugin, record.name)
        self.entries[-1] = Entry(record)

    # -- all plugins -------------------------------------------------------------------------------

    def clashes(self) -> None:
        """Find where two plugins claim one name, where one claims a name of peerkit's, and where a command
        stands in the place of another's subcommands.

        In a program both are taken out again and listed as failed, each with an error that names both: a
        clash must not make it deaf. Elsewhere, and with `strict`, PluginError.
        """
        against: dict[str, list[PluginError]] = {}
        for name, labels in self._claimed():
            told = clash(name, *labels[:2])
            if not self._goes_on:
                raise told
            for label in labels:
                against.setdefault(label, []).append(told)
        for place, entry in enumerate(self.entries):
            told_of = against.get(entry.record.label)
            if told_of and entry.record.origin != "built-in" and entry.record.status == "loaded":
                self._take_out(place, joined(dict.fromkeys(one.args[0] for one in told_of), "; "))

    def _claimed(self) -> Iterable[tuple[Name, list[str]]]:
        """The names that are claimed twice, with the labels of who does."""
        taken: dict[Name, list[str]] = {}
        for entry in self.entries:
            names = {claim.name for claim in entry.claims}
            own = reserved(names) if entry.record.origin != "built-in" else frozenset()
            for name in sorted(names):
                at = taken.setdefault(name, [f"peerkit {__version__}"] if name in own else [])
                at.append(entry.record.label)
        for name, labels in taken.items():
            if len(labels) > 1:
                yield name, labels
            words = name[1].split() if name[0] == "command" else []
            for end in range(1, len(words)):
                above = (name[0], " ".join(words[:end]))
                if above in taken:
                    yield above, [taken[above][0], labels[0]]


def _kinds(claimed: Iterable[Claim]) -> tuple[Kind, ...]:
    return tuple(claim.supply for claim in claimed if isinstance(claim.supply, Kind))


def _names(found: Iterable[form.Hook]) -> tuple[str, ...]:
    implemented = {hook.name for hook in found}
    return tuple(name for name in form.HOOKS if name in implemented)


def _several(label: str, given: Any) -> Iterable[Supply]:
    if isinstance(given, SUPPLIES):
        raise faults.Misused(label, "gives back one supply: peerkit_supply yields them, or gives a list")
    return () if given is None else given


def _access(supplies: Iterable[Supply]) -> Access | None:
    return next((one for one in supplies if isinstance(one, Access)), None)


def access_of(known: Mapping[str, Any]) -> Access | None:
    """The access that an acceptance holds; None if it holds none."""
    held = known.get("access")
    if held is None:
        return None
    return Access(held.get("reads", ()), held.get("writes", ()), worries=bool(held.get("worries")))


def _hooks_of(known: Mapping[str, Any] | None) -> tuple[str, ...]:
    return tuple((known or {}).get("hooks", ()))


def used(record: PluginRecord) -> dict[str, str]:
    """The version of a pack that is in use, and the hash of its files: it is never edited from now on."""
    if record.pack is None:
        return {}
    from peerkit.plugins.packing import edition  # only where there is one

    return {edition(record.pack.version): record.pack.sha256}

# SPDX-License-Identifier: Apache-2.0
"""Opening a program: find its storage, load its plugins, found it if it is new."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.errors import Malformed, PeerkitError, PluginError, StorageError
from peerkit.hooks import StorageBackend
from peerkit.kinds import INDEXES
from peerkit.kit.journaling import Side, Where
from peerkit.kit.kit import Kit
from peerkit.model.ids import SystemClock
from peerkit.plugins import GROUP, PluginRecord, Plugins
from peerkit.ports import Clock, Mark, Storage
from peerkit.texts import _

if TYPE_CHECKING:
    from peerkit.kit.founding import Beginning

ACCEPTED = "plugins"
"""The mark that holds which plugins the program has accepted."""


def builtins() -> list[tuple[str, object]]:
    """peerkit's own plugins: they come through the same hooks as everybody's."""
    from peerkit.delivery import builtin as notifiers
    from peerkit.rules import builtin as rules
    from peerkit.storage import builtin as storages

    return [("storages", storages), ("rules", rules), ("notifiers", notifiers)]


def open(  # noqa: A001  # the design's name: peerkit.open(url)
    url: str,
    *,
    program: str | None = None,
    settings: Mapping[str, Any] | None = None,
    plugins: Iterable[object] = (),
    block: Iterable[str] = (),
    discover: bool = True,
    strict: bool = False,
    clock: Clock | None = None,
) -> Kit:
    """Open a program's store: `memory:`, `sqlite:///relative.db`, `sqlite:////absolute.db`; behind any that
    lasts `?journal=/other/disk/program.places`, where its side journal is (else beside its file). A store
    that was put back from an older copy, or moved without its journal, opens held: see `kit.gaps`.

    `settings` found an empty store and are refused on any other. `memory:` without settings is a
    sandbox: one fictional coordinator, nobody on call (declared); `settings={"sandbox": True}` make one
    in a file, for tests and trying out. A store stays what it was founded as. `program` is the program's
    name, to make sure it is the right store. `plugins` are loaded beside the discovered ones, `block`
    names those not to import. With `strict` a failing plugin refuses to open, and in a store that keeps
    nothing (`memory:`), where plugins are tried, whatever a hook raises is raised as a PluginError too,
    with the plugin's own error as its cause. In any other store a failing hook costs what stands beside
    the hook, strict or not. Two plugins that claim one name refuse while a program is
    founded and in `memory:`; a founded program opens without either.

    Raises StorageError (nothing there, another program's, newer, locked, unwritable), PluginError
    (a configured storage's plugin failed), Malformed (settings).
    """
    _fits(url, settings, plugins, block)
    time = clock or SystemClock()
    where = Where.of(url)
    sandbox = where.url == "memory:" and settings is None
    start = _beginning(settings, program, time) if sandbox or settings is not None else None
    wanted = _Wanted(tuple(plugins), tuple(block), discover, strict)
    storage = _storage(where.url, wanted, time, create=start is not None)
    try:
        founded = storage.position(("program",)) > 0
        if founded and start is not None:
            raise StorageError(
                "there is a program here already, and a program is founded once: give an empty or new "
                "database, or open this one without settings="
            )
        if not founded and start is None:
            raise StorageError("there is no program here yet: found it with `peerkit init` or settings=")
        held = storage.marks(ACCEPTED).get(ACCEPTED)
        accepted = json.loads(held or "{}") if founded else None
        trial = not storage.capabilities.durable
        kit = Kit(storage, wanted.load(accepted=accepted, trial=trial), time, founded=founded)
        if start is not None:
            _found(kit, start, Mark(ACCEPTED, json.dumps(kit.plugins.acceptance()), expect=None))
            storage.ensure_indexes(INDEXES)
            kit.safety_net()
        if founded:
            kit.sandbox_coordinator = _sandbox_coordinator(kit)
            _note_packs(kit, held)
        if program is not None and kit.program.name != program:
            raise StorageError("this store holds another program: check the URL")
        if where.named or not _sandbox(kit):
            kit.side = Side.of(where, storage)
            kit.look_back()
    except BaseException:
        storage.close()
        raise
    return kit


def _fits(url: object, settings: object, plugins: object, block: object) -> None:
    """Malformed for arguments of another form. A text is a sequence of letters, so a bare one would block
    nothing, and load nothing, without a word."""
    if not isinstance(url, str):
        raise Malformed("a URL is a text, as in sqlite:///program.db", where="open.url")
    if settings is not None and not isinstance(settings, Mapping):
        raise Malformed("settings are a mapping of names and values", where="open.settings")
    for name, given in (("plugins", plugins), ("block", block)):
        if isinstance(given, str | bytes) or not isinstance(given, Iterable):
            raise Malformed("several values are needed, as in (one, another)", where=f"open.{name}")


def _beginning(settings: Mapping[str, Any] | None, name: str | None, time: Clock) -> Beginning:
    from peerkit.kit.founding import beginning

    return beginning(settings, name=name, clock=time)


def _found(kit: Kit, start: Beginning, once: Mark) -> None:
    from peerkit.kit.founding import found

    found(kit, start, once)


def _note_packs(kit: Kit, held: str | None) -> None:
    """Note which version of an accepted pack is in use from now on, where it is a new one. `held` is what was
    accepted when the plugins were loaded: if something was accepted since, the next opening notes it."""
    if kit.plugins.unnoted:
        with suppress(PeerkitError):  # a store that takes no writes now opens all the same
            kit.storage.mark(ACCEPTED, json.dumps(kit.plugins.acceptance()), expect=held)


def _sandbox(kit: Kit) -> bool:
    """Whether it is a sandbox, which has no side journal unless one is named: it is copied about."""
    known = kit.net.fresh(kit)
    return known.program is not None and known.program.sandbox


def _sandbox_coordinator(kit: Kit) -> str:
    """The coordinator of a sandbox that was founded before; empty in a program."""
    known = kit.net.fresh(kit)
    if not _sandbox(kit):
        return ""
    return next((office.person for office, _ in known.offices if office.role == "coordinator"), "")


@attrs.frozen
class _Wanted:
    """Which plugins to load: what `open` was told, so that they can be loaded again."""

    given: tuple[object, ...]
    block: tuple[str, ...]
    discover: bool
    strict: bool

    def load(self, *, accepted: Mapping[str, Any] | None, trial: bool) -> Plugins:
        return Plugins.load(
            builtin=builtins(),
            given=self.given,
            block=self.block,
            discover=self.discover,
            strict=self.strict,
            accepted=accepted,
            trial=trial,
        )


def _storage(url: str, wanted: _Wanted, time: Clock, *, create: bool) -> Storage:
    """The store behind the URL. peerkit's own schemes need no other plugin; for another scheme the
    given plugins and the installed one of that name are loaded, and no more."""
    scheme = url.partition(":")[0]
    plugins = Plugins.load(builtin=builtins(), discover=False)
    if not any(backend.scheme == scheme for _, backend in plugins.supplies(StorageBackend)):
        plugins.close()
        plugins = Plugins.load(
            builtin=builtins(),
            given=wanted.given,
            block=wanted.block,
            discover=wanted.discover,
            accepted={name: {} for name in _named_for(scheme)},
        )
    try:
        return plugins.storage(scheme)[1].open(url, time, create)
    finally:
        plugins.close()


def empty(url: str) -> Storage:
    """The store behind the URL as it is, made if there is none, for history that is loaded as it was.
    StorageError if it holds any. Whoever asks for it closes it."""
    storage = _storage(
        Where.of(url).url, _Wanted((), (), discover=True, strict=False), SystemClock(), create=True
    )
    if storage.position():
        storage.close()
        raise StorageError("there is history here already: name an empty store")
    return storage


def _named_for(scheme: str) -> set[str]:
    """The installed plugins that are called as the scheme is, or whose distribution is."""
    found = importlib.metadata.entry_points(group=GROUP)
    return {
        one.name
        for one in found
        if scheme in {one.name, (one.dist.name if one.dist else "").removeprefix("peerkit-")}
    }


def accept(kit: Kit, name: str) -> None:
    """Accept a plugin that waits: it is loaded from the next opening on. PluginError for no such one."""
    with accepting(kit, name):
        pass


@contextmanager
def accepting(kit: Kit, name: str) -> Iterator[tuple[PluginRecord, Plugins]]:
    """Accept a plugin at the end of the block, and not if it raises: inside is what would be accepted, with
    its access, and the plugins as they would be loaded. PluginError for no such one, or one that fails."""
    record = next((one for one in kit.plugins if name in {one.name, one.dist}), None)
    if record is None:
        raise PluginError("no installed plugin has that name: see `peerkit plugins`")
    held = json.loads(kit.storage.marks(ACCEPTED).get(ACCEPTED, "{}"))
    anew = {"dist": record.dist, "packs": held.get(record.name, {}).get("packs", {})}
    now = Plugins.load(builtin=builtins(), accepted={**held, record.name: anew})
    try:
        found_now = next((one for one in now if one.name == record.name), record)
        if found_now.status != "loaded":
            told = _("{plugin} cannot be accepted: {why}", plugin=found_now.label, why=found_now.error)
            raise PluginError(told)
        yield found_now, now
        kit.storage.mark(ACCEPTED, json.dumps(now.acceptance()))
    finally:
        now.close()

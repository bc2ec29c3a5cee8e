# SPDX-License-Identifier: Apache-2.0
"""Opening a program: find its storage, load its plugins, found it if it is new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from peerkit.errors import PluginError, StorageError
from peerkit.hooks import StorageBackend
from peerkit.kit.kit import Kit
from peerkit.model.ids import SystemClock
from peerkit.plugins import Plugins
from peerkit.ports import Clock

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
    """Open a program's store: `memory:`, `sqlite:///relative.db`, `sqlite:////absolute.db`.

    `settings` found an empty store and are refused on any other. `memory:` without settings is a
    sandbox: one fictional coordinator, nobody on call (declared). `program` is the program's name,
    to make sure it is the right store. `plugins` are loaded beside the discovered ones, `block`
    names those not to import. With `strict` a failing plugin refuses to open.

    Raises StorageError (nothing there, another program's, newer, locked, unwritable), PluginError
    (a configured storage's plugin failed), Malformed (settings).
    """
    time = clock or SystemClock()
    wanted = _Wanted(tuple(plugins), tuple(block), discover, strict)
    first = wanted.load(discover=False)
    scheme = url.partition(":")[0]
    if discover and not _known(first, scheme):
        first.close()
        first = wanted.load()
    _, backend = first.storage(scheme)
    sandbox = url == "memory:" and settings is None
    storage = backend.open(url, time, settings is not None or sandbox)
    first.close()
    try:
        founded = storage.position(("program",)) > 0
        if founded and settings is not None:
            raise StorageError(
                "settings found an empty store; this one holds a program: open it without them"
            )
        if founded:
            accepted = json.loads(storage.marks(ACCEPTED).get(ACCEPTED, "{}"))
            kit = Kit(storage, wanted.load(accepted=accepted), time, founded=True)
        elif settings is None and not sandbox:
            raise StorageError("there is no program here yet: found it with `peerkit init` or settings=")
        else:
            kit = _founded(Kit(storage, wanted.load(), time, founded=False), settings, program)
        if program is not None and kit.program.name != program:
            raise StorageError("this store holds another program: check the URL")
    except BaseException:
        storage.close()
        raise
    return kit


@attrs.frozen
class _Wanted:
    """Which plugins to load: what `open` was told, so that they can be loaded again."""

    given: tuple[object, ...]
    block: tuple[str, ...]
    discover: bool
    strict: bool

    def load(self, *, discover: bool = True, accepted: Mapping[str, Any] | None = None) -> Plugins:
        return Plugins.load(
            builtin=builtins(),
            given=self.given,
            block=self.block,
            discover=self.discover and discover,
            strict=self.strict,
            accepted=accepted,
        )


def _founded(kit: Kit, settings: Mapping[str, Any] | None, program: str | None) -> Kit:
    from peerkit.kit.founding import found

    found(kit, settings, name=program)
    kit.storage.mark(ACCEPTED, json.dumps(kit.plugins.acceptance()))
    kit.safety_net()
    return kit


def _known(plugins: Plugins, scheme: str) -> bool:
    return any(backend.scheme == scheme for _, backend in plugins.supplies(StorageBackend))


def accept(kit: Kit, name: str) -> None:
    """Accept a plugin that waits: it is loaded from the next opening on. PluginError for no such one."""
    for record in kit.plugins:
        if name in {record.name, record.dist}:
            held = json.loads(kit.storage.marks(ACCEPTED).get(ACCEPTED, "{}"))
            now = Plugins.load(builtin=builtins(), accepted={**held, record.name: {}})
            kit.storage.mark(ACCEPTED, json.dumps(now.acceptance()))
            now.close()
            return
    raise PluginError("no installed plugin has that name: see `peerkit plugins`")

# SPDX-License-Identifier: Apache-2.0
"""Opening a program: find its storage, load its plugins, found it if it is new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from peerkit.errors import PluginError, StorageError
from peerkit.hooks import StorageBackend
from peerkit.kit import Kit
from peerkit.model.ids import SystemClock
from peerkit.plugins import Plugins
from peerkit.ports import Clock, Storage

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
    given, blocked = tuple(plugins), tuple(block)
    own = builtins()
    first = Plugins.load(builtin=own, given=given, block=blocked, discover=False, strict=strict)
    scheme = url.partition(":")[0]
    if discover and not _known(first, scheme):
        first.close()
        first = Plugins.load(builtin=own, given=given, block=blocked, discover=True, strict=strict)
    _, backend = first.storage(scheme)
    sandbox = url == "memory:" and settings is None
    storage = backend.open(url, time, settings is not None or sandbox)
    try:
        return _opened(storage, first, time, settings, program, sandbox, own, given, blocked, discover, strict)
    except BaseException:
        storage.close()
        raise


def _opened(  # noqa: PLR0913  # the parameters of `open`, passed on once
    storage: Storage,
    first: Plugins,
    time: Clock,
    settings: Mapping[str, Any] | None,
    program: str | None,
    sandbox: bool,
    own: list[tuple[str, object]],
    given: tuple[object, ...],
    blocked: tuple[str, ...],
    discover: bool,
    strict: bool,
) -> Kit:
    founded = storage.position(("program",)) > 0
    if founded and settings is not None:
        raise StorageError("settings found an empty store; this one holds a program: open it without settings")
    if not founded and settings is None and not sandbox:
        raise StorageError("there is no program here yet: found it with `peerkit init` or settings=")
    accepted: Mapping[str, Any] | None = None
    if founded:
        accepted = json.loads(storage.marks(ACCEPTED).get(ACCEPTED, "{}"))
    loaded = first
    if discover or accepted is not None:
        first.close()
        loaded = Plugins.load(
            builtin=own, given=given, block=blocked, discover=discover, strict=strict, accepted=accepted
        )
    kit = Kit(storage, loaded, time, founded=founded)
    if not founded:
        from peerkit.founding import found

        found(kit, settings, name=program)
        storage.mark(ACCEPTED, json.dumps(loaded.acceptance()))
        kit.safety_net()
    if program is not None and kit.program.name != program:
        raise StorageError("this store holds another program: check the URL")
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



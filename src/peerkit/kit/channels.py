# SPDX-License-Identifier: Apache-2.0
"""Whether the channels that a program's settings name are here: which are, only the plugins know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from peerkit.errors import Malformed, Objection
from peerkit.hooks import NotifierChannel, Proposed
from peerkit.plugins import Plugins

if TYPE_CHECKING:
    from peerkit.model.program import Program


def channels_fit(program: Program, plugins: Plugins, before: Program | None = None) -> None:
    """Malformed names a channel of the settings that no loaded plugin supplies, nor was named `before`."""
    from peerkit.safety.settings import supplied

    supplied(program, (one.channel for _, one in plugins.supplies(NotifierChannel)), before)


def unsupplied(proposed: Iterable[Proposed], plugins: Plugins) -> Iterator[Objection]:
    """What stands against changed settings whose channels are not here."""
    changed = [one for one in proposed if one.record.kind == "program" and "update" in one.acts]
    for change in changed:
        from peerkit.model.program import Program

        program, before = change.record, change.before
        if not isinstance(program, Program):
            continue
        try:
            channels_fit(program, plugins, before if isinstance(before, Program) else None)
        except Malformed as fault:
            yield Objection("settings", str(fault), program.kind, program.id)

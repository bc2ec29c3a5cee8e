# SPDX-License-Identifier: Apache-2.0
"""What peerkit finds: a command, and a rule. Neither loads the reader before somebody imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import peerkit
from peerkit import Objection, hookimpl
from peerkit.hooks import Access, Command, Proposal, Supply


def _command() -> Any:
    from peerkit_hsds.command import import_

    return import_


@hookimpl
def peerkit_supply() -> Iterable[Supply]:
    """The command `peerkit directory import`, which reads and writes services."""
    return [
        Access(reads={"service"}, writes={"service"}),
        Command("directory import", "Fill the directory from HSDS (Open Referral) files.", _command),
    ]


@hookimpl
def peerkit_check(proposal: Proposal) -> Iterator[Objection]:
    """An entry of a source is listed once, also where two imports run at the same time."""
    new: dict[str, dict[str, list[str]]] = {}
    for service, _ in proposal.of(peerkit.Service, "list"):
        if service.source and service.source_key:
            new.setdefault(service.source, {}).setdefault(service.source_key, []).append(service.id)
    for source, keys in new.items():
        there = proposal.view.find(peerkit.Service, source=source, source_key=tuple(keys))
        times = Counter(one.source_key for one in there if not isinstance(one, peerkit.Opaque))
        for key, ids in keys.items():
            for record in ids if times[key] > 1 else ():
                yield Objection("listed-already", "this entry is listed already", "service", record)

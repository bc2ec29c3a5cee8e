# SPDX-License-Identifier: Apache-2.0
"""What ten more plugins cost a commit if they have nothing to say to it."""

from __future__ import annotations

from collections.abc import Iterable

import peerkit
from benchmarks.commits import meetings
from benchmarks.lines import Line, Setup, line
from benchmarks.measuring import Side, compare
from benchmarks.program import fresh_folder, small
from peerkit.errors import Objection
from peerkit.hooks import Access, Proposal, Supply
from peerkit.model.base import Record

TEN = 10


class Idle:
    """A plugin that looks at every commit and leaves it as it is."""

    def __init__(self, number: int) -> None:
        self.name = f"idle-{number}"

    @peerkit.hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        """It reads meetings and writes tasks, or could."""
        return [Access(reads={"meeting"}, writes={"task"})]

    @peerkit.hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterable[Objection]:
        """No objection."""
        del proposal
        return ()

    @peerkit.hookimpl
    def peerkit_respond(self, proposal: Proposal) -> Iterable[Record]:
        """No response."""
        del proposal
        return ()


def ten_more(setup: Setup) -> list[Line]:
    """A durable commit with ten idle plugins, against one without."""
    folder = fresh_folder(setup.folder, "idle")
    ten = small(folder / "ten.db", plugins=[Idle(number) for number in range(TEN)])
    one, two = small(folder / "none.db"), small(folder / "again.db")
    assert sum("peerkit_check" in record.hooks for record in ten.kit.plugins) >= TEN
    with ten.kit, one.kit, two.kit:
        found = compare(
            Side("ten", meetings(ten), ten.file),
            Side("none", meetings(one), one.file),
            Side("again", meetings(two), two.file),
            setup.size.rounds,
        )
    work = "durable commit with ten more plugins that return nothing"
    return [line(work, "the same without them", 1.1, found)]

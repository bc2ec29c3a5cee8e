# SPDX-License-Identifier: Apache-2.0
"""A small program in which somebody thinks of their own duty by law, and what tests ask of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from peerkit import DutyReport, NotFound, Task
from peerkit.model.work import PERSONAL

World = Any
CODE = "child-protection"
MADE = {
    "body": "Example society (fictional)",
    "how": "phone",
    "words": "canary words",
    "reference": "canary-7",
}
LATER = {"told": "later", "put_off": "endangers_other", "look_on": date(2026, 3, 20)}


def settled(world: World) -> World:
    """Kai walks beside Maya; Sol supervises him; Noor supports too, Pat is the privacy contact."""
    world.supporter("kai", supervisor=world.sol)
    world.supporter("noor")
    world.office("pat", "privacy")
    world.match(world.maya, world.kai)
    return world


def considered(town: World, **more: Any) -> Any:
    """Kai says: this may be one."""
    return town.save(DutyReport.consider(CODE, author=town.kai, **more), actor=town.kai)


def reported(town: World, **more: Any) -> Any:
    """Kai reported about Maya, who was told afterwards, unless a test says otherwise."""
    about = {"about": town.maya, **more.pop("begun", {})}
    return town.save(considered(town, **about).reported(**{**MADE, "told": "after", **more}), actor=town.kai)


def waiting(town: World, report: Any = None) -> list[Any]:
    """The open tasks that are somebody's in person (about this report)."""
    found = [one for one in town.every(Task, state="open") if one.what in PERSONAL]
    return [one for one in found if report is None or one.about == report.id]


def reads(town: World, who: Any, report: Any) -> bool:
    """Whether somebody may read it."""
    with town.kit.session(actor=who) as s:
        try:
            s.get(DutyReport, report)
        except NotFound:
            return False
    return True

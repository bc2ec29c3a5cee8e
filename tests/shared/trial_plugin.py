# SPDX-License-Identifier: Apache-2.0
"""A plugin made of two functions, in a sandbox: what it answers and what it objects to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import peerkit
from peerkit import Task, hookimpl
from peerkit.hooks import Access


class Plugin:
    """A plugin made of two functions."""

    __version__ = "1.2"

    def __init__(
        self,
        respond: Callable[[Any], Iterable[Any]] | None = None,
        check: Callable[[Any], Iterable[Any]] | None = None,
        *,
        name: str = "garden",
        writes: Iterable[str] = ("task", "goal_plan", "relationship"),
    ) -> None:
        self.name = name
        self.respond, self.check = respond, check
        self.writes = frozenset(writes)
        self.asked = 0

    @hookimpl
    def peerkit_supply(self) -> Any:
        return [Access(reads={"*"}, writes=self.writes)]

    @hookimpl
    def peerkit_respond(self, proposal: Any) -> Any:
        self.asked += 1
        return () if self.respond is None else self.respond(proposal)

    @hookimpl
    def peerkit_check(self, proposal: Any) -> Any:
        return () if self.check is None else self.check(proposal)


def story(watch: Any, *plugins: Plugin) -> Any:
    """A sandbox with plugins."""
    return peerkit.open("memory:", plugins=plugins, discover=False, clock=watch)


def save(kit: Any, record: Any) -> Any:
    with kit.session() as s:
        return s.save(record)


def every(kit: Any, kind: Any, **equal: Any) -> list[Any]:
    return [one for one in kit._find_all(kind.kind, **equal) if one.kind == kind.kind]


def call(owner: Any, what: str = "call") -> Task:
    return Task.give(owner=owner, what=what)


def raises(proposal: Any) -> Any:
    if any(True for t, _ in proposal.of(Task) if t.what == "call"):
        raise LookupError

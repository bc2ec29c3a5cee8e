# SPDX-License-Identifier: Apache-2.0
"""Plugins' kinds when two records of one human are joined."""

from __future__ import annotations

from typing import Any

import pytest

import peerkit
from peerkit import Person, Refused

SETTINGS = {
    "name": "Example program (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
}
SAME = "The same birthday, and she says so"


@peerkit.record(
    "walk",
    """
    of  from  act    to  who     strength
    -   -     note   =   anyone  none
    """,
    subjects="walker friends",
    module="walking",
)
class Walk(peerkit.Record):
    """A kind of a plugin's, with several people in it."""

    walker: peerkit.Operational[str]
    friends: peerkit.Operational[tuple[str, ...]] = ()
    guide: peerkit.Operational[str] = ""
    words: peerkit.Own[str] = ""

    @classmethod
    @peerkit.act
    def note(
        cls,
        *,
        walker: Any,
        friends: tuple[str, ...] = (),
        guide: str = "",
        by: peerkit.Decision | None = None,
    ) -> Walk:
        """They went."""
        return cls(walker=peerkit.model.base.ref(walker), friends=tuple(friends), guide=guide)


class Walking:
    """A plugin with one kind."""

    name = "walking"

    @peerkit.hookimpl
    def peerkit_supply(self) -> Any:
        yield peerkit.hooks.Access(reads={"walk"}, writes={"walk"})
        yield peerkit.hooks.Kind(Walk, rights="role kind read acts\ncoordinator walk yes note\n")

    @peerkit.hookimpl
    def peerkit_check(self, proposal: Any) -> Any:
        """It would not have anything moved."""
        if any("refile" in change.acts for change in proposal.new):
            yield peerkit.Objection("no-moving", "not to be moved")


def test_a_plugins_kind_moves_too_and_no_plugin_stops_it_half_way(watch: Any) -> None:
    with peerkit.open("memory:", clock=watch, discover=False, plugins=[Walking()]) as kit:
        with kit.session() as s:
            mine, theirs = (s.save(Person.enrol(name=f"{n} (fictional)")) for n in ("Maya", "Again"))
            x = s.save(Person.enrol(name="X (fictional)")).id
            rows = [
                s.save(Walk.note(walker=theirs, friends=(x, mine.id), guide=theirs.id)),
                s.save(Walk.note(walker=x, friends=(mine.id, theirs.id))),
                s.save(Walk.note(walker=mine, friends=(theirs.id,))),
            ]
        before = [(one.walker, one.friends, one.guide) for one in rows]

        def now() -> list[Any]:
            with kit.session() as s:
                found = [s.get(Walk, one.id) for one in rows]
            return [(one.walker, one.friends, one.guide) for one in found]

        joined = kit.merge(mine, theirs, reason=SAME, actor=kit.sandbox_coordinator)
        m = mine.id
        assert now() == [(m, (x, m), m), (x, (m,), ""), (m, (m,), "")]
        kit.split(joined.merge, reason="No", actor=kit.sandbox_coordinator)
        assert [(w, set(f), g) for w, f, g in now()] == [(w, set(f), g) for w, f, g in before]


def test_records_of_a_plugin_that_is_gone_stop_it_before_it_begins(watch: Any, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'walks.db'}"
    with peerkit.open(url, settings=SETTINGS, clock=watch, discover=False, plugins=[Walking()]) as kit:
        robin = kit._find_all("appointment")[0].person
        with kit.session(actor=robin) as s:
            mine, theirs = (s.save(Person.enrol(name=f"{n} (fictional)")) for n in ("Maya", "Again"))
            s.save(Walk.note(walker=theirs))
    with peerkit.open(url, clock=watch, discover=False) as kit:
        with pytest.raises(Refused, match="a plugin that is not here"):
            kit.merge(mine, theirs, reason=SAME, actor=robin)
        assert not kit._find_all("merge")

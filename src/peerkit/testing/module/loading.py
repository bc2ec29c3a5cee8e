# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of a module's coming in, and of its hooks."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import types
from functools import partial
from typing import Any

import pytest

import peerkit
from peerkit import hooks
from peerkit.hooks import Proposal, Proposed
from peerkit.kinds import PLACES
from peerkit.testing.contract import Contract, clause
from peerkit.testing.module.asking import EVERY, Round, read_by
from peerkit.testing.module.parts import LATER, Module, raw
from peerkit.testing.town import SETTINGS

promise = partial(clause, page="docs/reference/testing.md")
IMPORTED = """
import importlib, sys
import peerkit
def tops():
    return {{name.partition(".")[0] for name in sys.modules}}
with peerkit.open("memory:", discover=False) as kit:
    pass
before = tops()
plugin = importlib.import_module({name!r})
with peerkit.open("memory:", discover=False, plugins=[plugin]) as kit:
    pass
own = {name!r}.partition(".")[0]
print(*sorted(tops() - before - set(sys.stdlib_module_names) - {{own, "peerkit"}}))
"""


class LoadClauses(Contract):
    """MOD-001 to MOD-003."""

    @promise(
        "MOD-001",
        "it registers strictly, in memory and in a file, beside whatever else is installed",
        group="load",
    )
    def test_mod_001_it_registers(self, backend: Module) -> None:
        for url in ("memory:", f"sqlite:///{backend.folder / 'new.db'}"):
            with peerkit.open(
                url, plugins=[backend.plugin], discover=False, strict=True, settings=SETTINGS
            ) as kit:
                [found] = [one for one in kit.plugins if one.origin == "given"]
                assert found.status == "loaded", found.error
        with peerkit.open("memory:", plugins=[backend.plugin]) as kit:  # nothing installed claims its names
            assert "failed" not in {one.status for one in kit.plugins if one.origin == "given"}

    @promise("MOD-002", "what it reads and writes exists, and what it supplies can be used", group="load")
    def test_mod_002_what_it_says_is_so(self, backend: Module) -> None:
        alone = backend.alone()
        record = alone[0]
        named = record.access.reads | record.access.writes if record.access is not None else frozenset()
        assert sorted(named - set(PLACES) - set(record.kinds) - {EVERY}) == [], "kinds that there are not"
        for _, supply in alone._supplies:
            _use(supply)

    @promise(
        "MOD-003", "a program opens with it without other people's packages being imported", group="load"
    )
    def test_mod_003_quick_to_import(self, backend: Module) -> None:
        if not isinstance(backend.plugin, types.ModuleType):
            pytest.skip("MOD-003 is for modules: an object was made by whoever imported what")
        code = IMPORTED.format(name=backend.plugin.__name__)
        path = f"import sys; sys.path[:] = {sys.path!r}\n"
        done = subprocess.run(  # noqa: S603  # this Python, and the name of a module
            [sys.executable, "-c", path + code], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == [], "imported at open: import it inside the function that needs it"


def _use(supply: Any) -> None:
    if isinstance(supply, hooks.Instrument):
        from peerkit.instruments import parse

        parse(supply.text, source=supply.source)
    elif isinstance(supply, hooks.CourseRule):
        from peerkit.training import parse as rule

        rule(supply.text, supply.source)
    elif isinstance(supply, hooks.Command):
        if not all(importlib.util.find_spec(one) for one in ("click", "rich")):
            return  # commands are tried where the command line is installed
        import click

        from peerkit.cli.root import COMMANDS

        assert " ".join(supply.path.split()) not in COMMANDS, f"{supply.path} is a command of peerkit's"
        assert isinstance(supply.load(), click.Command), f"the command {supply.path} loads no click command"
    elif isinstance(supply, hooks.WordList) and supply.rows is not None:
        assert all(row.look_for and row.source for row in supply.rows()), f"rows of {supply.name}"


class HookClauses(Contract):
    """MOD-010 to MOD-012, MOD-070 and MOD-071."""

    @promise(
        "MOD-010",
        "each hook takes every act of every kind that it reads, and declares what it reads and answers",
        group="access",
    )
    def test_mod_010_declared_is_what_it_gets(self, backend: Module) -> None:
        town = backend.town()
        backend.fill(town)
        Round.of(backend, town).everything()

    @promise("MOD-011", "it declares no kind that it never reads", group="declared")
    def test_mod_011_nothing_more_is_declared(self, backend: Module) -> None:
        town = backend.town()
        backend.fill(town)
        asked = Round.of(backend, town)
        asked.everything()
        access = asked.record.access
        declared = (access.reads if access is not None else frozenset()) - {EVERY}
        assert sorted(declared - asked.seen) == [], "declared, and not looked at"

    @promise(
        "MOD-012", "its records are saved and delivered in a program that raises what its hooks raise",
        group="access",
    )  # fmt: skip
    def test_mod_012_in_real_commits(self, backend: Module) -> None:
        town = backend.town(strict=True)
        stored = backend.fill(town)
        assert {one.kind for one in stored} >= {kind.cls.kind for kind in backend.kinds}
        town.kit.deliver()
        with town.kit.session(actor=town.ids["maya"]) as s:
            for topic in ("match", "goal", "service", "words"):
                assert s.suggest(topic).left_out == ()

    @promise(
        "MOD-070", "handed nothing, kinds of others, or records that cannot be read, no hook raises",
        group="hooks",
    )  # fmt: skip
    def test_mod_070_nothing_foreign_or_opaque(self, backend: Module) -> None:
        town = backend.town()
        backend.fill(town)
        asked = Round.of(backend, town)
        ready = list(asked.proposals())
        foreign = peerkit.Person.enrol(name="Zoe Example (fictional)")
        asked.propose(asked.proposal())
        asked.propose(asked.proposal(Proposed(foreign, None, ("enrol",), "robin", ("robin",))))
        for name in read_by(asked.record):
            for one in town.every(name):
                if not isinstance(one, peerkit.Opaque):
                    raw(town, one, doc=type(one).doc_version + LATER)
        for proposal in ready:
            asked.propose(_anew(proposal, asked.view))
        for question in asked.questions():
            asked.ask(question)
        asked.watch()

    @promise("MOD-071", "time answers once: a tick with nothing due changes nothing", group="hooks")
    def test_mod_071_a_tick_finds_it_once(self, backend: Module) -> None:
        town = backend.town(strict=True)
        assert isinstance(town.kit.clock, peerkit.testing.TimeMachine)
        town.kit.tick()
        assert _writes(town, lambda: town.kit.tick(limit=50)) == [], "nothing had happened"
        backend.fill(town)
        for days in (0, 1, 40, 400, 4000):
            town.kit.clock.forward(days=days)
            done = town.kit.tick(limit=500)
            assert done < 500, f"after {days} days it finds the same again and again"
            assert _writes(town, lambda: town.kit.tick(limit=50)) == [], (
                f"after {days} days it was found twice"
            )


def _anew(proposal: Proposal, view: Any) -> Proposal:
    return Proposal(proposal.changes, proposal.new, proposal.actor, view, proposal.tick)


def _writes(town: Any, work: Any) -> list[str]:
    """The kinds of what is written meanwhile."""
    at = town.kit.storage.position()
    work()
    return [json.loads(row["envelope"])["kind"] for row in town.kit.storage.dump(at, 1000)]


__all__ = ["HookClauses", "LoadClauses"]

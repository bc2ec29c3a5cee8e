# SPDX-License-Identifier: Apache-2.0
"""Rules are asked only about commits with a kind that one of them looks for, and none looks for another."""

from __future__ import annotations

import ast
import inspect
from types import ModuleType
from typing import Any

import pytest

from peerkit.model.base import Record
from peerkit.rules import (
    caring,
    checks,
    departures,
    gathering,
    glass,
    goals,
    heard,
    lapsing,
    merging,
    referrals,
    responses,
    reviews,
    routes,
    sharing,
    told,
    training,
)


def asked_for(module: ModuleType) -> set[str]:
    """The kinds that a module's rules ask a proposal for, by name."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call):
            continue
        function, arguments = ast.unparse(node.func), [ast.unparse(one) for one in node.args]
        if function == "proposal.of":
            found.add(arguments[0])
        elif arguments[:1] == ["proposal"] and len(arguments) > 1 and arguments[1] in kinds_of(module):
            found.add(arguments[1])
    return found - {"kind"}  # a helper's parameter: its callers name the kind


def kinds_of(module: ModuleType) -> dict[str, Any]:
    """The record classes that a module knows."""
    return {
        name: held
        for name, held in vars(module).items()
        if isinstance(held, type) and issubclass(held, Record) and held is not Record
    }


def asked_of(modules: tuple[ModuleType, ...]) -> set[str]:
    return set[str]().union(*(asked_for(module) for module in modules))


RESPONDING = (departures, routes, told, sharing, reviews, referrals, glass, merging, caring, heard, lapsing)


@pytest.mark.parametrize(
    ("modules", "declared"),
    [(RESPONDING, responses.KINDS), ((checks, goals, gathering, training), checks.KINDS)],
    ids=["responses", "checks"],
)
def test_rules_ask_for_no_kind_that_is_not_declared(
    modules: tuple[ModuleType, ...], declared: frozenset[type[Record]]
) -> None:
    asked = asked_of(modules) - {"Record"}  # `named_exist` has a table of its own, declared with it
    assert asked
    assert asked <= {kind.__name__ for kind in declared}


def test_every_kind_in_which_a_person_writes_is_declared() -> None:
    assert {kind for kind, _act in heard.INBOUND} <= responses.KINDS


def test_only_the_check_with_a_table_asks_for_every_kind() -> None:
    assert "Record" not in asked_of((*RESPONDING, goals, gathering, training))
    assert inspect.getsource(checks).count("proposal.of(Record)") == 1
    assert checks._NAMED.keys() <= checks.KINDS

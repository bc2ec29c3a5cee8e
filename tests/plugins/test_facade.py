# SPDX-License-Identifier: Apache-2.0
"""What the kit calls fits the hooks that plugins implement, argument for argument."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Any

import pytest

from peerkit import hooks
from peerkit.plugins import PluginRecord, Plugins
from peerkit.plugins.form import HOOKS

METHODS = {
    "peerkit_check": Plugins.check,
    "peerkit_respond": Plugins.respond,
    "peerkit_suggest": Plugins.suggest,
}


def mentions(hint: Any) -> set[Any]:
    """Every type in a hint."""
    if isinstance(hint, list):
        return set().union(*(mentions(one) for one in hint))
    return {hint}.union(*(mentions(arg) for arg in typing.get_args(hint)))


def test_there_are_five_hooks_and_each_is_called() -> None:
    assert set(HOOKS) == {*METHODS, "peerkit_supply", "peerkit_observe"}


@pytest.mark.parametrize("name", METHODS)
def test_the_facade_has_the_hooks_own_types(name: str) -> None:
    spec = inspect.signature(getattr(hooks, name), eval_str=True)
    facade = inspect.signature(METHODS[name], eval_str=True)

    [(argument, parameter)] = spec.parameters.items()
    [_, (made_for, maker), *_] = facade.parameters.items()
    assert made_for == f"{argument}_for"
    assert maker.annotation == Callable[[PluginRecord], parameter.annotation]
    [given] = typing.get_args(spec.return_annotation)
    assert given in mentions(facade.return_annotation)


def test_observers_take_what_the_hook_takes() -> None:
    spec = inspect.signature(hooks.peerkit_observe, eval_str=True)
    facade = inspect.signature(Plugins.observers, eval_str=True)
    [worries, _none] = typing.get_args(spec.return_annotation)
    [given] = typing.get_args(worries)
    takes = [*(p.annotation for p in spec.parameters.values()), list[given]]
    assert Callable[takes, None] in mentions(facade.return_annotation)


def test_supplies_are_what_the_hook_yields() -> None:
    from peerkit.plugins.supplying import SUPPLIES

    [given] = typing.get_args(inspect.signature(hooks.peerkit_supply, eval_str=True).return_annotation)
    assert set(typing.get_args(given)) == set(SUPPLIES)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_says_what_it_is_with_an_example_and_what_happens_if_it_raises(name: str) -> None:
    told = inspect.getdoc(getattr(hooks, name)) or ""
    assert "If it raises" in told
    assert f"@hookimpl\ndef {name}(" in told

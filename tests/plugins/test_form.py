# SPDX-License-Identifier: Apache-2.0
"""What pluggy lets pass until somebody waits for the call is found when a plugin is loaded."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from peerkit import Objection, hookimpl
from peerkit.errors import PluginError
from peerkit.plugins import Plugins


class Misspelt:
    @hookimpl
    def peerkit_chek(self, proposal: Any) -> Any: ...


class Unheard:
    @hookimpl
    def on_sunday(self) -> Any: ...


class Unmarked:
    def peerkit_check(self, proposal: Any) -> Any: ...


class HalfMarked(Unmarked):
    @hookimpl
    def peerkit_respond(self, proposal: Any) -> Any: ...


class KeywordOnly:
    @hookimpl
    def peerkit_check(self, *, proposal: Any) -> Any: ...


class Gathering:
    @hookimpl
    def peerkit_check(self, *args: Any) -> Any: ...


class OtherName:
    @hookimpl
    def peerkit_check(self, commit: Any) -> Any: ...


class Async:
    @hookimpl
    async def peerkit_check(self, proposal: Any) -> Any: ...


class AsyncGenerator:
    @hookimpl
    async def peerkit_respond(self, proposal: Any) -> Any:
        yield None


class Wrapping:
    @hookimpl(wrapper=True)
    def peerkit_check(self, proposal: Any) -> Any:
        return (yield)


class Selfless:
    @hookimpl
    def peerkit_check(proposal: Any) -> Any: ...  # noqa: N805


class TwoFaults:
    @hookimpl
    def peerkit_check(self, *, proposal: Any) -> Any: ...

    @hookimpl
    async def peerkit_respond(self, proposal: Any) -> Any: ...


FAULTS = [
    (Misspelt(), "there is no hook peerkit_chek: peerkit_check is meant?"),
    (Unheard(), "there is no hook on_sunday: the hooks are peerkit_check, peerkit_observe, peerkit_respond"),
    (Unmarked(), "peerkit_check is not marked with @peerkit.hookimpl"),
    (HalfMarked(), "peerkit_check is not marked with @peerkit.hookimpl"),
    (KeywordOnly(), "peerkit_check has the keyword-only parameter proposal: take proposal plainly"),
    (Gathering(), "peerkit_check gathers its arguments in args: take proposal by name"),
    (OtherName(), "peerkit_check has the parameter commit: it is called with proposal"),
    (Async(), "peerkit_check is async: hooks are plain functions"),
    (AsyncGenerator(), "peerkit_respond is async: hooks are plain functions"),
    (Wrapping(), "peerkit_check is a wrapper: no plugin stands around another's hooks"),
    (Selfless(), "peerkit_check is a method without self"),
    (KeywordOnly, "it is the class KeywordOnly: give an instance, KeywordOnly(), or a module"),
    (SimpleNamespace(name="bare"), "no function of it is marked with @peerkit.hookimpl"),
]


@pytest.mark.parametrize(("plugin", "told"), FAULTS, ids=[str(n) for n in range(len(FAULTS))])
def test_a_fault_of_form_is_said_plainly(load: Callable[..., Plugins], plugin: object, told: str) -> None:
    plugins = load(plugin)

    [record] = plugins
    assert record.status == "failed"
    assert record.configured
    assert told in record.error


def test_all_faults_are_said_at_once(load: Callable[..., Plugins]) -> None:
    [record] = load(TwoFaults())
    assert "keyword-only" in record.error
    assert "async" in record.error


def test_strict_refuses_and_names_plugin_and_version(load: Callable[..., Plugins]) -> None:
    plugin = Misspelt()
    plugin.name, plugin.__version__ = "garden", "1.2"  # type: ignore[attr-defined]

    with pytest.raises(PluginError, match=r"plugin garden 1\.2: there is no hook peerkit_chek"):
        load(plugin, strict=True)


def test_a_failed_plugin_leaves_nothing_behind(load: Callable[..., Plugins]) -> None:
    """The next one with the same misspelling is found as well, and a good one beside them works."""

    class Good:
        @hookimpl
        def peerkit_check(self) -> Any:
            return [Objection("good", "it was asked")]

    plugins = load(Misspelt(), Good(), SimpleNamespace(name="second", peerkit_chek=Misspelt().peerkit_chek))

    assert [record.status for record in plugins] == ["failed", "loaded", "failed"]


def test_a_hook_of_a_newer_peerkit_may_be_optional(load: Callable[..., Plugins]) -> None:
    class Ahead:
        @hookimpl(optionalhook=True)
        def peerkit_tomorrow(self) -> None: ...

        @hookimpl
        def peerkit_check(self, proposal: Any) -> Any: ...

    [record] = load(Ahead())

    assert (record.status, record.hooks) == ("loaded", ("peerkit_check",))


def test_plugins_may_be_modules_instances_and_namespaces(load: Callable[..., Plugins]) -> None:
    class Statics:
        @hookimpl
        @staticmethod
        def peerkit_check(proposal: Any) -> Any: ...

        @hookimpl
        @classmethod
        def peerkit_respond(cls, proposal: Any) -> Any: ...

    @hookimpl
    def peerkit_check(proposal: Any) -> Any: ...

    plugins = load(Statics(), SimpleNamespace(name="space", peerkit_check=peerkit_check))

    assert [(r.name, r.status, r.hooks) for r in plugins] == [
        ("Statics", "loaded", ("peerkit_check", "peerkit_respond")),
        ("space", "loaded", ("peerkit_check",)),
    ]


def test_a_hook_may_take_fewer_arguments_and_in_another_order(
    load: Callable[..., Plugins], kit: Any, proposal: Callable[..., Any]
) -> None:
    from peerkit.hooks import Page

    seen: list[Any] = []

    class Fewer:
        @hookimpl
        def peerkit_check(self) -> Any:
            seen.append("check")

        @hookimpl
        def peerkit_observe(self, view: Any, page: Any) -> None:
            seen.append((type(page), view.now))

    plugins = load(Fewer())
    plugins.check(proposal())
    [(_, observe)] = plugins.observers()
    view = proposal()(plugins[0]).view
    observe(Page((), "cursor"), view, [])

    assert seen == ["check", (Page, view.now)]


def test_order_is_that_of_the_list_but_for_who_asks_to_be_first_or_last(
    load: Callable[..., Plugins], proposal: Callable[..., Any]
) -> None:
    def plugin(name: str, **options: bool) -> object:
        @hookimpl(**options)
        def peerkit_check() -> Any:
            return [Objection(name, "asked")]

        return SimpleNamespace(name=name, peerkit_check=peerkit_check)

    plugins = load(
        plugin("last", trylast=True), plugin("a"), plugin("first", tryfirst=True), plugin("b"), plugin("c")
    )

    assert [o.code for o in plugins.check(proposal())] == ["first", "a", "b", "c", "last"]
    assert [r.name for r in plugins] == ["last", "a", "first", "b", "c"]

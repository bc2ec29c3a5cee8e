# SPDX-License-Identifier: Apache-2.0
"""A hook that raises stops no other, is named with plugin, version and line, and never quotes a value."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

import peerkit
from peerkit import GoalPlan, Objection, Person, Record, Task, hookimpl
from peerkit.errors import PluginError, StorageError
from peerkit.hooks import Access, Page, Suggestion, Worry
from peerkit.plugins import Plugins, check_writes, limit
from peerkit.ports import Envelope
from peerkit.texts import _ as marked
from peerkit.views import Sight

CANARY = "canary-7f3a"
EVERYTHING = Access(reads={"*"}, writes={"*"})


def plugin(name: str, access: Access | None = EVERYTHING, **hooks: Callable[..., Any]) -> SimpleNamespace:
    def peerkit_supply() -> Any:
        return [] if access is None else [access]

    marked = {f"peerkit_{hook}": hookimpl(function) for hook, function in hooks.items()}
    return SimpleNamespace(name=name, __version__="1.2", peerkit_supply=hookimpl(peerkit_supply), **marked)


def raise_canary(proposal: Any) -> Any:
    raise LookupError(CANARY)


def half(what: Any) -> Callable[..., Any]:
    def generator() -> Any:
        yield what
        raise LookupError(CANARY)

    return generator


# -- check -----------------------------------------------------------------------------------------


def test_a_check_that_raises_is_an_objection_and_the_others_are_asked(
    loaded: Callable[..., Plugins], proposal: Callable[..., Any]
) -> None:
    def fine(proposal: Any) -> Any:
        return [Objection("fine", "it was asked")]

    def broken(proposal: Any) -> Any:
        raise LookupError(CANARY)

    plugins = loaded(plugin("a", check=fine), plugin("b", check=broken), plugin("c", check=fine))

    objections = plugins.check(proposal())
    assert [o.code for o in objections] == ["fine", "check-failed", "fine"]
    line = broken.__code__.co_firstlineno + 1
    assert (
        objections[1].sentence
        == f"the check of plugin b 1.2 failed: it raised LookupError at {__name__}:{line}"
    )


def test_objections_before_the_error_are_kept(
    loaded: Callable[..., Plugins], proposal: Callable[..., Any]
) -> None:
    plugins = loaded(plugin("a", check=half(Objection("first", "said before"))))
    assert [o.code for o in plugins.check(proposal())] == ["first", "check-failed"]


async def _later() -> None: ...


def _coroutine() -> Any:
    return _later()


@pytest.mark.parametrize(
    ("gives", "why"),
    [
        (lambda: ["words"], "gave a str for a Objection"),
        (lambda: Objection("bare", "not in a list"), "raised TypeError"),
        (lambda: 3, "raised TypeError"),
        (_coroutine, "raised TypeError"),
        (lambda: (_ for _ in [None]), "gave a NoneType for a Objection"),
    ],
    ids=["text", "bare", "number", "coroutine", "none"],
)
def test_a_check_that_gives_something_else_is_an_objection(
    loaded: Callable[..., Plugins], proposal: Callable[..., Any], gives: Callable[[], Any], why: str
) -> None:
    [objection] = loaded(plugin("a", check=gives)).check(proposal())
    assert objection.code == "check-failed"
    assert why in objection.sentence


@pytest.mark.parametrize("gives", [None, (), [], iter(())])
def test_nothing_is_no_objection(
    loaded: Callable[..., Plugins], proposal: Callable[..., Any], gives: Any
) -> None:
    assert loaded(plugin("a", check=lambda: gives)).check(proposal()) == ()


@pytest.mark.parametrize(
    "error", [SystemExit, RecursionError, MemoryError, type("Panic", (BaseException,), {})]
)
def test_not_even_an_exit_gets_through(
    loaded: Callable[..., Plugins], proposal: Callable[..., Any], error: type[BaseException]
) -> None:
    def check() -> Any:
        raise error(CANARY)

    [objection] = loaded(plugin("a", check=check)).check(proposal())
    assert objection.code == "check-failed"
    assert CANARY not in objection.sentence


def test_somebody_pressing_control_c_does(
    loaded: Callable[..., Plugins], proposal: Callable[..., Any]
) -> None:
    def check() -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loaded(plugin("a", check=check)).check(proposal())


# -- what is handed over ---------------------------------------------------------------------------


def test_a_plugin_sees_the_kinds_that_it_declared(
    loaded: Callable[..., Plugins], proposal: Callable[..., Any]
) -> None:
    seen: dict[str, list[str]] = {}

    def check(name: str) -> Callable[..., Any]:
        def look(proposal: Any) -> None:
            assert {c.record.kind for c in proposal.new} == {c.record.kind for c in proposal.changes}
            seen[name] = [c.record.kind for c in proposal.changes]
            assert [r.kind for r, _ in proposal.of(Record)] == seen[name]

        return look

    plugins = loaded(
        plugin("all", check=check("all")),
        plugin("persons", Access(reads={"person"}), check=check("persons")),
        plugin("writer", Access(writes={"task"}), check=check("writer")),
        plugin("none", None, check=check("none")),
    )
    maya = Person.enrol(name="Maya")

    assert plugins.check(proposal(maya, Task.give(owner=maya, what="water"))) == ()
    assert seen == {"all": ["person", "task"], "persons": ["person"], "writer": [], "none": []}


@pytest.mark.parametrize("swallowed", ["", "swallowed"])
@pytest.mark.parametrize("way", ["find", "get", "of"])
def test_an_undeclared_read_fails_the_check_even_if_it_is_swallowed(
    loaded: Callable[..., Plugins], proposal: Callable[..., Any], way: str, swallowed: str
) -> None:
    def check(proposal: Any) -> None:
        ways = {
            "find": lambda: proposal.view.find(GoalPlan),
            "get": lambda: proposal.view.get(GoalPlan, CANARY),
            "of": lambda: list(proposal.of(GoalPlan)),
        }
        try:
            ways[way]()
        except PluginError:
            if not swallowed:
                raise

    [objection] = loaded(plugin("a", Access(reads={"person"}), check=check)).check(proposal())
    assert objection.code == "check-failed"
    assert objection.sentence == (
        "the check of plugin a 1.2 failed: it reads goal_plan, which its Access does not declare: "
        "add it to Access(reads=…)"
    )


@pytest.mark.parametrize("swallowed", ["", "swallowed"])
def test_a_store_that_fails_is_not_the_plugins_fault(
    loaded: Callable[..., Plugins], kit: peerkit.Kit, proposal: Callable[..., Any], swallowed: str
) -> None:
    def check(proposal: Any) -> None:
        try:
            proposal.view.find(Person)
        except StorageError:
            if not swallowed:
                raise

    plugins = loaded(plugin("a", check=check, respond=check))
    asked = proposal()
    kit.storage.close()
    with pytest.raises(StorageError):
        plugins.check(asked)
    with pytest.raises(StorageError):
        plugins.respond(asked)


def test_a_condition_that_does_not_fit_is_the_plugins_fault(
    loaded: Callable[..., Plugins], proposal: Callable[..., Any]
) -> None:
    def wrong_field(proposal: Any) -> None:
        proposal.view.find(Person, lambda person: person.shoe_size == CANARY)

    def wrong_condition(proposal: Any) -> None:
        proposal.view.find(Person, lambda _: {}[CANARY])

    plugins = loaded(plugin("a", respond=wrong_field), plugin("b", check=wrong_condition))

    [objection] = plugins.check(proposal())
    assert "raised KeyError at" in objection.sentence
    [failed] = plugins.respond(proposal())[1]
    assert "raised peerkit.errors.Malformed at" in failed.error
    assert CANARY not in objection.sentence + failed.error


def test_a_limited_view_names_kind_and_plugin(loaded: Callable[..., Plugins], kit: peerkit.Kit) -> None:
    [record] = loaded(plugin("a", Access(reads={"person"})))
    view = limit(Sight(kit.storage, kit.codec, kit.clock.now(), {}), record)

    assert view.find(Person)
    assert view.get(Person, "nobody") is None
    with pytest.raises(PluginError, match=r"plugin a 1\.2: reads task, which its Access does not declare"):
        view.find(Task)
    with pytest.raises(PluginError, match="reads every kind, which its Access"):
        view.find(Record)
    with pytest.raises(PluginError, match="no record kind"):
        view.find("task")  # type: ignore[arg-type]


# -- respond ---------------------------------------------------------------------------------------


def test_answers_come_with_their_plugin_and_failures_are_named(
    loaded: Callable[..., Plugins], proposal: Callable[..., Any]
) -> None:
    task = Task.give(owner="somebody", what="water")
    plugins = loaded(
        plugin("a", respond=lambda: [task]),
        plugin("b", respond=raise_canary),
        plugin("c", respond=half(task)),
        plugin("d", Access(reads={"*"}), respond=lambda: [task]),
        plugin("e", respond=lambda: [GoalPlan]),
        plugin("f", respond=lambda: None),
    )

    answers, failed = plugins.respond(proposal())

    assert [(record.name, given) for record, given in answers] == [("a", (task,))]
    assert {record.name: record.error.rpartition(":")[0] for record in failed} == {
        "b": f"raised LookupError at {__name__}",
        "c": f"raised LookupError at {__name__}",
        "d": "answers with task, which its Access does not declare",
        "e": "",
    }
    assert failed[3].error == "gave a type for a Record"
    assert all(record.version == "1.2" for record in failed)
    assert CANARY not in repr(failed)


def test_what_only_peerkit_writes_no_plugin_answers_with(loaded: Callable[..., Plugins]) -> None:
    [record] = loaded(plugin("a"))
    route = peerkit.Route.begin(person="p", holder="h", because="cover")
    with pytest.raises(PluginError, match="answers with route, which only peerkit itself writes"):
        check_writes(record, [route])

    [own] = Plugins.load(builtin=[("rules", plugin("a"))], discover=False)
    check_writes(own, [route])


# -- suggest, observe ------------------------------------------------------------------------------


def test_suggestions_of_the_others_stay(loaded: Callable[..., Plugins], question: Callable[..., Any]) -> None:
    beans = Suggestion("Water the beans", "a garden is near")
    plugins = loaded(
        plugin("a", suggest=lambda: [beans]),
        plugin("b", suggest=half(beans)),
        plugin("c", suggest=lambda: ["words"]),
    )

    suggestions, failed = plugins.suggest(question)

    assert suggestions == (beans,)
    assert [(r.name, r.error.partition(" at ")[0]) for r in failed] == [
        ("b", "raised LookupError"),
        ("c", "gave a str for a Suggestion"),
    ]


def envelope(kind: str) -> Envelope:
    from datetime import UTC, datetime

    return Envelope(1, "id", kind, 1, 1, (), datetime(2026, 11, 1, tzinfo=UTC), "actor", ())


def test_an_observer_sees_its_kinds_and_every_redaction(
    loaded: Callable[..., Plugins], kit: peerkit.Kit
) -> None:
    seen: list[list[str]] = []
    plugins = loaded(
        plugin(
            "a",
            Access(reads={"task"}),
            observe=lambda page: seen.append([e.kind for e in page.envelopes]),
        ),
        plugin("b", check=raise_canary),
        plugin("c", observe=lambda page: seen.append([e.kind for e in page.envelopes])),
    )
    view = Sight(kit.storage, kit.codec, kit.clock.now(), {})
    page = Page(tuple(envelope(kind) for kind in ("task", "person", "redaction")), "cursor")

    for _, observe in plugins.observers():
        observe(page, view, [])

    assert [record.name for record, _ in plugins.observers()] == ["a", "c"]
    assert seen == [["task", "redaction"], ["task", "person", "redaction"]]


@pytest.mark.parametrize(
    ("observe", "told"),
    [
        (lambda: {}[CANARY], r"plugin a 1\.2: raised KeyError at .*:\d+"),
        (_coroutine, "gave a coroutine"),
        (lambda: 7, "gave a int for worries"),
        (lambda: "worry", "gave a str for worries"),
        (lambda: [Worry("k", marked("A sentence."), str(uuid4())), 7], "gave a int for a Worry"),
        (
            lambda: (Worry(f"{n}", marked("A."), str(uuid4())) for n in itertools.count()),
            "more than 100",
        ),
        (lambda view: view.find(Person), "reads person, which its Access does not declare"),
    ],
    ids=["raises", "coroutine", "no iterable", "text", "no worry", "without end", "undeclared"],
)
def test_a_failing_observer_raises_without_values(
    loaded: Callable[..., Plugins], kit: peerkit.Kit, observe: Callable[..., Any], told: str
) -> None:
    [(_, watch)] = loaded(plugin("a", Access(reads={"task"}), observe=observe)).observers()
    with pytest.raises(PluginError, match=told) as caught:
        watch(Page((), "cursor"), Sight(kit.storage, kit.codec, kit.clock.now(), {}), [])
    assert CANARY not in str(caught.value)


# -- the end ---------------------------------------------------------------------------------------


def test_a_closed_kit_asks_nobody_and_passes_nothing(proposal: Callable[..., Any]) -> None:
    plugins = Plugins.load(given=[plugin("a", check=lambda: ())], discover=False)
    asked = proposal()
    plugins.close()
    plugins.close()

    assert [record.name for record in plugins] == ["a"]
    assert [o.code for o in plugins.check(asked)] == ["check-failed"]

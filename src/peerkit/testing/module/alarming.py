# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of languages, and of alarms, which depend on no module."""

from __future__ import annotations

from functools import partial
from typing import Any

import peerkit
from peerkit import hooks, texts
from peerkit.testing.contract import Contract, clause
from peerkit.testing.module.parts import Module
from peerkit.testing.town import Town
from peerkit.texts.catalogue import translates

promise = partial(clause, page="docs/reference/testing.md")
YES = True
LANGUAGES = ("en", "fr")
"""What Ontario's programs speak at least."""


class TextClauses(Contract):
    """MOD-080 and MOD-081."""

    @promise(
        "MOD-080",
        "goals, lists of words and resources that it brings are there in French and in English",
        group="texts",
    )
    def test_mod_080_both_languages(self, backend: Module) -> None:
        alone = backend.alone()
        both: tuple[type[Any], ...] = (hooks.GoalTemplate, hooks.WordList, hooks.Resource)
        for supply in both:
            found: dict[str, set[str]] = {}
            for _, one in alone.supplies(supply):
                found.setdefault(getattr(one, "name", "") or one.id, set()).update(_spoken(one))
            short = {name: sorted(set(LANGUAGES) - there) for name, there in found.items()}
            assert {name: lacks for name, lacks in short.items() if lacks} == {}, "not said in"

    @promise("MOD-081", "codes, states and acts that it describes are described in French too", group="texts")
    def test_mod_081_labels(self, backend: Module) -> None:
        french = texts.for_locale("fr")
        said = {(kind.cls.kind, *key): words for kind in backend.kinds for key, words in kind.labels.items()}
        for _, one in backend.alone().supplies(hooks.Label):
            said[one.kind, one.field, one.code] = one.words
        lacks = [key for key, words in said.items() if not translates(french, words)]
        assert lacks == [], "there is no French for"


def _spoken(one: Any) -> set[str]:
    """The languages of a supply: its own; of marked texts, English, and those in which each is said."""
    marked = [text for text in _texts(one) if isinstance(text, texts.Message)]
    if not marked:
        return {getattr(one, "locale", "en").partition("-")[0]}
    french = texts.for_locale("fr")
    return set(LANGUAGES) if all(translates(french, text) for text in marked) else {"en"}


def _texts(one: Any) -> tuple[str, ...]:
    """What a person reads of a goal or a resource."""
    if isinstance(one, hooks.GoalTemplate):
        return (one.words, one.reason, *one.instead.values())
    return (one.purpose,) if isinstance(one, hooks.Resource) else ()


class AlarmClauses(Contract):
    """MOD-090 and MOD-091."""

    @promise(
        "MOD-090", "with every hook of it raising, a concern and a screen alarm all the same", group="alarm"
    )
    def test_mod_090_alarms_without_it(self, backend: Module) -> None:
        town = backend.town(file=True)
        backend.fill(town)
        town.reopen(backend.stand_in(raising=True), clock=town.kit.clock)
        _alarms(town)

    @promise("MOD-091", "with it, a concern and a screen alarm at once", group="alarm")
    def test_mod_091_alarms_with_it(self, backend: Module) -> None:
        town = backend.town(file=True)
        backend.fill(town)
        _alarms(town)


def _alarms(town: Town) -> None:
    maya, before = town.ids["maya"], {one.id for one in town.every(peerkit.Alert)}
    assert town.kit.concern("She did not come.", about=maya, by=town.ids["sam"]) is not None
    with town.kit.session(actor=maya) as s:
        steps: Any = s.screening("asq", maya).answer("q5", YES)
    assert steps is not None
    raised = [one for one in town.every(peerkit.Alert) if one.id not in before]
    assert len(raised) == 2
    assert {one.state for one in raised} == {"open"}
    assert "now" in {one.level for one in raised}
    with town.kit.session(actor=town.ids["dana"]) as s:
        s.acknowledge(raised[0])


__all__ = ["AlarmClauses", "TextClauses"]

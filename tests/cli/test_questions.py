# SPDX-License-Identifier: Apache-2.0
"""What is typed at a question, for each sort of answer: taken exactly, or asked again, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import peerkit
from peerkit import Person, hookimpl
from peerkit.cli.questions import Talk
from peerkit.hooks import Instrument, Supply
from peerkit.kit import Kit

FORM = """
format = 1
id = "form"
version = "1.0"
title = "Made up"
[licence]
status = "own-words"
holder = "Riverside (fictional)"
basis = "Our own words."
checked_on = 2026-11-22
redistribution_permitted = true
item_text_included = true
[answers.points]
kind = "choice"
options = [ { value = -1 }, { value = 1 }, { value = 0 }, { value = 10 } ]
[answers.codes]
kind = "choice"
options = [ { value = "LA1-0" }, { value = "often" } ]
[answers.hours]
kind = "whole-number"
low = -2
high = 24
[answers.words]
kind = "text"
[[items]]
id = "points"
answers = "points"
[[items]]
id = "codes"
answers = "codes"
[[items]]
id = "hours"
answers = "hours"
[[items]]
id = "words"
answers = "words"
[scoring]
method = "rule"
[[texts]]
language = "en"
verified = true
source = "Our own words"
title = "Made up"
[texts.items]
points = "How many?"
codes = "How often?"
hours = "How long?"
words = "What else?"
[texts.answers.points]
-1 = "Fewer"
1 = "One"
0 = "10"
10 = "Many"
[texts.answers.codes]
LA1-0 = "Now and then"
often = "Often"
"""


class Forms:
    """A plugin that supplies the form."""

    name = "forms"

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        return [Instrument(FORM, "form.toml")]


@pytest.fixture
def kit() -> Iterator[Kit]:
    with peerkit.open("memory:", plugins=(Forms(),), discover=False) as kit:
        yield kit


def taken(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, *typed: str, without: frozenset[str] = frozenset()
) -> list[tuple[str, Any]]:
    """Which answers are stored when somebody types these lines, and then `stop`; in a wording that may lack
    some items."""
    lines = iter((*typed, "/stop", "stop"))
    with kit.session() as s:
        person = s.save(Person.enrol(name="Maya"))
    with kit.session() as s:
        screening = s.screening("form", person)
    assert screening.instrument is not None
    whole = screening.instrument.wording("en")
    items = {item: text for item, text in whole.items.items() if item not in without}
    talk = Talk(screening, screening.instrument, attrs.evolve(whole, items=items, without=without))
    with monkeypatch.context() as patched:
        patched.setattr(click, "prompt", lambda *_, **__: next(lines))
        assert not talk.ask()
    found = [one for one in kit._find_all("answer") if one.screen == screening.id]
    return [(one.item, one.value) for one in sorted(found, key=lambda one: one.number)]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("-1", -1),
        ("1", 1),
        ("0", 0),
        ("10", 10),
        ("ONE", 1),
        ("many ", 10),
        ("skip", None),
        ("DECLINE", "declined"),
    ],
)
def test_points_are_typed_as_they_stand(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, typed: str, value: object
) -> None:
    assert taken(kit, monkeypatch, typed) == [("points", value)]


@pytest.mark.parametrize(
    "typed", ["2", "- 1", "--1", "+1", "1.0", "one!", "", "y", "none of it", "skip it", "back x"]
)
def test_what_is_not_exactly_an_answer_is_asked_again(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    assert taken(kit, monkeypatch, typed) == []
    assert taken(kit, monkeypatch, typed, "0") == [("points", 0)]


def test_what_a_wording_lacks_is_not_asked_in_it(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    found = taken(kit, monkeypatch, "0", "12", without=frozenset({"codes"}))
    assert found == [("points", 0), ("hours", 12)]


def test_codes_have_letters_and_numbers_a_range(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    for typed, value in (("a", "LA1-0"), ("B", "often"), ("now  and then", "LA1-0")):
        assert taken(kit, monkeypatch, "0", "LA1-0", typed)[1:] == [("codes", value)]
    typed = ("25", "-3", "²", "3.5", "0x3", "1" * 5000, "-2")
    assert taken(kit, monkeypatch, "0", "a", *typed)[2:] == [("hours", -2)]


@pytest.mark.parametrize("typed", ["skip", "Decline", "stop", "BACK"])
def test_a_word_alone_is_asked_about_where_the_answer_is_in_words(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    assert taken(kit, monkeypatch, "0", "a", "3", typed, "y")[3:] == [("words", typed)]
    assert taken(kit, monkeypatch, "0", "a", "3", typed, "n")[3:] == []
    assert taken(kit, monkeypatch, "0", "a", "3", typed, "", "/skip")[3:] == [("words", None)]


@pytest.mark.parametrize("typed", ["back codes", "stop it", "finish", "go"])
def test_what_is_no_such_word_alone_is_the_answer(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    assert taken(kit, monkeypatch, "0", "a", "3", typed)[3:] == [("words", typed)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(words=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_words_are_stored_as_they_were_typed(kit: Kit, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    found = taken(kit, monkeypatch, "0", "a", "3", words)[3:]
    if not words.strip() or words.strip().startswith("/"):
        return
    assert found[0] == ("words", words.strip())

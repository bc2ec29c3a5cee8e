# SPDX-License-Identifier: Apache-2.0
"""The guide to language suggests, never blocks, and is never run on the person's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

import peerkit
from peerkit import Appointment, GoalPlan, Person, hookimpl
from peerkit.hooks import Question, Suggestion, WordList, WordRow
from peerkit.rules.wording import guide


@pytest.fixture
def kit() -> Iterator[peerkit.Kit]:
    with peerkit.open("memory:", discover=False) as made:
        yield made


def said(found: Iterable[Suggestion]) -> list[str]:
    return [one.what for one in found]


def test_the_guide_has_its_rows_with_their_sources() -> None:
    rows = guide()
    assert len(rows) == 49
    assert all(row.source or not row.verified for row in rows)
    assert sum(not row.verified for row in rows) == 8  # rows 41 to 46: recalled; 48 and 49: our own
    [refused] = [row for row in rows if "refused" in row.look_for]
    assert "UofL Health" in refused.source
    assert "Nottinghamshire" in refused.source


def test_words_are_suggested_with_reason_and_source(kit: peerkit.Kit) -> None:
    with kit.session() as s:
        found = s.suggest("words", text="She Refused, and talked of relapse\nprevention. She refused again.")
    assert said(found) == ["declined / prefers not to", "recovery management"]
    assert found[0].reason == "instead of “Refused”"
    assert "undated" in found[0].source


def test_what_was_not_seen_in_a_source_says_so_and_weighs_nothing(kit: peerkit.Kit) -> None:
    with kit.session() as s:
        [found] = s.suggest("words", text="he lacks insight")
    assert found.weight == 0
    assert "recalled" in found.reason


@pytest.mark.parametrize(
    "text",
    ["he is enabled", "preresistant", "the dangerously deep end", "She said “I refused”.", "« relapse »", ""],
)
def test_part_of_a_word_and_quotations_are_left_alone(kit: peerkit.Kit, text: str) -> None:
    with kit.session() as s:
        assert said(s.suggest("words", text=text)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("The patient was late", "the person / somebody in our program"),
        ("I met my client’s sister", "the person / somebody in our program"),
        ("the clients came", "the people in our program / the people we work with"),
        ("Kai’s caseload is full", "the people I walk beside"),
        ("another no-show, two no shows", "we did not meet / the meeting fell through"),
    ],
)
def test_one_person_is_found_as_several_are_and_so_is_a_load_of_cases(
    kit: peerkit.Kit, text: str, what: str
) -> None:
    with kit.session() as s:
        assert said(s.suggest("words", text=text)) == [what]
        assert said(s.suggest("words", text="She was patient with me, and a self-made clientele")) == []


def test_that_there_is_no_list_is_told_from_nothing_outdated(kit: peerkit.Kit) -> None:
    with kit.session() as s:
        for locale in ("fr", "fr-CA", "de"):
            found = s.suggest("words", text="le patient", locale=locale)
            assert (len(found), "no list" in found.note) == (0, True)
        for topic, text in (("words", "we met"), ("goal", "")):
            assert s.suggest(topic, text=text).note == ""
    with peerkit.open("memory:", discover=False, plugins=[Ours()]) as ours, ours.session() as s:
        assert s.suggest("words", text="bonjour", locale="fr").note == ""


def test_no_list_speaks_a_language_that_it_is_not_in(kit: peerkit.Kit) -> None:
    with kit.session() as s:
        assert said(s.suggest("words", text="she refused", locale="fr")) == []
        assert said(s.suggest("words", text="she refused", locale="en-CA")) != []


def test_never_on_the_words_of_the_person(kit: peerkit.Kit) -> None:
    with kit.session() as s:
        maya = s.save(Person.enrol(name="Maya"))
    with kit.session(actor=maya) as s:
        plan = s.save(GoalPlan.begin(person=maya, hopes="no relapse").add_goal("not to be hopeless"))
        assert said(s.suggest("words", text="I relapse and I am an addict")) == []
        assert said(s.suggest("words", text="I relapse", about=plan)) == []
    with kit.session() as s:
        text = "Her plan: no relapse; not to be hopeless. She refused tea."
        assert said(s.suggest("words", text=text, about=plan)) == ["declined / prefers not to"]


def test_somebody_who_works_here_and_is_supported_too(kit: peerkit.Kit) -> None:
    with kit.session() as s:
        sam = s.save(Person.enrol(name="Sam"))
        s.save(Appointment.give(sam, role="supervisor"))
    with kit.session(actor=sam) as s:
        plan = s.save(GoalPlan.begin(person=sam))
        assert said(s.suggest("words", text="I relapse", about=plan)) == []
        assert said(s.suggest("words", text="she refused tea")) == ["declined / prefers not to"]


class Torn:
    """A plugin whose list cannot be read."""

    @hookimpl
    def peerkit_supply(self) -> Iterable[WordList]:
        def rows() -> Iterable[WordRow]:
            raise RuntimeError("page torn out")

        return [WordList("torn", "en", "a book", rows=rows)]


def test_a_list_that_cannot_be_read_is_left_out_and_named() -> None:
    with peerkit.open("memory:", discover=False, plugins=[Torn()]) as kit, kit.session() as s:
        found = s.suggest("words", text="she refused")
    assert said(found) == ["declined / prefers not to"]
    assert len(found.left_out) == 1


class Ours:
    """A plugin with a list of its own, and one that watches what it is handed."""

    def __init__(self) -> None:
        self.handed: list[str] = []

    @hookimpl
    def peerkit_supply(self) -> Iterable[WordList]:
        rows = (WordRow(("cas lourd",), ("situation difficile",), "notre guide, 2025"),)
        return [WordList("ours", "fr", "notre guide", {"abonné": ("habitué",)}, rows=lambda: rows)]

    @hookimpl
    def peerkit_suggest(self, question: Question) -> Iterable[Suggestion]:
        self.handed.append(question.text)
        return ()


def test_a_list_of_ones_own_and_no_plugin_is_handed_own_words() -> None:
    ours = Ours()
    with peerkit.open("memory:", discover=False, plugins=[ours]) as kit:
        with kit.session() as s:
            found = s.suggest("words", text="Un abonné, un cas lourd : « ma rechute ».", locale="fr-CA")
            maya = s.save(Person.enrol(name="Maya"))
        with kit.session(actor=maya) as s:
            s.suggest("words", text="my secret")
    assert {one.what: one.source for one in found} == {
        "habitué": "notre guide",
        "situation difficile": "notre guide, 2025",
    }
    assert not any("rechute" in text or "secret" in text for text in ours.handed)

# SPDX-License-Identifier: Apache-2.0
"""A screen keeps the language in which it is asked: two wordings of one questionnaire are never mixed."""

from __future__ import annotations

from typing import Any

import pytest
from own_questionnaires import tasks

from peerkit import RiskScreen
from peerkit.codec import Codec, dumps, loads
from peerkit.kinds import core_kind
from peerkit.ports import Envelope, Stored
from peerkit.testing import make

CONVERSATION = "safety-conversation"
YES, NO = True, False


def kept(world: Any) -> str:
    (found,) = world.all("risk_screen")
    return str(found.language)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("fr", "fr"),
        ("fr-CA", "fr"),  # which the wording in fr serves
        ("FR", "fr"),
        ("uk", "uk"),  # a host's own words
        ("", ""),
    ],
)
def test_it_is_kept_by_the_tag_of_the_wording_that_serves_it(world: Any, said: str, language: str) -> None:
    begun = world.screen(instrument=CONVERSATION, language=said)
    assert (begun.language, kept(world)) == (language, language)
    again = world.screen(screen=begun.id)
    assert again.language == language
    assert world.all("risk_screen")[0].obstacles == ()


def test_what_is_shown_before_it_is_in_the_language_of_the_questions(world: Any) -> None:
    before = world.screen(instrument=CONVERSATION, language="fr").before
    assert any("Vous pouvez refuser" in one for one in before)


@pytest.mark.parametrize("said", ["French, please", 7, "x" * 80, ["fr"]])
def test_what_is_no_tag_is_not_kept_and_loses_nothing(world: Any, said: Any) -> None:
    world.screen(language=said).answer("q5", YES)
    assert world.alert().level == "now"
    (found,) = world.all("risk_screen")
    assert (found.language, found.obstacles) == ("", ("no-language",))


def test_another_language_half_way_is_taken_and_a_human_looks(world: Any) -> None:
    begun = world.screen(instrument=CONVERSATION, language="en")
    begun.answer("q1", "CANARY")
    other = world.screen(screen=begun.id, language="fr-CA")
    other.answer("q2", NO)
    assert kept(world) == other.language == "en"
    odd = {one.item: one.obstacles for one in world.all("answer")}
    assert odd == {"q1": (), "q2": ("language-changed",)}
    other.finish()
    assert tasks(world, "look-at-screen") == ["cora"]


@pytest.mark.parametrize("said", ["en", "EN", "en-CA", ""])
def test_the_same_language_again_is_nothing_odd(world: Any, said: str) -> None:
    begun = world.screen(instrument=CONVERSATION, language="en")
    world.screen(screen=begun.id, language=said).answer("q1", "so")
    assert [one.obstacles for one in world.all("answer")] == [()]


def test_one_that_was_begun_before_it_was_kept_is_read_and_goes_on(world: Any) -> None:
    codec = Codec(core_kind)
    document = loads(codec.encode(make(RiskScreen)))
    del document["language"]
    envelope = Envelope(1, "x", "risk_screen", 1, RiskScreen.doc_version, (), world.clock.now(), "x", ())
    found = codec.decode(Stored(envelope, dumps(document)))
    assert isinstance(found, RiskScreen)
    assert found.language == ""
    begun = world.screen(instrument=CONVERSATION)
    world.screen(screen=begun.id, language="fr").answer("q1", "bon")
    assert [one.obstacles for one in world.all("answer")] == [()]

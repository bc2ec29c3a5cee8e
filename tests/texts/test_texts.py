# SPDX-License-Identifier: Apache-2.0
"""Messages that can be said again in another language, and languages that are chosen as one expects."""

from __future__ import annotations

import copy
import json
import pickle
import runpy
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

import peerkit
from peerkit import Malformed, Person, texts
from peerkit.delivery.sending import FLOOR, SUBJECT
from peerkit.texts import Message, _, for_locale, joined, many, verbatim

FR = for_locale("fr")


def test_a_message_is_its_english() -> None:
    made = _("Refused: {why} [{code}]", why="no", code="x")
    assert made == "Refused: no [x]"
    assert json.dumps({"said": made}) == '{"said": "Refused: no [x]"}'


def test_a_message_is_said_in_french_and_again_in_english() -> None:
    french = FR(FLOOR)
    assert french == "Quelqu’un a besoin de vous. Veuillez ouvrir votre application de travail."
    assert for_locale("en")(french) == "Someone needs you. Please open your work app."


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_can_be_said_too(again: Any) -> None:
    assert FR(again(SUBJECT)) == FR(SUBJECT) != SUBJECT


def test_messages_within_are_said_too() -> None:
    made = _("{what} (at {where})", what=SUBJECT, where="$.x")
    assert FR(made) == f"{FR(SUBJECT)} (à $.x)"
    assert FR(joined([SUBJECT, "", "—"], ", ")) == f"{FR(SUBJECT)}, —"


@pytest.mark.parametrize("words", ["open", "Options", "{name}", "{0.__class__}", "%(n)s", "{"])
def test_peoples_words_are_never_translated_nor_read_as_a_template(words: str) -> None:
    assert FR(words) == words
    assert FR(verbatim(words)) == words
    assert FR(_("{name}: {number}", name=words, number="1")) == f"{words}\u00a0: 1"
    assert str(_(words)) == words


def test_plurals_follow_the_language() -> None:
    one, none, more = (many("{n} version", "{n} versions", n) for n in (1, 0, 3))
    assert (one, none, more) == ("1 version", "0 versions", "3 versions")
    assert (FR(one), FR(none), FR(more)) == ("1 version", "0 version", "3 versions")


@pytest.mark.parametrize("wanted", ["fr", "fr-CA", "fr_CA.UTF-8", "FR", " fr@euro"])
def test_a_language_is_found_however_it_is_written(wanted: str) -> None:
    assert for_locale(wanted).locale == "fr"


def test_the_first_language_that_there_is_counts() -> None:
    assert for_locale("cr", "fr", "en").locale == "fr"
    assert for_locale("cr").locale == for_locale().locale == for_locale("").locale == "en"
    with pytest.raises(Malformed):
        for_locale(None)  # type: ignore[arg-type]


def test_labels() -> None:
    assert FR.label("relationship", "state", "agreed") == "convenue"
    assert for_locale("en").label("goal_plan", "act", "set_aside") == "set aside"
    assert FR.label("garden_visit", "state", "rained_off") == "rained off"  # a plugin's


SOURCES: dict[str, Any] = runpy.run_path(str(Path(__file__).parents[1] / "docs" / "sources.py"))


def test_every_objection_and_task_says_more_than_its_code() -> None:
    from peerkit.texts.labels import DESCRIBED

    assert SOURCES["objection_codes"]() - DESCRIBED["", "objection"].keys() == set()
    assert SOURCES["task_codes"]() - DESCRIBED["task", "what"].keys() == set()


def test_every_state_act_and_task_has_a_label_in_french() -> None:
    from peerkit.kinds import PLACES, core_kind

    for kind in PLACES:
        cls = core_kind(kind)
        assert cls is not None
        for row in cls.table.values():
            message = texts.labels.label(kind, "act", row.act)  # type: ignore[attr-defined]
            assert FR(message).source == message.source
            assert any(c._catalog.get(f"{kind}.act\x04{message.source}") for c in FR._catalogues)  # type: ignore[attr-defined]


# -- a host's own words ------------------------------------------------------------------------------


def compiled(folder: Path, language: str, said: dict[str, str]) -> None:
    made = Catalog(locale=language)
    for source, text in said.items():
        made.add(source, text)
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "peerkit.mo").open("wb") as file:
        write_mo(file, made)


def test_a_host_says_it_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled(tmp_path, "fr", {"Please open your work app": "Ouvrez Passerelle"})
    compiled(tmp_path, "en", {"Please open your work app": "Open Footbridge"})
    monkeypatch.setenv("PEERKIT_TEXTS", str(tmp_path))
    assert for_locale("fr")(SUBJECT) == "Ouvrez Passerelle"
    assert for_locale("en")(SUBJECT) == "Open Footbridge"
    assert for_locale("fr")(FLOOR) == FR(FLOOR)  # the rest stays


def test_an_override_that_does_not_fit_falls_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled(tmp_path, "fr", {"{name}: {number}": "{nom} {number.__class__}", "unknown error": "{"})
    (tmp_path / "en" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "en" / "LC_MESSAGES" / "peerkit.mo").write_bytes(b"no catalogue")
    monkeypatch.setenv("PEERKIT_TEXTS", str(tmp_path))
    assert for_locale("fr")(_("{name}: {number}", name="A", number="1")) == "A\u00a0: 1"
    assert for_locale("en")(_("{name}: {number}", name="A", number="1")) == "A: 1"


# -- who is told in which language -------------------------------------------------------------------


def steps(*languages: str) -> Any:
    settings = {
        "name": "P",
        "languages": list(languages),
        "coordinator": {"name": "Robin", "reach": ["console:r"]},
        "path": [{"role": "coordinator", "minutes": 15}],
        "policy": "Our policy.",
    }
    with peerkit.open("memory:", settings=settings) as kit:
        return kit.concern("I am worried")


def test_next_steps_speak_the_programs_first_language() -> None:
    french = steps("fr", "en")
    assert french.language == "fr"
    assert french.stay.startswith("Si vous êtes avec cette personne, restez.")
    assert "9-8-8, Ligne d’aide en cas de crise de suicide\u00a0: 9-8-8, texto 9-8-8" in french.sentences
    assert french.sentences[-1] == "Our policy."
    assert any(one.startswith("Si vous avez des motifs raisonnables") for one in french.sentences)


def test_next_steps_can_be_said_in_another_language() -> None:
    english, french = steps("en"), steps("fr")
    assert english.language == "en"
    assert english.in_language("fr").sentences == french.sentences
    assert french.in_language("en").sentences == english.sentences
    assert "9-8-8 Suicide Crisis Helpline: 9-8-8, text 9-8-8" in english.sentences


def test_a_program_in_a_language_without_texts_speaks_english() -> None:
    assert steps("cr", "fr").language == "fr"
    assert steps("cr").language == "en"


def test_a_notice_is_in_the_language_of_who_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    settings = {
        "name": "P",
        "coordinator": {"name": "Robin", "reach": ["console:r"], "languages": ["fr", "en"]},
        "path": [{"role": "coordinator", "minutes": 15}],
    }
    with peerkit.open("memory:", settings=settings) as kit:
        kit.concern("I am worried")
        kit.deliver()
    assert str(FR(FLOOR)) in capsys.readouterr().err


def test_a_record_keeps_a_message_as_plain_text() -> None:
    with peerkit.open("memory:") as kit:
        with kit.session() as s:
            maya = s.save(Person.enrol(name=_("Monday")))
        with kit.session() as s:
            held = s.get(Person, maya)
    assert held.name == "Monday"
    assert not isinstance(held.name, Message)

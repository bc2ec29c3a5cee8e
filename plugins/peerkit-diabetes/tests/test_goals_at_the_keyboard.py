# SPDX-License-Identifier: Apache-2.0
"""Goals, notebook, needs and the page to bring along, at the keyboard: as person and as supporter."""

from __future__ import annotations

import json

import pytest
from riverside_keyboard import Keyboard

from peerkit import Referral, Service
from peerkit import open as opened


def test_a_supporter_puts_a_goal_forward_and_the_person_says_it_in_own_words(peerkit: Keyboard) -> None:
    peerkit.sits("kai")
    shown = peerkit("diabetes", "goals", "Maya (fictional)", "--barrier", "housing", "--barrier", "income")
    assert "Have the beans or lentils when a community meal has some [beans]" in shown
    assert "Each in its version for this: housing is short and money is short." in shown
    held = json.loads(peerkit("diabetes", "goals", "Maya (fictional)", "--json"))
    assert len(held) >= 30
    peerkit("diabetes", "goals", "Maya (fictional)", "--suggest", "beans", "--suggest", "shoes", lang="fr")
    assert "[beans]" not in peerkit("diabetes", "goals", "Maya (fictional)", lang="fr")
    assert "Cuisiner des haricots" in peerkit("plans", "show", "Maya (fictional)")
    wrong = peerkit("diabetes", "goals", "Maya (fictional)", "--suggest", "nothing", fails=True)
    assert "no goal of that id" in wrong
    peerkit.sits("maya")
    assert "template" in peerkit("plans", "adopt", "", "1", fails=True)
    peerkit("plans", "adopt", "", "1", "--words", typed="Lentils on Sundays with Ana")
    assert "Lentils on Sundays with Ana" in peerkit("plans", "show")


def test_goals_stand_in_a_short_list_and_in_full_by_area(peerkit: Keyboard) -> None:
    peerkit.sits("kai")
    shown = peerkit("diabetes", "goals", "Maya (fictional)", "--barrier", "revenu", lang="fr")
    assert "alimentation Boire de l’eau à un repas par jour [water]" in shown
    assert "l’argent manque" in shown
    assert "Santé Canada" not in shown
    assert "`--area alimentation`" in shown
    feet = peerkit(
        "diabetes", "goals", "Maya (fictional)", "--area", "Pieds", "--barrier", "REVENU", lang="fr"
    )
    assert "[feet-look] coût gratuit" in feet
    assert "[socks] coût rien demande" in feet
    assert "[water]" not in feet
    assert "4 buts." in feet
    wrong = peerkit("diabetes", "goals", "Maya (fictional)", "--area", "foot", fails=True)
    assert "food, movement, sleep, stress, smoking, feet, eyes, teeth" in wrong
    wrong = peerkit("diabetes", "goals", "Maya (fictional)", "--barrier", "logment", lang="fr", fails=True)
    assert "revenu (l’argent manque), logement (" in wrong


def test_what_is_short_is_said_in_the_words_of_the_language(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "begin")
    peerkit("diabetes", "notebook", "short", "--barrier", "logement", "--barrier", "cuisine", lang="fr")
    assert json.loads(peerkit("diabetes", "notebook", "show", "--json"))["barriers"] == ["housing", "kitchen"]
    wrong = peerkit("diabetes", "notebook", "short", "--barrier", "logis", lang="fr", fails=True)
    assert "revenu, logement, nourriture, transport, accès, argent" in wrong
    assert wrong.count("transport") == 1


def test_the_notebook_from_beginning_to_sharing(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "begin")
    peerkit("diabetes", "notebook", "short", "--barrier", "income", "--barrier", "kitchen")
    peerkit("diabetes", "notebook", "write", "feelings", typed="I am grieving over diabetes")
    peerkit("diabetes", "notebook", "add", "question", typed="Why am I so tired?")
    peerkit("diabetes", "notebook", "add", "support", typed="Ana | comes along")
    with opened(peerkit.url) as kit, kit.session(actor=peerkit.ids["maya"]) as s:
        [pantry] = s.find(Service)
    peerkit("diabetes", "notebook", "add", "place", "--service", pantry.id)
    peerkit("diabetes", "notebook", "add", "place", typed="the library")
    peerkit("diabetes", "notebook", "answer", "1", typed="low iron")
    shown = peerkit("diabetes", "notebook", "show")
    for told in ("I am grieving", "Why am I so tired? → low iron", "Ana: comes along", "555-0100", "library"):
        assert told in shown
    assert "Ce que c’est que de vivre avec" in peerkit("diabetes", "notebook", "show", lang="fr")
    peerkit("diabetes", "notebook", "drop", "place", "2")
    assert "the library" not in peerkit("diabetes", "notebook", "show")
    assert "none of that number" in peerkit("diabetes", "notebook", "drop", "place", "7", fails=True)
    peerkit.sits("kai")
    peerkit("diabetes", "notebook", "show", "Maya (fictional)", fails=True)
    assert "Have the beans" not in peerkit("diabetes", "goals", "Maya (fictional)")
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "share", "Kai (fictional)")
    peerkit.sits("kai")
    assert "grieving" in peerkit("diabetes", "notebook", "show", "Maya (fictional)")
    assert "Have the beans" in peerkit("diabetes", "goals", "Maya (fictional)")
    assert "Food bank (fictional)" in peerkit("diabetes", "notebook", "show", "Maya (fictional)")
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "unshare", "Kai (fictional)")
    peerkit.sits("kai")
    peerkit("diabetes", "notebook", "show", "Maya (fictional)", fails=True)


def test_the_person_reads_whom_they_let_read_their_notebook(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "begin")
    peerkit("diabetes", "notebook", "share", "Kai (fictional)")
    assert "Kai (fictional)" in peerkit("diabetes", "notebook", "show")


def test_needs_show_services_and_how_to_go_on_and_keep_nothing(peerkit: Keyboard) -> None:
    peerkit.sits("kai")
    before = peerkit("diabetes", "needs", "Maya (fictional)", fails=True)
    assert "--answers FILE" in before
    shown = peerkit("diabetes", "needs", "Maya (fictional)", "--answers", "-", typed='{"food": true}')
    assert "Food bank (fictional)" in shown
    assert "555-0100" in shown
    assert "last assured nobody has said" in shown
    assert "peerkit referrals begin 'Maya (fictional)' --service ID" in shown
    french = peerkit("diabetes", "needs", "--answers", "-", typed='{"food": true, "income": true}', lang="fr")
    assert "Le répertoire n’a rien à ce sujet." in french
    nothing = peerkit("diabetes", "needs", "--answers", "-", typed='{"food": false, "housing": null}')
    assert nothing == "Nothing is looked for. You can ask again at any time."
    for typed in ("no json", "[]", '{"weight": true}', '{"food": 1}', '{"food": "yes"}'):
        assert "--answers" in peerkit("diabetes", "needs", "--answers", "-", typed=typed, fails=True)
    with opened(peerkit.url) as kit, kit.session(actor=peerkit.ids["kai"]) as s:
        assert not s.find(Referral)


def test_the_page_is_printed_once_by_the_person(peerkit: Keyboard) -> None:
    pytest.importorskip("fpdf")
    peerkit.sits("maya")
    peerkit("diabetes", "notebook", "begin")
    empty = peerkit("diabetes", "summary", "--out", "page.pdf", "--with", "all", fails=True)
    assert "nothing yet" in empty
    assert not (peerkit.folder / "page.pdf").exists()
    peerkit("diabetes", "notebook", "add", "question", typed="Why am I so tired?")
    assert "--with goals" in peerkit("diabetes", "summary", "--out", "page.pdf", fails=True)
    peerkit("diabetes", "summary", "--out", "page.pdf", "--with", "questions", lang="fr")
    made = peerkit.folder / "page.pdf"
    assert made.read_bytes().startswith(b"%PDF")
    assert made.stat().st_mode & 0o077 == 0
    peerkit(
        "diabetes", "summary", "--out", "page.pdf", "--with", "questions", fails=True
    )  # never over another
    peerkit.sits("kai")
    line = ("diabetes", "summary", "--out", "other.pdf", "--with", "all", "--as", "supporter")
    assert "only the person prints" in peerkit(*line, fails=True)


def test_what_the_module_asks_is_refused_a_line_for_each_gate(peerkit: Keyboard) -> None:
    peerkit.sits("maya")
    head, *lines = peerkit.errors("diabetes", "join", lang="fr")
    assert head.endswith("[diabetes-gates]")
    assert len(lines) == 4
    assert "une personne coordonnatrice l’inscrit." in lines[0]
    assert all(one.startswith("  – ") for one in lines)

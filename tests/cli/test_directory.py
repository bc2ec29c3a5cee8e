# SPDX-License-Identifier: Apache-2.0
"""Searching the service directory, which needs no account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from peerkit import Service
from peerkit.demo import shelf
from peerkit.kit import Kit

Run = Callable[..., Any]


@pytest.fixture
def filled(db: str, opened: Callable[[], Kit]) -> str:
    with opened() as kit:
        robin = kit.actor_for("login", "robin")
        shelf.load(kit, robin)
        with kit.session(robin) as s:
            [garden] = [one for one in s.find(Service) if one.name == "Shared Garden"]
            s.save(garden.lapse())
    return db


def test_anybody_may_search_and_typing_errors_are_forgiven(run: Run, filled: str, document: Run) -> None:
    for words in (["pantry"], ["pantri"], ["Tuesday", "pantry"]):
        found = document(run("directory", "search", *words, "--db", filled, "--json", login="stranger"))
        assert found[0]["name"] == "Tuesday Pantry", words


def test_filters_narrow(run: Run, filled: str, document: Run) -> None:
    def names(*args: str) -> list[str]:
        return [one["name"] for one in document(run("directory", "search", *args, "--db", filled, "--json"))]

    assert names("help", "housing", "--need", "legal advice") == ["Tenants' Desk"]
    assert names("job", "--place", "Port Fable") == []
    assert "Conversation Café" in names("coffee", "english", "--language", "uk")
    assert len(names("free", "fictional", "--limit", "1")) <= 1


def test_what_is_gone_shows_only_when_asked_for(run: Run, filled: str, document: Run) -> None:
    args = ("directory", "search", "garden", "--db", filled)
    assert "Shared Garden" not in run(*args).stdout
    shown = run(*args, "--all").stdout
    assert "No longer in its source" in shown


def test_an_entry_shows_how_to_reach_it_and_when_it_was_assured(run: Run, filled: str) -> None:
    shown = run("directory", "search", "tenants", "--db", filled).stdout
    for part in (
        "555-0121 ext. 4",
        "Port Fable, Little Imaginary",
        "2026-10-01",
        "Fable County Housing Help",
    ):
        assert part in shown


def test_nothing_found_is_no_error(run: Run, filled: str) -> None:
    result = run("directory", "search", "xylophone", "--db", filled)
    assert (result.exit_code, "Nothing was found" in result.stdout) == (0, True)

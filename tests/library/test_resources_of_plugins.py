# SPDX-License-Identifier: Apache-2.0
"""Plugins add to the library: shown beside peerkit's own, found by the same words, never in its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

import peerkit
from peerkit import NotFound, PluginError, hookimpl, hooks, library
from peerkit.cli import main
from peerkit.plugins import Plugins
from peerkit.texts import Message, _

BOOK: dict[str, Any] = {
    "id": "bean-book",
    "title": "The Book of Beans",
    "publisher": "Riverside (fictional)",
    "about": "families",
    "purpose": _("A program of youth against stigma."),
    "languages": ("en",),
}


class Garden:
    name = "garden"

    def __init__(self, **otherwise: Any) -> None:
        self.given = {**BOOK, **otherwise}

    @hookimpl
    def peerkit_supply(self) -> Iterator[hooks.Supply]:
        yield hooks.Resource(**self.given)


def test_it_stands_behind_peerkits_own_where_the_plugins_are_named() -> None:
    with peerkit.open("memory:", plugins=[Garden()], discover=False) as kit:
        found = library.resources(plugins=kit.plugins)
        assert [one.id for one in found] == [*(one.id for one in library.resources()), "bean-book"]
        assert library.resources(about="families", plugins=kit.plugins)[-1].title == "The Book of Beans"
        assert library.resource("bean-book", plugins=kit.plugins).publisher == "Riverside (fictional)"
        assert [one.id for one in library.search("bèans riverside", plugins=kit.plugins)] == ["bean-book"]
        assert "bean-book" not in {one.id for one in library.resources(language="fr", plugins=kit.plugins)}
    with pytest.raises(NotFound):
        library.resource("bean-book")


@pytest.mark.parametrize(
    ("otherwise", "told"),
    [
        ({"id": "No Code"}, "id is a code"),
        ({"title": " "}, "no title"),
        ({"publisher": ""}, "no publisher"),
        ({"purpose": Message("")}, "no purpose"),
        ({"about": "beans"}, "is about one of"),
        ({"link": "file:///etc/beans"}, "no address of the web"),
        ({"verified": True}, "not where it was seen"),
        ({"id": "988"}, "988"),  # peerkit's own
    ],
)
def test_what_is_no_entry_fails_the_plugin_and_says_why(otherwise: dict[str, Any], told: str) -> None:
    with pytest.raises(PluginError) as error:
        peerkit.open("memory:", plugins=[Garden(**otherwise)], discover=False, strict=True)
    assert told in str(error.value)


def test_the_command_lists_and_finds_what_installed_plugins_add(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Plugins.load(given=[Garden()], discover=False)
    monkeypatch.setattr("peerkit.cli.commands.library.installed", lambda: found)

    def ids(*args: str) -> list[str]:
        done = CliRunner().invoke(main, ["library", *args, "--json"])
        assert done.exit_code == 0, done.output
        return [one["id"] for one in json.loads(done.stdout)]

    assert ids()[-1] == "bean-book"
    assert ids("search", "book", "beans") == ["bean-book"]

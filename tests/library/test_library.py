# SPDX-License-Identifier: Apache-2.0
"""The library of resources: titles and links, what each is for, and how surely that is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from peerkit import Malformed, NotFound, library
from peerkit.cli import main
from peerkit.texts import for_locale

NAMED = (
    "Guidelines for the Practice and Training of Peer Support",
    "One Pager",
    "What is peer support?",
    "What is Peer Support?",
    "Recovery-Oriented Practice",
    "Introduction to the recovery-oriented guidelines",
    "national framework",
    "Recovery Oriented Language Guide",
    "Journeys",
    "Therapeutic Relationships",
    "Making the Case",
    "Vancouver Peer Reference Group",
    "Peer Support Canada",
    "Mental Health First Aid",
    "The Working Mind",
    "The Inquiring Mind",
    "SPARK",
    "HEADSTRONG",
    "suicide",
    "caregivers",
    "9-8-8",
    "Distress centres",
    "At Home/Chez Soi",
    "Core Essentials",
    "Diabetes-Informed",
)
"""What the program documents name, written by hand from the list of what must be reachable."""


@pytest.mark.parametrize("named", NAMED)
def test_what_program_documents_name_is_there(named: str) -> None:
    assert [one.id for one in library.resources() if named in one.title]


def test_every_resource_says_what_it_is_for_and_how_surely_it_is_known() -> None:
    found = library.resources()
    assert len({one.id for one in found}) == len(found)
    for one in found:
        assert one.purpose
        assert one.seen
        assert one.as_of
        assert one.about in library.ABOUT
        assert not one.verified or one.publisher
        assert not one.link or one.link.startswith("https://")
        assert " " not in one.link
        if "general knowledge" in one.seen or "not found" in one.seen:
            assert not one.verified


def test_seven_values_and_thirteen_principles_each_with_an_honest_source() -> None:
    assert [one.number for one in library.values()] == list(range(1, 8))
    assert [one.number for one in library.principles()] == list(range(1, 14))
    assert library.values()[2].words == "Self-determination"
    assert not any(one.verified for one in (*library.values(), *library.principles()))


def test_searching_folds_accents_and_speaks_french() -> None:
    assert [one.id for one in library.search("LANGUAGE guide")][:1] == ["language-guide"]
    assert "caregiver-toolkit" in {one.id for one in library.search("proches aidants", locale="fr")}
    assert library.search("no such thing") == ()
    assert for_locale("fr")(library.values()[0].words) == "Espoir et rétablissement"


def test_narrowing_and_bad_input() -> None:
    assert {one.about for one in library.resources(about="evidence")} == {"evidence"}
    assert all("fr" in one.languages for one in library.resources(language="fr"))
    with pytest.raises(Malformed):
        library.resources(about="weather")
    with pytest.raises(NotFound):
        library.resource("weather")
    assert library.resource("988").link == "https://988.ca"


def test_on_the_command_line() -> None:
    def run(*line: str) -> str:
        done = CliRunner().invoke(main, ["library", *line])
        assert done.exit_code == 0, done.output
        return done.output

    assert "Vancouver Peer Reference Group" in run()
    assert {one["id"] for one in json.loads(run("search", "diabetes", "--json"))} == {"diabetes-informed"}
    assert "Nothing was found" in run("search", "weather")
    assert len(json.loads(run("values", "--json"))) == 20
    assert "Autodétermination" in run("values", "--lang", "fr")


def test_nobody_elses_text_is_bundled() -> None:
    folder = Path(library.__file__).parent / "data"
    assert sorted(one.name for one in folder.iterdir()) == ["resources.toml", "values.toml"]

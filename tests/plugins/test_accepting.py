# SPDX-License-Identifier: Apache-2.0
"""A program takes the plugins that it accepted, proposes the rest, and never widens access by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from beside import DISABLED

import peerkit
from peerkit import Person
from peerkit.plugins import Plugins
from peerkit.texts import for_locale

GARDEN = """
from peerkit import Objection, hookimpl
from peerkit.hooks import Access

@hookimpl
def peerkit_supply():
    return [Access(reads={reads!r}, writes={writes!r})]

@hookimpl
def peerkit_check(proposal):
    yield Objection("garden", "the garden is closed")
"""


def garden(reads: set[str] = frozenset({"person"}), writes: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    return GARDEN.format(reads=set(reads) or [], writes=set(writes) or [])


def accepted(site: Any) -> dict[str, Any]:
    """What a program stores when it is founded, after a round through JSON."""
    site.load()
    kept: dict[str, Any] = json.loads(json.dumps(site.acceptance))
    return kept


def test_a_sandbox_loads_what_it_finds_and_says_what_it_took(site: Any) -> None:
    site.install("peerkit-garden", "1.2", name="garden", source=garden({"person", "goal_plan"}, {"task"}))
    site.install("peerkit-broken", name="broken", source="1 / 0\n")

    assert accepted(site) == {
        "garden": {
            "version": "1.2",
            "dist": "peerkit-garden",
            "access": {"reads": ["goal_plan", "person"], "writes": ["task"]},
            "hooks": ["peerkit_supply", "peerkit_check"],
            "kinds": [],
        }
    }


def test_what_is_installed_later_waits_and_is_not_imported(site: Any) -> None:
    site.install("peerkit-garden", name="garden")
    kept = accepted(site)
    site.install("peerkit-late", "0.4", name="late")

    found = site.load(accepted=kept)

    assert found["garden"]["status"] == "loaded"
    assert found["garden"]["configured"]
    assert found["late@peerkit-late"]["status"] == "proposed"
    assert found["late@peerkit-late"]["error"] == "waits to be accepted: peerkit plugins accept late"
    assert "peerkit_late" not in site.imported
    assert site.acceptance == kept


def test_an_empty_entry_accepts_what_is_found(site: Any) -> None:
    site.install("peerkit-late", "0.4", name="late")

    assert site.load(accepted={"late": {}})["late"]["status"] == "loaded"
    assert site.acceptance["late"]["version"] == "0.4"


def test_a_newer_version_is_loaded_by_itself(site: Any) -> None:
    site.install("peerkit-garden", "1.0", name="garden", source=garden({"person", "goal_plan"}))
    kept = accepted(site)
    site.remove("peerkit-garden", "1.0")
    site.install("peerkit-garden", "2.0", name="garden", source=garden({"person"}))

    found = site.load(accepted=kept)

    assert (found["garden"]["status"], found["garden"]["version"]) == ("loaded", "2.0")
    assert site.acceptance["garden"]["version"] == "2.0"
    assert site.acceptance["garden"]["access"]["reads"] == ["person"]


@pytest.mark.parametrize(
    ("reads", "writes", "more"),
    [
        ({"person", "concern"}, set(), "reads concern"),
        ({"*"}, set(), "reads every kind"),
        ({"person"}, {"task"}, "writes task"),
        ({"person", "alert"}, {"task"}, "reads alert and writes task"),
    ],
)
def test_a_newer_version_that_wants_more_waits(
    site: Any, reads: set[str], writes: set[str], more: str
) -> None:
    site.install("peerkit-garden", "1.0", name="garden", source=garden({"person"}))
    kept = accepted(site)
    site.remove("peerkit-garden", "1.0")
    site.install("peerkit-garden", "2.0", name="garden", source=garden(reads, writes))

    found = site.load(accepted=kept)["garden@peerkit-garden"]

    assert (found["status"], found["version"], found["configured"]) == ("proposed", "2.0", True)
    assert found["error"] == f"it now {more}, which was not accepted: peerkit plugins accept garden"
    assert site.acceptance == kept
    assert site.load(accepted={**kept, "garden": {}})["garden"]["status"] == "loaded"


def test_every_kind_that_was_accepted_covers_each_single_one(site: Any) -> None:
    site.install("peerkit-garden", "1.0", name="garden", source=garden({"*"}))
    kept = accepted(site)
    site.remove("peerkit-garden", "1.0")
    site.install("peerkit-garden", "1.1", name="garden", source=garden({"person", "concern"}))

    assert site.load(accepted=kept)["garden"]["status"] == "loaded"


def test_another_distribution_cannot_take_an_accepted_name(site: Any) -> None:
    site.install("peerkit-garden", "1.0", name="garden")
    kept = accepted(site)
    site.install("their-garden", "9.0", name="garden")

    found = site.load(accepted=kept)

    assert found["garden"]["dist"] == "peerkit-garden"
    assert found["garden@their-garden"]["error"] == "the plugin accepted as garden comes from peerkit-garden"
    assert "their_garden" not in site.imported


def test_two_that_wait_under_one_name_stop_nothing(site: Any) -> None:
    site.install("peerkit-garden", "1.0", name="garden")
    site.install("their-garden", "9.0", name="garden")

    found = site.load(accepted={})

    assert {record["status"] for record in found.values()} == {"proposed"}
    assert "garden 9.0 (their-garden) has this name too" in found["garden@peerkit-garden"]["error"]
    taken = site.load(accepted={"garden": {}})  # it does not say whose: a program goes on without either
    assert taken["garden"]["status"] == "failed"
    both = "two plugins are called garden: garden 1.0 (peerkit-garden) and garden 9.0 (their-garden)"
    assert both in taken["garden"]["error"]
    strict = site.load(accepted={"garden": {}}, strict=True)
    assert "two plugins are called garden" in strict


def test_an_accepted_plugin_that_is_gone_is_a_failure(site: Any) -> None:
    site.install("peerkit-garden", "1.0", name="garden")
    kept = accepted(site)
    site.remove("peerkit-garden", "1.0")

    found = site.load(accepted=kept)["garden"]

    assert (found["status"], found["version"], found["configured"]) == ("failed", "1.0", True)
    assert "install peerkit-garden again, or block it" in found["error"]
    assert site.load(accepted=kept, block=["garden"])["garden"]["status"] == "blocked"
    assert site.load(accepted=kept, discover=False)["garden"]["status"] == "blocked"
    assert "plugin garden 1.0 (peerkit-garden): was accepted" in site.load(accepted=kept, strict=True)


@pytest.fixture
def here(site: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The site on this process's own path."""
    monkeypatch.syspath_prepend(str(site.folder))
    monkeypatch.setenv("PEERKIT_DISABLE_PLUGINS", DISABLED)
    return site


def codes(plugins: Plugins, proposal_for: Callable[..., Any]) -> list[str]:
    return [objection.code for objection in plugins.check(proposal_for)]


def test_commits_that_a_missing_check_would_judge_are_refused(
    here: Any, proposal: Callable[..., Any], kit: peerkit.Kit
) -> None:
    here.install("peerkit-brittle", "1.0", name="brittle", source="1 / 0\n")
    kept = {"version": "0.9", "dist": "peerkit-brittle", "access": {"reads": ["person"], "writes": []}}
    enrolment = proposal(kit.new(lambda: Person.enrol(name="Maya")))
    task = proposal(kit.new(lambda: peerkit.Task.give(owner="somebody", what="water")))

    with_check = Plugins.load(accepted={"brittle": {**kept, "hooks": ["peerkit_check"]}})
    without = Plugins.load(accepted={"brittle": {**kept, "hooks": ["peerkit_respond"]}})
    unknown = Plugins.load(accepted={"brittle": {}})
    blocked = Plugins.load(accepted={"brittle": {**kept, "hooks": ["peerkit_check"]}}, block=["brittle"])

    assert codes(with_check, enrolment) == ["check-missing"]
    assert codes(with_check, task) == []
    assert codes(without, enrolment) == []
    assert codes(unknown, task) == ["check-missing"]
    assert codes(blocked, enrolment) == []
    [objection] = with_check.check(enrolment)
    assert "plugin brittle 1.0 (peerkit-brittle) is missing (failed)" in objection.sentence
    french = for_locale("fr")(objection.sentence)
    assert "la vérification de l’extension brittle 1.0 (peerkit-brittle) manque" in french


def test_the_check_of_a_version_that_waits_is_missed(here: Any, proposal: Callable[..., Any]) -> None:
    here.install("peerkit-wider", "2.0", name="wider", source=garden({"person", "concern"}))
    kept = {"version": "1.0", "dist": "peerkit-wider", "access": {"reads": ["person"], "writes": []}}

    plugins = Plugins.load(accepted={"wider": kept})

    assert codes(plugins, proposal(Person.enrol(name="Maya"))) == ["check-missing"]
    assert codes(plugins, proposal(peerkit.Task.give(owner="somebody", what="water"))) == []

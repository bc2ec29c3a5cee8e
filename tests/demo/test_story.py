# SPDX-License-Identifier: Apache-2.0
"""The demo: what it plays is refused, climbs and closes for real, and what is told comes from the store."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import peerkit
from peerkit import Disclosure, Person, Read, Referral
from peerkit.cli import main
from peerkit.cli.app import App
from peerkit.demo import shelf
from peerkit.demo.play import open_stage, play
from peerkit.demo.story import Story, Tone
from peerkit.demo.tell import tell

ENV = {key: value for key, value in os.environ.items() if not key.startswith("PEERKIT_")}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database in which the journey was played by another process's command line."""
    made = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}"
    ended = _peerkit("demo", "--db", made, "--json")
    assert ended.returncode == 0, ended.stderr
    (Path(made.removeprefix("sqlite:///")).parent / "told.json").write_text(ended.stdout, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def told(url: str) -> dict[str, Any]:
    """What the process that played it told."""
    text = (Path(url.removeprefix("sqlite:///")).parent / "told.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    with open_stage("memory:") as stage:
        play(stage)
        yield tell(stage.kit)


def _peerkit(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "peerkit", *args]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**ENV, **env}, stdin=subprocess.DEVNULL
    )


def test_a_second_process_tells_the_same_story_from_the_database_alone(
    url: str, told: dict[str, Any]
) -> None:
    again = _peerkit("story", "--db", url, "--json")
    assert again.returncode == 0, again.stderr
    second = json.loads(again.stdout)
    assert {k: v for k, v in second.items() if k != "verify"} == {
        k: v for k, v in told.items() if k != "verify"
    }
    # The telling itself is written down as reading, so the feed has grown by that and by nothing else.
    assert second["verify"]["positions"] > told["verify"]["positions"]
    assert told["verify"]["intact"] is second["verify"]["intact"] is True


def test_what_is_refused_was_tried_for_real(told: dict[str, Any]) -> None:
    assert [(one["who"], one["codes"], one["acts"]) for one in told["refusals"]] == [
        ("Tomas", ["not-theirs"], ["goal_plan.adopt"]),
        ("Tomas", ["unexplained"], []),
        ("Tomas", ["no-consent"], ["referral.send"]),
    ]


def test_the_alert_climbs_unanswered_is_taken_and_acted_on(told: dict[str, Any]) -> None:
    [alert] = told["alerts"]
    assert alert["state"] == "closed"
    steps = [(one["acts"][0], one["level"], one["step"], one["asked"]) for one in alert["timeline"]]
    assert steps[:6] == [
        ("open", "today", "", []),
        ("raise_level", "now", "", []),
        ("climb", "now", "supervisor", ["Ines"]),
        ("climb", "now", "on-call", ["Jo"]),
        ("climb", "now", "coordinator", ["Robin"]),
        ("acknowledge", "now", "coordinator", ["Robin"]),
    ]
    assert alert["timeline"][-1]["acts"] == ["act_on", "close"]
    assert [one["at"] for one in alert["timeline"]] == sorted(one["at"] for one in alert["timeline"])


def test_one_referral_is_recalled_and_one_closed_by_the_persons_answer(told: dict[str, Any]) -> None:
    first, second = told["referrals"]
    acts = [act for one in first["timeline"] for act in one["acts"]]
    assert acts == ["begin", "send", "hand_over", "accepted", "recall"]
    assert (first["state"], first["timeline"][-1]["recorded_by"]) == ("recalled", "peerkit")
    acts = [act for one in second["timeline"] for act in one["acts"]]
    assert acts == ["begin", "send", "hand_over", "record_outcome", "answer"]
    assert (second["state"], second["timeline"][-1]["decided_by"]) == ("closed", ["Maya"])


def test_the_store_holds_what_the_story_says(url: str, told: dict[str, Any]) -> None:
    with peerkit.open(url, discover=False) as kit:
        [maya] = [one for one in kit._find_all("person") if one.name == "Maya Example"]
        with kit.session(maya) as s:
            assert [one.answered for one in s.find(Referral, state="closed")] == ["yes"]
            assert len(s.find(Disclosure)) == told["counts"]["disclosure"] == 4
            # Maya reads who read about her, the telling included.
            assert any("story" in one.why for one in s.find(Read))
        for kind, many in told["counts"].items():
            if kind != "read":
                assert kit.storage.count(peerkit.ports.Query(kind)) == many, kind
        assert kit.verify().intact


def test_the_story_grows_with_the_feed_and_not_with_the_script(url: str, tmp_path: Path) -> None:
    with open_stage(f"sqlite:///{tmp_path / 'other.db'}") as stage:
        play(stage)
        before = tell(stage.kit)
        with stage.kit.session(stage.as_(stage.robin)) as s:
            s.save(Person.enrol(name="Una Invented"))
        after = tell(stage.kit)
    lines = [line.text for chapter in after.chapters for line in chapter.lines]
    assert "Robin enrols Una Invented." in lines
    assert after.counts["person"] == before.counts["person"] + 1


def test_what_was_erased_is_told_as_erased(tmp_path: Path) -> None:
    with open_stage(f"sqlite:///{tmp_path / 'erased.db'}") as stage:
        play(stage)
        [plan] = stage.kit._find_all("goal_plan")
        stage.kit.erase(plan, basis="wish", asked_by=stage.maya, decided_by=stage.robin)
        told = tell(stage.kit)
    lines = [line.text for chapter in told.chapters for line in chapter.lines]
    assert not [line for line in lines if "sister" in line]
    assert "goal_plan.adopt (erased)" in lines


def test_each_decision_says_whose_it_was_and_how(story: Story) -> None:
    by = {line.by for chapter in story.chapters for line in chapter.lines}
    assert {
        "Maya, in their own account",
        "Maya, spoken, recorded by Tomas",
        "Tomas, on paper, recorded by Robin",
    } <= by
    assert sum(line.tone is Tone.refused for chapter in story.chapters for line in chapter.lines) == 3


def test_no_act_is_told_without_a_phrase_of_its_own(story: Story) -> None:
    # What nobody wrote a phrase for reads `Robin: some kind, some act.`
    plain = re.compile(r"^\w+: [a-z ]+, [a-z ]+\.$")
    assert [line.text for c in story.chapters for line in c.lines if plain.match(line.text)] == []


def test_the_words_are_those_of_peer_support(story: Story) -> None:
    said = " ".join(line.text for chapter in story.chapters for line in chapter.lines).lower()
    for word in ("patient", "client", " case ", "treatment", "discharge", "compliance", "intervention"):
        assert word not in said


def test_it_reads_at_80_columns_without_colour_and_piped(url: str) -> None:
    shown = _peerkit("story", "--db", url)
    assert shown.returncode == 0
    assert shown.stderr == ""
    lines = shown.stdout.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert "\x1b" not in shown.stdout
    assert [line for line in lines if line != line.rstrip()] == []
    narrow = _peerkit("story", "--db", url, COLUMNS="48")
    assert max(len(line) for line in narrow.stdout.splitlines()) <= 48


def test_it_leaves_a_healthy_program_to_look_at(url: str) -> None:
    health = _peerkit("health", "--json", "--db", url)
    assert health.returncode == 6  # nobody in it can be reached but over the console, and no more is wrong
    assert [one["code"] for one in json.loads(health.stdout)["problems"] if one["grave"]] == ["console-only"]
    assert "Tuesday Pantry" in _peerkit("directory", "search", "pantry", "--db", url).stdout


def test_in_memory_it_promises_no_second_telling() -> None:
    from click.testing import CliRunner

    told = CliRunner().invoke(main, ["demo", "--db", "memory:"], obj=App(login="somebody")).output
    assert "It was played in memory and is gone now" in told
    assert "peerkit story" not in told


def test_without_a_database_it_keeps_a_new_one_and_names_it() -> None:
    result = CliRunner().invoke(main, ["demo"], obj=App(login="somebody"))
    assert result.exit_code == 0, result.output
    named = re.search(r"peerkit story --db (sqlite:///\S+)", result.stdout)
    assert named is not None
    file = Path(named[1].removeprefix("sqlite:///"))
    assert file.exists()
    assert "datasette" in result.stdout
    for part in (file, *file.parent.iterdir()):
        part.unlink(missing_ok=True)
    file.parent.rmdir()


def test_a_demo_does_not_play_in_a_program(url: str) -> None:
    again = _peerkit("demo", "--db", url)
    assert again.returncode == 4
    assert "a program here already" in again.stderr


def test_the_story_of_a_real_program_is_not_told(tmp_path: Path) -> None:
    real = f"sqlite:///{tmp_path / 'real.db'}"
    settings = {"name": "A real program", "coordinator": {"name": "R"}, "uncovered": "always"}
    peerkit.open(real, settings=settings, discover=False).close()
    assert _peerkit("story", "--db", real).returncode == 2


def test_a_directory_needs_its_plugin_and_says_so(tmp_path: Path) -> None:
    ended = _peerkit("demo", "--directory", str(tmp_path), PEERKIT_NO_PLUGIN_AUTOLOAD="1")
    assert ended.returncode == 5
    assert "pip install peerkit-hsds" in ended.stderr


@pytest.mark.data
def test_on_a_real_directory_it_imports_and_refers_into_it(real_data: Any, tmp_path: Path) -> None:
    pytest.importorskip("peerkit_hsds")
    source = "https://github.com/bchd/bahc-ohana-api (commit 8573098)"
    folder = real_data("hsds/baltimore", source=source)
    url = f"sqlite:///{tmp_path / 'baltimore.db'}"
    played = _peerkit("demo", "--db", url, "--directory", str(folder), "--json")
    assert played.returncode == 0, played.stderr
    told = json.loads(played.stdout)
    assert told["counts"]["service"] > 1_800
    assert told["verify"]["intact"] is True
    assert [one["state"] for one in told["referrals"]] == ["recalled", "closed"]
    again = json.loads(_peerkit("story", "--db", url, "--json").stdout)
    assert {k: v for k, v in again.items() if k != "verify"} == {
        k: v for k, v in told.items() if k != "verify"
    }
    found = json.loads(_peerkit("directory", "search", "houseing", "--db", url, "--json").stdout)
    assert found


def test_everything_in_the_directory_is_made_up() -> None:
    for entry in shelf.entries():
        assert "(fictional)" in entry["organization"]
        assert all(re.fullmatch(r"555-01\d\d", phone["number"]) for phone in entry["phones"])
        assert not entry.get("website") or entry["website"].endswith(".example.org")
        assert not entry.get("email") or entry["email"].endswith(".example.org")

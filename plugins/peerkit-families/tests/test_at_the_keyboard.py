# SPDX-License-Identifier: Apache-2.0
"""The module's commands, each in a process of its own, in a program that `peerkit init` founded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import attrs
import pytest

import peerkit
from peerkit import Concern, Decision, Person, Relationship

NOBODY_YET = 6
"""It is stored, and only the console was told, where nobody sees it: a program with e-mail ends with 0."""
CANARY = "canary: he has not come home"
SETTINGS = """
name = "Riverside (fictional)"
region = "CA-ON"
[coordinator]
name = "Robin (fictional)"
reach = ["console:robin"]
[[on_call]]
name = "Jo (fictional)"
reach = ["console:jo"]
"""


@attrs.define
class There:
    """The program, and `there("families", "worry", input="…")` in it, as whoever founded it."""

    folder: Path
    env: dict[str, str]
    coordinator: str = ""

    def __call__(self, *args: str, input: str = "", **more: str) -> CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "peerkit", *args],
            check=False,
            capture_output=True,
            encoding="utf-8",
            input=input,
            env={**self.env, "PYTHONIOENCODING": "utf-8", **more},
            cwd=self.folder,
        )

    def open(self) -> peerkit.Kit:
        return peerkit.open(self.env["PEERKIT_DB"])

    def enrol(self, name: str) -> Person:
        """Somebody of the program."""
        with self.open() as kit, kit.session(actor=self.coordinator) as s:
            return s.save(Person.enrol(name=f"{name} (fictional)"))

    def concerns(self) -> list[Concern]:
        """What was raised, as the coordinator reads it, the oldest first."""
        with self.open() as kit, kit.session(actor=self.coordinator) as s:
            return sorted(s.find(Concern), key=lambda one: one.id)

    def people(self) -> int:
        """How many the program knows."""
        with self.open() as kit, kit.session(actor=self.coordinator) as s:
            return s.count(Person)


@pytest.fixture
def there(tmp_path: Path) -> There:
    settings = tmp_path / "riverside.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    away = {"PEERKIT_NO_PLUGIN_AUTOLOAD", "PEERKIT_DISABLE_PLUGINS", "PEERKIT_LANG", "PEERKIT_PACKS"}
    env = {name: value for name, value in os.environ.items() if name not in away}
    env["PEERKIT_DB"] = f"sqlite:///{tmp_path}/riverside.db"
    made = There(tmp_path, env)
    founded = made("init", "--settings", str(settings), "--json")
    assert founded.returncode == 0, founded.stderr
    [made.coordinator] = json.loads(founded.stdout)["linked"].values()
    return made


def test_what_happens_is_said_before_and_what_to_do_after(there: There) -> None:
    before = there.people()
    done = there("families", "worry", input=CANARY)
    assert done.returncode == NOBODY_YET, done.stderr
    told = done.stdout
    assert told.index("call first") < told.index("goes at once") < told.index("The alarm is stored.")
    assert told.index("The alarm is stored.") < told.index("9-8-8")
    assert CANARY not in told + done.stderr
    [made] = there.concerns()
    assert (made.words, made.about) == (CANARY, "")
    assert there.people() == before  # nobody was written down for it


def test_nothing_that_comes_back_tells_whether_they_are_there(there: There) -> None:
    ben = there.enrol("Ben")
    shown = []
    for name in ("Ben (fictional)", "Nobody Of That Name"):
        done = there("families", "worry", "--about", name, "--json", input=CANARY)
        assert done.returncode == NOBODY_YET, done.stderr
        assert ben.id not in done.stdout + done.stderr
        found = json.loads(done.stdout)
        shown.append({key: value for key, value in found.items() if key not in {"alert", "reference"}})
    assert shown[0] == shown[1]
    known, unknown = there.concerns()
    assert (known.about, known.words) == (ben.id, CANARY)
    assert unknown.about == ""
    assert "Nobody Of That Name" in unknown.words  # not lost: whoever comes reads it


def test_whoever_it_is_about_sees_that_somebody_worried_and_not_who(there: There) -> None:
    ben = there.enrol("Ben")
    done = there("families", "worry", "--about", "Ben (fictional)", input=CANARY)
    assert done.returncode == NOBODY_YET
    with there.open() as kit:
        [alert] = kit.alerts(actor=ben)
        assert alert.person == ben.id
        with kit.session(actor=ben) as s:
            assert not s.find(Concern)
            told = repr(s.history(type(alert), alert.id)) + repr(kit.log(actor=ben))
        assert CANARY not in told
        assert str(there.coordinator) not in repr(alert)  # who said it


@pytest.mark.parametrize("args", [("--no-such-option",), ("--words", "no-such-file")])
def test_whatever_goes_wrong_whom_to_call_is_there(there: There, args: tuple[str, ...]) -> None:
    done = there("families", "worry", *args, input=CANARY)
    assert done.returncode == 6
    assert "9-8-8" in done.stderr
    assert CANARY not in done.stdout + done.stderr


def test_where_there_is_no_program_too(there: There) -> None:
    done = there("families", "worry", input=CANARY, PEERKIT_DB="sqlite:////nowhere/at/all.db")
    assert done.returncode == 6
    assert "9-8-8" in done.stderr


def test_it_is_said_in_french(there: There) -> None:
    told = there("families", "worry", input=CANARY, PEERKIT_LANG="fr").stdout
    assert "appelez d’abord" in told
    assert "call first" not in told


def test_an_enquiry_is_as_family_and_asks_nothing_about_anybody_else(there: There) -> None:
    ana = there.enrol("Ana")
    heard = ("--decided-by", "Ana (fictional)", "--how", "spoken")
    done = there("families", "enquire", "Ana (fictional)", *heard, "--words", input="to sleep again")
    assert done.returncode == 0, done.stderr
    with there.open() as kit, kit.session(actor=there.coordinator) as s:
        [asked] = s.find(Relationship, person=ana)
    assert (asked.seeking_as, asked.state, asked.hopes) == ("family", "enquiry", "to sleep again")


def test_the_track_says_what_is_there_and_what_is_open(there: There) -> None:
    kai = there.enrol("Kai")
    with there.open() as kit, kit.session(actor=there.coordinator) as s:
        by = Decision.of(kai, how="spoken")
        s.save(peerkit.PeerSupporter.welcome(kai, experience="family", by=by))
    done = there("families", "track", "Kai (fictional)", "--groups", "--json")
    assert json.loads(done.stdout) == [
        {"gate": "experience", "open": False},
        {"gate": "track", "open": True},
        {"gate": "facilitation", "open": True},
    ]
    shown = there("families", "track", "Kai (fictional)").stdout
    assert "family-peer-support" in shown
    assert "group-facilitation" not in shown


def test_the_library_and_the_ideas_have_what_the_module_brings(there: There) -> None:
    found = {one["id"]: one for one in json.loads(there("library", "--json").stdout)}
    assert found["caregiver-101"]["publisher"] == "Ontario Caregiver Organization"
    assert "Une heure environ" in there("library", "search", "Caregiver 101", PEERKIT_LANG="fr").stdout

# SPDX-License-Identifier: Apache-2.0
"""`peerkit restored`, after an older file was put back."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import peerkit
from peerkit import Consent, Decision, Feedback, Person, SafetyPlan
from peerkit.kit import Kit

Run = Callable[..., Any]


def put_back(copy: Path, file: Path) -> None:
    """The older file over the newer one, with nothing of the newer one's beside it."""
    for end in ("-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)
    shutil.copy(copy, file)


@pytest.fixture
def back(run: Run, db: str, tmp_path: Path, opened: Callable[[], Kit]) -> dict[str, str]:
    """The program, put back from before a concern, and from before Maya refused all sharing."""
    file, copy = tmp_path / "program.db", tmp_path / "copy.db"
    with opened() as kit:
        robin = kit.actor_for("login", "robin")
        with kit.session(actor=robin) as s:
            maya = s.save(Person.enrol(name="Maya Specimen"))
    shutil.copy(file, copy)
    with opened() as kit:
        alert = kit.concern("CANARY", about=maya).alert
        with kit.session(actor=robin) as s:
            no = s.save(Consent.refuse(person=maya, by=Decision.of(maya, how="spoken")))
    put_back(copy, file)
    return {"maya": maya.id, "alert": alert, "consent": no.id}


def test_listed_walked_and_done(run: Run, db: str, back: dict[str, str], opened: Callable[[], Kit]) -> None:
    listed = run("restored", "list", "--db", db)
    assert listed.exit_code == 0, listed.output
    assert "an alert of level now was opened and is not here" in listed.stdout
    assert "Maya Specimen" in listed.stdout
    assert "put back" in listed.stderr
    assert "CANARY" not in listed.output
    found = json.loads(run("restored", "list", "--db", db, "--json").stdout)
    assert [one["id"] for one in found] == [back["alert"], back["consent"]]

    early = run("restored", "done", "--db", db)
    assert (early.exit_code, "gaps-open" in early.output) == (1, True)
    nobody = run("restored", "walk", "1", "again", "--db", db, login="stranger")
    assert nobody.exit_code != 0
    jo = run("restored", "walk", "1", "again", "--db", db, login="jo")
    assert "no-right" in jo.output
    first = run("restored", "walk", "1", "again", "--db", db)
    assert (first.exit_code, "The alert rings anew." in first.stdout) == (0, True)
    assert re.search(r"^ +2 ", first.stdout, re.MULTILINE), "the numbers stay as they were"
    assert run("restored", "walk", "1", "again", "--db", db).exit_code != 0
    second = run("restored", "walk", "2", "again", "--db", db)
    assert (second.exit_code, "Done once more: consent: refuse" in second.stdout) == (0, True)
    assert "Then: peerkit restored done" in second.stdout
    assert "Then: peerkit restored done" in run("restored", "list", "--db", db).stdout
    last = run("restored", "done", "--db", db)
    assert "Everything is walked" in last.stdout
    with opened() as kit:
        assert "held" not in {one.code for one in kit.health().problems}
        assert [one.id for one in kit._find_all("alert")] == [back["alert"]]
        assert [one.state for one in kit._find_all("consent")] == ["refused"]


def test_what_was_taken_back_is_listed_whatever_opened_it(
    run: Run, db: str, tmp_path: Path, opened: Callable[[], Kit]
) -> None:
    file, copy = tmp_path / "program.db", tmp_path / "copy.db"
    with opened() as kit:
        robin = kit.actor_for("login", "robin")
        with kit.session(actor=robin) as s:
            maya, kai = s.save(Person.enrol(name="Maya Specimen")), s.save(Person.enrol(name="Kai Sample"))
        with kit.session(actor=maya) as s:
            plan = s.save(SafetyPlan.begin(person=maya).share(kai).let_callers())
            said = s.save(Feedback.give(person=maya, words="CANARY").share(kai))
        kit.link("login", "maya", maya, actor=robin)
    shutil.copy(file, copy)
    with opened() as kit:
        with kit.session(actor=maya) as s:
            s.save(plan.unshare(kai).shut_callers())
            s.save(said.unshare(kai))
        kit.unlink("login", "maya", actor=kit.actor_for("login", "robin"))
    put_back(copy, file)
    found = json.loads(run("restored", "list", "--db", db, "--json").stdout)
    assert [(one["of"], one["acts"]) for one in found] == [
        ("safety_plan", ["unshare", "shut_callers"]),
        ("feedback", ["unshare"]),
        ("read", ["log"]),
    ]
    shown = run("restored", "list", "--db", db)
    assert "a login was taken away" in shown.stdout
    assert "CANARY" not in shown.output


def test_what_is_no_gap(run: Run, db: str, back: dict[str, str]) -> None:
    for gap in ("9", "0", "²", back["maya"], "nonsense"):
        answer = run("restored", "walk", gap, "closed", "--db", db)
        assert (answer.exit_code != 0, "there is no gap" in answer.output) == (True, True)
    assert run("restored", "walk", "1", "erased", "--db", db).exit_code == 2


def test_a_copy_is_whole_and_new_and_in_the_log(run: Run, db: str, tmp_path: Path) -> None:
    for login in ("robin", "stranger"):
        made = run("backup", str(tmp_path / f"{login}.db"), "--db", db, login=login)
        assert made.exit_code == 0, made.output
        assert run("verify", "--db", f"sqlite:///{tmp_path / login}.db").exit_code == 0
    again = run("backup", str(tmp_path / "robin.db"), "--db", db)
    assert again.exit_code == 4, "a file that is there is left as it is"
    with peerkit.open(db) as kit:
        readers = [one.reader for one in kit._find_all("read") if one.why == "backup"]
    assert "system:operator" in readers


def test_a_store_that_was_not_put_back(run: Run, db: str) -> None:
    assert "Nothing is left" in run("restored", "list", "--db", db).stdout
    assert run("restored", "done", "--db", db).exit_code == 0

# SPDX-License-Identifier: Apache-2.0
"""A program's own questionnaires from the keyboard; the how-to page plays the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from own_questionnaires import BARE, CLINICAL, MILDER, PACK, WEEK

from peerkit import Questionnaire
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]


def test_each_line_says_what_there_is_to_know_before_it_is_used(
    run: Run, db: str, document: Run, opened: Opened, newer: Callable[[str], None]
) -> None:
    bare = CLINICAL.replace('"week"', '"form"')[: CLINICAL.index("[[texts]]")]
    odd = PACK.replace('"week"', '"asq"')
    for text in (WEEK, MILDER, bare.replace("text_included = true", "text_included = false")):
        added = run("instruments", "add", "-", "--db", db, input=text)
        assert added.exit_code == 0, added.output
    with opened() as kit:
        dark = Questionnaire.add(WEEK.replace('"1.0"', '"2.0"'))
        kit.write([dark, Questionnaire.add(odd)])
    newer(dark.id)
    said = run("instruments", "withdraw", "week", "--version", "1.1", "--db", db)
    assert said.exit_code == 0, said.output
    lines = document(run("instruments", "--json", "--db", db))
    found = {(one["id"], one["version"]): one["state"] for one in lines if one["origin"] == "program"}
    assert found == {
        ("", ""): "unreadable",
        ("asq", "1.0"): "unreadable",
        ("form", "1.0"): "off",
        ("week", "1.0"): "on",
        ("week", "1.1"): "withdrawn",
    }
    told = " ".join(run("instruments", "--db", db).stdout.split())
    assert ", off, no wording" in told
    assert "Off until it is said who receives what it finds: `peerkit instruments receive clinical" in told
    assert "cannot be read: this peerkit cannot read the record: update peerkit" in told
    french = run("--lang", "fr", "instruments", "--db", db).stdout
    assert "sans texte" in french
    assert "retiré" in french


def test_a_file_comes_in_byte_for_byte(run: Run, db: str, tmp_path: Path, opened: Opened) -> None:
    raw = WEEK.replace("\n", "\r\n").encode()
    file = tmp_path / "week.toml"
    file.write_bytes(raw)
    assert run("instruments", "add", str(file), "--db", db).exit_code == 0
    with opened() as kit:
        (held,) = kit._find_all(Questionnaire.kind)
    assert held.sha256 == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize(
    ("text", "login", "code", "says"),
    [
        ("no questionnaire", "robin", 1, "line 1, column 4"),
        (WEEK.replace('level = "today"', 'level = "soon"'), "robin", 1, "triage.alone.level"),
        (WEEK, "jo", 1, "no-right"),
        (WEEK, "stranger", 3, "linked to nobody"),
        (PACK, "robin", 1, "bring that in first"),
    ],
)
def test_what_does_not_come_in_says_why(
    run: Run, db: str, *, text: str, login: str, code: int, says: str
) -> None:
    refused = run("instruments", "add", "-", "--db", db, login=login, input=text)
    assert refused.exit_code == code
    assert says in refused.output
    missing = run("instruments", "add", "/nowhere/week.toml", "--db", db)
    assert (missing.exit_code, "nowhere" in missing.output) == (2, False)


def test_who_receives_is_said_and_taken_back(run: Run, db: str, document: Run) -> None:
    def state() -> tuple[str, str]:
        (one,) = [one for one in document(run("instruments", "--json", "--db", db)) if one["id"] == "week"]
        return one["state"], one["receiver"]

    run("instruments", "add", "-", "--db", db, input=CLINICAL)
    assert state() == ("off", "")
    for what, office, now in (
        ("clinical", "supervisor", ("on", "supervisor")),
        ("clinical", "on-call", ("on", "on-call")),
        ("week", "supervisor", ("on", "supervisor")),
        ("week", "nobody", ("on", "on-call")),
        ("clinical", "nobody", ("off", "")),
    ):
        assert run("instruments", "receive", what, office, "--db", db).exit_code == 0
        assert state() == now
    assert run("instruments", "receive", "clinical", "coordinator", "--db", db).exit_code == 2
    assert run("instruments", "receive", "Not A Pack", "on-call", "--db", db).exit_code == 1
    assert run("instruments", "receive", "clinical", "on-call", "--db", db, login="jo").exit_code == 1


def test_wording_is_withdrawn_apart(run: Run, db: str, document: Run) -> None:
    for text in (BARE, PACK):
        run("instruments", "add", "-", "--db", db, input=text)
    assert run("instruments", "withdraw", "week", "--wording", "--db", db).exit_code == 0
    (one,) = [one for one in document(run("instruments", "--json", "--db", db)) if one["id"] == "week"]
    assert (one["state"], one["languages"]) == ("on", [])
    gone = run("instruments", "withdraw", "asq", "--db", db)
    assert gone.exit_code == 3
    shown = document(run("instruments", "withdraw", "week", "--json", "--db", db))
    assert [(one["instrument"], one["state"]) for one in shown] == [("week", "withdrawn")]


def test_a_program_may_say_who_receives_when_it_is_founded(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    base = ("init", "--db", url, "--name", "X", "--coordinator", "Robin", "--on-call", "Jo")
    assert run(*base, "--receives", "clinical=nobody").exit_code == 2
    assert run(*base, "--receives", "clinical=on-call", "--receives", "phq-9=supervisor").exit_code == 0
    added = run("instruments", "add", "-", "--db", url, input=CLINICAL)
    assert "received by: on call" in added.output

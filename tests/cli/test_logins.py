# SPDX-License-Identifier: Apache-2.0
"""Which login is whose, said at the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peerkit.kit import Kit

Run = Callable[..., Any]
MAYA = "Maya Example"


def test_a_coordinator_links_a_login_and_the_person_sees_it(run: Run, db: str, document: Run) -> None:
    made = document(run("people", "add", MAYA, "--db", db, "--json"))
    nobody = run("relationships", "--db", db, login="maya")
    assert (nobody.exit_code, "peerkit people link NAME maya" in nobody.stderr) == (3, True)
    linked = run("people", "link", MAYA, "maya", "--db", db)
    assert (linked.exit_code, f"maya is {MAYA} here from now on" in linked.stdout) == (0, True)
    assert document(run("people", "whose", "maya", "--db", db, "--json"))["person"] == made["id"]
    log = " ".join(run("log", "--db", db, login="maya").stdout.split())
    assert "Robin Specimen linked a login to your record: whoever signs in with it acts as you here." in log
    gone = run("people", "unlink", "maya", "--db", db)
    assert (gone.exit_code, gone.stdout) == (0, "maya is nobody here any more.\n")
    assert run("relationships", "--db", db, login="maya").exit_code == 3
    for command in ("whose", "unlink"):
        assert run("people", command, "maya", "--db", db).exit_code == 3


def test_nobody_makes_their_own_login_somebody_else(
    run: Run, db: str, maya: str, opened: Callable[[], Kit]
) -> None:
    own = run("people", "link", MAYA, "robin", "--db", db)
    assert (own.exit_code, "linked" in own.stderr) == (1, True)
    off = run("people", "unlink", "robin", "--db", db)
    assert (off.exit_code, "somebody else takes it off" in off.stderr) == (2, True)
    for args in (("link", "Robin Specimen", "spare"), ("link", MAYA, "spare"), ("unlink", "jo")):
        refused = run("people", *args, "--db", db, login="maya")
        assert refused.exit_code in {1, 3}, refused.output
    with opened() as kit:
        assert kit.actor_for("login", "robin").person != maya
        assert kit.actor_for("login", "jo").person != maya

# SPDX-License-Identifier: Apache-2.0
"""Trying the way an alarm takes, at a keyboard: everybody on the path, and a few supporters at a time."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from peerkit import Decision, PeerSupporter, Person, Program
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
WORDS = "CANARY she wrote that nobody would miss her"


def test_a_drill_that_everybody_has_seen_makes_the_program_ready(
    run: Run, db: str, document: Run, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = _Mail()
    server.start()
    monkeypatch.setenv("PEERKIT_EMAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("PEERKIT_EMAIL_PORT", str(server.port))
    monkeypatch.setenv("PEERKIT_EMAIL_TLS", "none")
    monkeypatch.setenv("PEERKIT_EMAIL_SENDER", "alerts@example.org")
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        s.save(s.get(Program, kit.program.id).update(settings={"notifiers": ("email", "console")}))
    for login in ("robin", "jo"):
        with opened() as kit, kit.session(kit.actor_for("login", login)) as s:
            me = s.get(Person, s.actor.person)
            s.save(me.update(reach=(f"email:{login}@example.org",)))
    try:
        _drilled(run, db, document)
        raised = run("concern", "--db", db, login="stranger", input=WORDS)
        assert (raised.exit_code, "Somebody is being told." in raised.stdout) == (0, True)
    finally:
        server.stop()


class _Mail(Controller):
    """A mail server that takes everything."""

    def __init__(self) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
        super().__init__(Sink(), hostname="127.0.0.1", port=port)


def _drilled(run: Run, db: str, document: Run) -> None:
    sent = run("drill", "--db", db, "--json")
    report = json.loads(sent.stdout)
    assert (sent.exit_code, report["unreached"]) == (0, [])
    assert "Still waiting for: coordinator" in run("ack", report["reference"], "--db", db, login="jo").stdout
    assert "passed" in run("ack", report["reference"], "--db", db, login="robin").stdout
    assert run("deliver", "--db", db).exit_code == 0
    assert document(run("health", "--db", db, "--json"))["ready"] is True


def test_a_few_supporters_are_tried_at_a_time(run: Run, db: str, opened: Opened) -> None:
    nobody = run("drill", "--supporters", "3", "--db", db)
    assert (nobody.exit_code, nobody.stdout.strip()) == (0, "No supporter is to be tried now.")
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        one = s.save(Person.enrol(name="Sam Sample", reach=("console:sam",)))
        s.save(PeerSupporter.welcome(one, by=Decision.of(one.id, how="spoken")))
    assert "1 supporter has answered neither" in " ".join(run("health", "--db", db).stdout.split())
    sent = run("drill", "--supporters", "3", "--db", db)
    assert (sent.exit_code, "Sent to" in sent.stdout) == (0, True)
    assert run("drill", "--supporters", "0", "--db", db).exit_code == 2


def test_a_drill_that_was_handed_to_nobody_does_not_pass(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'silent.db'}"
    given = ("--name", "Silent", "--coordinator", "Robin", "--uncovered", "always")
    assert run("init", "--db", url, *given).exit_code == 0
    sent = run("drill", "--db", url, "--json")
    assert (sent.exit_code, json.loads(sent.stdout)["unreached"]) == (6, ["coordinator"])
    seen = run("ack", json.loads(sent.stdout)["reference"], "--db", url)
    assert (seen.exit_code, "not-received" in seen.stderr) == (1, True)
    run("concern", "--db", url, "--today", login="stranger", input=WORDS)
    assert run("deliver", "--db", url).exit_code == 6
    between = run("deliver", "--db", url)
    assert between.exit_code == 6
    assert "1 open alert has reached nobody" in between.stderr
    health = run("health", "--db", url)
    assert health.exit_code == 6
    assert "reach somebody" not in health.stdout
    assert "has reached nobody" in " ".join(health.stdout.split())

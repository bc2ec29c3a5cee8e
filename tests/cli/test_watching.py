# SPDX-License-Identifier: Apache-2.0
"""Delivering at a keyboard: watching goes on, and an outside address hears of each good run."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from peerkit import Consent, Notice, Recipient
from peerkit.delivery import Report
from peerkit.errors import Conflict
from peerkit.kit import Kit

Run = Callable[..., Any]
NOTHING = re.compile(r"\d\d:\d\d:\d\d Nothing was due\.\n")


def _outside(called: list[str]) -> HTTPServer:
    class Outside(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            called.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Outside)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def test_an_outside_address_hears_of_each_good_run(run: Run, db: str) -> None:
    called: list[str] = []

    server = _outside(called)
    address = f"http://127.0.0.1:{server.server_port}/alive"
    assert run("deliver", "--db", db, "--ping", address).exit_code == 0
    server.shutdown()
    server.server_close()
    assert called == ["/alive"]
    gone = run("deliver", "--db", db, "--ping", address)
    assert (gone.exit_code, "could not be called" in gone.stderr) == (0, True)
    assert run("deliver", "--db", db, "--ping", "file:///etc/passwd").exit_code == 2


def _heard() -> None:
    """What is started from a shell's background ignores an interrupt, and hands that on to what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_watching_goes_on_until_it_is_interrupted(db: str) -> None:
    command = [sys.executable, "-m", "peerkit", "deliver", "--db", db, "--watch", "3600"]
    env = {**os.environ, "PEERKIT_NO_PLUGIN_AUTOLOAD": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    with subprocess.Popen(command, env=env, text=True, preexec_fn=_heard, **pipes) as watching:  # noqa: PLW1509
        assert watching.stdout is not None
        assert NOTHING.fullmatch(watching.stdout.readline())
        watching.send_signal(signal.SIGINT)
        _, errors = watching.communicate()
    assert watching.returncode == 130
    assert "Traceback" not in errors


def test_watching_outlives_a_store_that_was_locked(db: str, tmp_path: Path) -> None:
    """Each line that it writes says that one run is over, so nothing here waits for a time."""
    pinged: list[str] = []
    server = _outside(pinged)
    address = f"http://127.0.0.1:{server.server_port}/alive"
    url = f"{db}?busy_timeout=50"
    command = [sys.executable, "-m", "peerkit", "deliver", "--db", url, "--watch", "1", "--ping", address]
    env = {**os.environ, "PEERKIT_NO_PLUGIN_AUTOLOAD": "1", "PYTHONUNBUFFERED": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    with subprocess.Popen(command, env=env, text=True, preexec_fn=_heard, **pipes) as watching:  # noqa: PLW1509
        assert watching.stdout is not None
        assert watching.stderr is not None
        assert NOTHING.fullmatch(watching.stdout.readline())
        other = sqlite3.connect(tmp_path / "program.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        while "locked" not in (line := watching.stderr.readline()):
            assert line, "it ended"
        before = len(pinged)
        while "locked" not in watching.stderr.readline():
            assert watching.poll() is None
        assert len(pinged) == before  # runs that failed are not told as good ones
        other.execute("ROLLBACK")
        other.close()
        while "Nothing was due." not in watching.stdout.readline():
            assert watching.poll() is None
        watching.send_signal(signal.SIGINT)
        watching.communicate()
    server.shutdown()
    server.server_close()
    assert watching.returncode == 130
    assert len(pinged) > before - 1


class _Runs:
    """What delivery does, run by run: gives a report, or raises. After the last, it is interrupted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *runs: Report | Exception) -> None:
        self.left = list(runs)
        monkeypatch.setattr(Kit, "deliver", self.deliver)
        monkeypatch.setattr("time.sleep", self.sleep)

    def deliver(self, _limit: int) -> Report:
        found = self.left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def sleep(self, _seconds: float) -> None:
        if not self.left:
            raise KeyboardInterrupt


def _report(**what: Any) -> Report:
    return Report(datetime(2027, 1, 12, tzinfo=UTC), **what)


@pytest.mark.parametrize("trace", ["", "1"])
def test_no_fault_of_a_run_ends_the_watch(
    run: Run, db: str, monkeypatch: pytest.MonkeyPatch, trace: str
) -> None:
    monkeypatch.setenv("PEERKIT_TRACEBACK", trace)
    faults = [ValueError("CANARY"), OSError(5, "CANARY"), BrokenPipeError("CANARY")]
    _Runs(monkeypatch, *faults, _report(climbed=2))
    ended = run("deliver", "--db", db, "--watch", "60")
    assert ended.exit_code == 130
    assert "2 alerts climbed" in ended.stdout
    assert ended.stderr.count("a fault of its own") == len(faults)
    assert ("Traceback" in ended.stderr, "CANARY" in ended.stderr) == (bool(trace), bool(trace))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to here")
def test_a_log_whose_disk_is_full_ends_no_watch(db: str) -> None:
    command = [sys.executable, "-m", "peerkit", "deliver", "--db", db, "--watch", "1"]
    with (
        Path("/dev/full").open("w", encoding="utf-8") as full,
        subprocess.Popen(
            command,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_heard,  # noqa: PLW1509
        ) as watching,
    ):
        assert watching.stderr is not None
        said = [watching.stderr.readline() for _ in range(4)]
        watching.send_signal(signal.SIGINT)
        watching.communicate()
    assert "cannot be written" in said[0]
    assert sum(bool(NOTHING.fullmatch(line)) for line in said) >= 2  # the second run was said, too


@pytest.mark.parametrize(
    "said", [b"220 mail.example.org ESMTP\r\n", b"", b"HTTP/1.1 999999 X\r\n\r\n", b"\xff" * 70000]
)
def test_no_answer_to_a_ping_ends_the_watch(
    run: Run, db: str, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:  # the test is over
                    return
                with caller:
                    caller.recv(4096)
                    caller.sendall(said)

        Thread(target=answer, daemon=True).start()
        _Runs(monkeypatch, _report(climbed=2), _report(climbed=3))
        address = f"http://127.0.0.1:{server.getsockname()[1]}/alive"
        ended = run("deliver", "--db", db, "--watch", "60", "--ping", address)
        server.shutdown(socket.SHUT_RDWR)
    assert ended.exit_code == 130
    assert ("2 alerts climbed" in ended.stdout, "3 alerts climbed" in ended.stdout) == (True, True)
    assert ended.stderr.count("could not be called") == 2


NEVER = (
    "https://hc.example.org/a b",
    "https://",
    "http://:8080/x",
    "http://127.0.0.1:port/x",
    "http://127.0.0.1:99999/x",
    "http://[::1/x",
    "https://robin:secret@example.org/x",
    "https://example.org/prêt",
    "https://example.org/x\n",
)


@pytest.mark.parametrize("address", NEVER)
def test_an_address_that_can_never_be_called_is_refused_at_the_start(
    run: Run, db: str, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    _Runs(monkeypatch, _report(climbed=2))
    ended = run("deliver", "--db", db, "--watch", "60", "--ping", address)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "--ping" in ended.stderr
    assert "https://example.org/alive" in ended.stderr


def test_a_run_is_good_if_every_part_of_it_was(run: Run, db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    server = _outside(called)
    address = f"http://127.0.0.1:{server.server_port}/alive"
    _Runs(monkeypatch, _report(more=True, problems=("alert:x:nobody-reached",)), _report())
    ended = run("deliver", "--db", db, "--ping", address)
    assert (ended.exit_code, called) == (6, [])
    assert "nobody-reached" in ended.stdout
    _Runs(monkeypatch, Conflict("another was quicker"))
    assert run("deliver", "--db", db, "--ping", address).exit_code == 0
    assert called == []
    server.shutdown()
    server.server_close()


def test_a_run_that_only_a_console_saw_is_no_good_one(run: Run, db: str, opened: Callable[[], Kit]) -> None:
    called: list[str] = []
    server = _outside(called)
    address = f"http://127.0.0.1:{server.server_port}/alive"
    run("deliver", "--db", db, "--ping", address)
    assert called == ["/alive"]
    with opened() as kit:
        kit.concern("She has not opened the door for three days")
    run("deliver", "--db", db, "--ping", address)
    assert called == ["/alive"]
    server.shutdown()
    server.server_close()


def test_what_went_out_for_a_person_is_said(run: Run, db: str, opened: Callable[[], Kit], maya: str) -> None:
    with opened() as kit:
        with kit.session(kit.actor_for("login", "robin")) as s:
            clinic = s.save(Recipient.add(name="Clinic", address="console:clinic"))
        with kit.session(actor=maya) as s:
            s.save(Consent.give(person=maya, recipient=clinic, classes=("own",), purpose="notice"))
            s.save(Notice.queue(person=maya, recipient=clinic, words="I will not come"))
    done = run("deliver", "--db", db)
    assert "1 message of a person handed over" in done.stdout
    assert "Nothing was due" not in done.stdout

# SPDX-License-Identifier: Apache-2.0
"""Delivering at a keyboard: watching goes on, and an outside address hears of each good run."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

Run = Callable[..., Any]


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


def test_watching_goes_on_until_it_is_interrupted(db: str) -> None:
    command = [sys.executable, "-m", "peerkit", "deliver", "--db", db, "--watch", "3600"]
    env = {**os.environ, "PEERKIT_NO_PLUGIN_AUTOLOAD": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    with subprocess.Popen(command, env=env, text=True, **pipes) as watching:
        assert watching.stdout is not None
        assert watching.stdout.readline() == "Nothing was due.\n"
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
    with subprocess.Popen(command, env=env, text=True, **pipes) as watching:
        assert watching.stdout is not None
        assert watching.stderr is not None
        assert watching.stdout.readline() == "Nothing was due.\n"
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

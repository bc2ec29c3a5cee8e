# SPDX-License-Identifier: Apache-2.0
"""A program in a real file, and `peerkit` run in this process as a chosen login."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from beside import DISABLED
from click.testing import CliRunner, Result

import peerkit
from peerkit import Person
from peerkit.cli import main
from peerkit.cli.app import App
from peerkit.kit import Kit

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("verify", "--db", url, login="robin", input="…")`."""
    monkeypatch.delenv("PEERKIT_DB", raising=False)
    monkeypatch.setenv("PEERKIT_NO_PLUGIN_AUTOLOAD", "1")

    def invoke(*args: str, login: str = "robin", input: str | None = None) -> Result:
        return CliRunner().invoke(main, list(args), obj=App(login=login), input=input)

    return invoke


@pytest.fixture
def db(run: Run, tmp_path: Path) -> str:
    """The URL of a program founded by `peerkit init`: robin is its coordinator, jo is on call."""
    url = f"sqlite:///{tmp_path / 'program.db'}"
    settings = tmp_path / "program.toml"
    settings.write_text(
        """
        name = "Test Program"
        [coordinator]
        name = "Robin Specimen"
        reach = ["console:robin"]
        [[on_call]]
        name = "Jo Placeholder"
        reach = ["console:jo"]
        login = "jo"
        """,
        encoding="utf-8",
    )
    founded = run("init", "--db", url, "--settings", str(settings))
    assert founded.exit_code == 0, founded.output
    return url


@pytest.fixture
def opened(db: str) -> Callable[[], Kit]:
    """The program opened in Python, to prepare what a command is to meet."""
    return lambda: peerkit.open(db, discover=False)


@pytest.fixture
def maya(opened: Callable[[], Kit]) -> str:
    """The id of a person who was enrolled, whose login is `maya`."""
    with opened() as kit:
        with kit.session(kit.actor_for("login", "robin")) as s:
            person = s.save(Person.enrol(name="Maya Example"))
        kit.link("login", "maya", person)
    return person.id


@pytest.fixture
def newer(db: str, tmp_path: Path) -> Callable[[str], None]:
    """Makes a record's document one of a newer peerkit's, which this one cannot read."""

    def write(record_id: str) -> None:
        file = sqlite3.connect(tmp_path / "program.db")
        made = """update change set envelope = replace(envelope, '"doc":1', '"doc":99') where id = ?"""
        assert file.execute(made, (record_id,)).rowcount
        file.execute("update record set doc = 99 where id = ?", (record_id,))
        file.commit()
        file.close()

    return write


Process = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def process() -> Process:
    """`peerkit` as a process of its own, with nothing at its keyboard."""

    def start(
        *args: str, env: dict[str, str] | None = None, **options: Any
    ) -> subprocess.CompletedProcess[bytes]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PEERKIT_")}
        kept["PEERKIT_DISABLE_PLUGINS"] = DISABLED
        command = [sys.executable, "-m", "peerkit", *args]
        given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.run(command, env={**kept, **(env or {})}, check=False, **given)

    return start


@pytest.fixture
def document() -> Callable[[Result], Any]:
    """The JSON that a command printed, alone on standard output."""

    def read(result: Result) -> Any:
        assert result.exit_code in {0, 6}, result.output
        return json.loads(result.stdout)

    return read

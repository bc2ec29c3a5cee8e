# SPDX-License-Identifier: Apache-2.0
"""A program in a folder, at its keyboard, one process a command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from peerkit import Actor, Decision, GoalPlan, PeerSupporter, Person, Relationship, Service
from peerkit import open as opened

pwd = pytest.importorskip("pwd")
LOGIN = pwd.getpwuid(os.getuid()).pw_name if hasattr(os, "getuid") else ""


@attrs.define
class Keyboard:
    """A program in a folder; whoever sits at its keyboard is linked with the login."""

    folder: Path
    ids: dict[str, str] = attrs.field(factory=dict)

    @property
    def url(self) -> str:
        """Its database."""
        return f"sqlite:///{self.folder}/program.db"

    def sits(self, name: str) -> None:
        """Who sits there from now on."""
        with opened(self.url) as kit:
            kit.unlink("login", LOGIN)
            kit.link("login", LOGIN, self.ids[name])

    def __call__(self, *line: str, typed: str = "", lang: str = "en", fails: bool = False) -> str:
        done = self._done(line, typed, lang)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return " ".join((done.stderr if fails else done.stdout).split())

    def ends(self, code: int, *line: str, typed: str = "", lang: str = "en") -> str:
        """What a command prints that ends with a code."""
        done = self._done(line, typed, lang)
        assert done.returncode == code, done.stdout + done.stderr
        return " ".join(done.stdout.split())

    def errors(self, *line: str, lang: str = "en") -> list[str]:
        """What a command prints that fails, line by line."""
        return self._done(line, "", lang).stderr.splitlines()

    def _done(self, line: tuple[str, ...], typed: str, lang: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PEERKIT_DB": self.url, "PEERKIT_LANG": lang, "COLUMNS": "160"}
        told = [sys.executable, "-m", "peerkit", *line]
        done = subprocess.run(
            told, capture_output=True, text=True, input=typed, env=env, cwd=self.folder, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done


def at_riverside(folder: Path) -> Keyboard:
    """Robin's program: Kai walks beside Maya, who has a goal plan; one service is listed."""
    made = Keyboard(folder)
    settings = ("--name", "Riverside", "--timezone", "America/Toronto", "--region", "CA-ON")
    made("init", *settings, "--coordinator", "Robin", "--uncovered", "Mon-Sun 00:00-24:00")
    with opened(made.url) as kit:
        with kit.session(Actor.system("test")) as s:
            [robin] = s.find(Person)
        with kit.session(actor=robin) as s:
            maya, kai = (s.save(Person.enrol(name=f"{one} (fictional)")) for one in ("Maya", "Kai"))
            s.save(PeerSupporter.welcome(kai, by=Decision.of(kai, how="spoken")))
            walk = s.save(Relationship.enquire(person=maya, by=Decision.of(maya, how="spoken")).propose(kai))
            entry = {
                "name": "Food bank (fictional)",
                "phones": [{"number": "555-0100"}],
                "keywords": ("food",),
            }
            s.save(Service.list(entry=entry))
        with kit.session(actor=maya) as s:
            s.save(s.get(Relationship, walk.id).agree())
            s.save(GoalPlan.begin(person=maya))
        with kit.session(actor=kai) as s:
            s.save(s.get(Relationship, walk.id).take_on())
        made.ids = {"robin": robin.id, "maya": maya.id, "kai": kai.id}
    return made

# SPDX-License-Identifier: Apache-2.0
"""Where the real directories are, how a test makes a small one, and programs to import them into."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from peerkit_hsds import plugin

import peerkit
from peerkit import Actor, Person, Service

ROOT = Path(__file__).resolve().parents[3]
SOURCES: Mapping[str, str] = {
    "baltimore": "github.com/bchd/bahc-ohana-api @8573098, data",
    "illinois-legal-aid": "github.com/openreferral/hsds-transformer @0a86cf6",
    "spec-3.0": "github.com/openreferral/specification, branch 3.0 @279fd2e",
}


@pytest.fixture(scope="session")
def real() -> Callable[[str], Path]:
    """Give the folder of a real directory; skip, naming its public source, where it is missing."""
    base = Path(os.environ.get("PEERKIT_TEST_DATA") or ROOT.parent / "shared" / "data") / "hsds"

    def path(name: str) -> Path:
        found = base / name
        if not found.exists():
            source = SOURCES[name.split("/", maxsplit=1)[0]]
            told = f"hsds/{name} is not under PEERKIT_TEST_DATA; its public source is {source}"
            if os.environ.get("CI"):
                pytest.fail(told)
            pytest.skip(told)
        return found

    return path


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write files, by name and text (or bytes), into a folder of their own, and give the folder."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        for name, content in files.items():
            file = tmp_path / "directory" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "directory"

    return write


SETTINGS: Mapping[str, Any] = {
    "name": "Example program (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
}


@pytest.fixture(scope="session")
def founding() -> Mapping[str, Any]:
    """Settings that found a program."""
    return SETTINGS


@pytest.fixture
def services() -> Callable[..., Mapping[str, Service]]:
    """Give the stored entries by their keys: `services(kit, source="…")`."""

    def every(kit: peerkit.Kit, **equal: str) -> Mapping[str, Service]:
        found: dict[str, Service] = {}
        after = None
        while True:
            with kit.session(actor=Actor.system("test")) as s:
                page = s.find(Service, limit=1000, after=after, **equal)
            found.update({one.source_key: one for one in page})
            if (after := page.after) is None:
                return found

    return every


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[peerkit.Kit]:
    """A program in a SQLite file, with this plugin and no other."""
    url = f"sqlite:///{tmp_path / 'kit.db'}"
    with peerkit.open(url, settings=SETTINGS, plugins=[plugin], discover=False) as opened:
        yield opened


@pytest.fixture
def coordinator(kit: peerkit.Kit) -> Person:
    """Who may list services."""
    with kit.session(actor=Actor.system("test")) as s:
        return s.find(Person)[0]


class Program:
    """A program founded by `peerkit init`, worked on by the command line as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'program.db'}"
        settings = folder / "program.toml"
        settings.write_text(
            'name = "Example"\n[coordinator]\nname = "Robin Example"\nreach = ["console:robin"]\n'
            '[[on_call]]\nname = "Jo Example"\nreach = ["console:jo"]\nlogin = "somebody-else"\n',
            encoding="utf-8",
        )
        founded = self.run("init", "--settings", str(settings))
        assert founded.returncode == 0, founded.stderr

    def start(self, *args: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
        """`peerkit ARGS` on this program, going on by itself."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PEERKIT_")}
        return subprocess.Popen(
            [sys.executable, "-m", "peerkit", *args],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            encoding="utf-8",
            env={**kept, "PEERKIT_DB": self.url, "PYTHONIOENCODING": "utf-8"},
        )

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        """`peerkit ARGS` on this program, to its end."""
        process = self.start(*args)
        out, err = process.communicate()
        return subprocess.CompletedProcess(args, process.returncode, out, err)

    def load(self, path: Path, *args: str) -> dict[str, Any]:
        """Import a directory; its account."""
        done = self.run("directory", "import", str(path), "--json", *args)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def open(self) -> peerkit.Kit:
        """The program in Python."""
        return peerkit.open(self.url)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program of its own for a test."""
    return Program(tmp_path)

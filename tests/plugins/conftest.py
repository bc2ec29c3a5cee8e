# SPDX-License-Identifier: Apache-2.0
"""Distributions as an installer leaves them, and real kits to ask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from beside import DISABLED, NAMES

import peerkit
from peerkit.hooks import Proposal, Proposed, Question
from peerkit.model.base import Record
from peerkit.plugins import PluginRecord, Plugins, narrow
from peerkit.views import Sight

QUIET = "from peerkit import hookimpl\n\n@hookimpl\ndef peerkit_check(proposal):\n    return ()\n"


class Site:
    """A folder on the path into which fake distributions are installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(
        self,
        dist: str,
        version: str = "1.0",
        *,
        name: str = "",
        source: str = QUIET,
        module: str = "",
        target: str = "",
    ) -> str:
        """Install a distribution with one plugin; gives the name of its module."""
        module = module or dist.replace("-", "_")
        info = self.folder / f"{dist.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: {version}\n")
        value = target or module
        (info / "entry_points.txt").write_text(f"[peerkit.plugins]\n{name or module} = {value}\n")
        noted = f"with open({str(self.folder / 'imported')!r}, 'a') as f: f.write({module + chr(10)!r})\n"
        (self.folder / f"{module}.py").write_text(noted + source)
        return module

    def remove(self, dist: str, version: str = "1.0") -> None:
        """Uninstall a distribution."""
        for path in (self.folder / f"{dist.replace('-', '_')}-{version}.dist-info").iterdir():
            path.unlink()
        (self.folder / f"{dist.replace('-', '_')}-{version}.dist-info").rmdir()

    @property
    def imported(self) -> list[str]:
        """The modules that were imported, by whichever process."""
        noted = self.folder / "imported"
        return noted.read_text().split() if noted.exists() else []

    def load(self, *, env: dict[str, str] | None = None, **options: Any) -> Any:
        """Load plugins in a process of its own: a list of records without peerkit's and the workspace's,
        each as a dictionary by name, or the text of the PluginError."""
        code = """
import json, sys
BESIDE = sys.argv[2].split(",")
from peerkit.errors import PluginError
from peerkit.plugins import Plugins
options = json.loads(sys.argv[1])
try:
    plugins = Plugins.load(**options)
except PluginError as error:
    print(json.dumps(str(error)))
else:
    fields = ("name", "dist", "version", "status", "error", "configured", "hooks")
    records = {r.name + ("@" + r.dist if r.status == "proposed" else ""):
               {f: getattr(r, f) for f in fields}
               for r in plugins if r.name not in BESIDE}
    print(json.dumps([records, plugins.acceptance()]))
"""
        disabled = ",".join(filter(None, [DISABLED, (env or {}).get("PEERKIT_DISABLE_PLUGINS", "")]))
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PEERKIT_")}
        ran = subprocess.run(
            [sys.executable, "-c", code, json.dumps(options), ",".join(NAMES)],
            env={
                **clean,
                "PYTHONPATH": str(self.folder),
                **(env or {}),
                "PEERKIT_DISABLE_PLUGINS": disabled,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        found = json.loads(ran.stdout)
        if isinstance(found, str):
            return found
        self.acceptance = found[1]
        self.stderr = ran.stderr
        return found[0]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def kit() -> Iterator[peerkit.Kit]:
    with peerkit.open("memory:", discover=False) as opened:
        yield opened


@pytest.fixture
def proposal(kit: peerkit.Kit) -> Callable[..., Callable[[PluginRecord], Proposal]]:
    """`proposal(record, …)` is a `proposal_for` with these records proposed."""

    def make(*records: Record) -> Callable[[PluginRecord], Proposal]:
        sight = Sight(kit.storage, kit.codec, kit.clock.now(), {})
        acts = tuple(a.name for r in records if r.trail is not None for a in r.trail.acts)
        changes = tuple(Proposed(r, None, acts, "system:test") for r in records)
        whole = Proposal(changes, changes, "system:test", sight)
        return lambda plugin: narrow(whole, plugin)

    return make


@pytest.fixture
def question(kit: peerkit.Kit) -> Callable[[PluginRecord], Question]:
    sight = Sight(kit.storage, kit.codec, kit.clock.now(), {})
    return lambda plugin: narrow(Question("goal", sight), plugin)


@pytest.fixture
def load() -> Iterator[Callable[..., Plugins]]:
    """Load the given objects and nothing else."""
    made: list[Plugins] = []

    def make(*plugins: object, **options: Any) -> Plugins:
        made.append(Plugins.load(given=plugins, discover=False, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def loaded(load: Callable[..., Plugins]) -> Callable[..., Plugins]:
    """Load the given objects, all of which must be sound."""

    def make(*plugins: object) -> Plugins:
        return load(*plugins, strict=True)

    return make

# SPDX-License-Identifier: Apache-2.0
"""What the repository promises about itself, where no other tool looks."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import peerkit

ROOT = Path(__file__).resolve().parent.parent
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PLUGINS = sorted(path.parent.name for path in (ROOT / "plugins").glob("*/pyproject.toml"))


def test_every_plugin_is_installed_in_a_clone_and_held_to_public_names() -> None:
    uv, linter = CONFIG["tool"]["uv"], CONFIG["tool"]["importlinter"]
    modules = {name.replace("-", "_") for name in PLUGINS}
    [contract] = [one for one in linter["contracts"] if one["name"].startswith("A plugin imports only")]

    needed = [str(one).partition("[")[0] for one in CONFIG["dependency-groups"]["dev"]]
    assert [name for name in needed if name in PLUGINS] == PLUGINS
    assert set(PLUGINS) == uv["sources"].keys() - {"peerkit"}
    assert modules == set(linter["root_packages"]) - {"peerkit"}
    assert modules == set(contract["source_modules"])


def test_every_module_can_be_read_in_one_sitting() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): length
        for folder in ("src", "plugins", "tests", "examples", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_a_plain_import_is_cheap() -> None:
    """`import peerkit` and its version touch neither the store, the command line nor installed metadata."""
    code = "import sys, peerkit; peerkit.__version__; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    costly = {"importlib.metadata", "sqlite_utils", "click", "rich", "hypothesis", "pytest"}
    assert set() == costly & set(ran.stdout.split())


def test_the_version_is_the_one_that_the_wheel_gets() -> None:
    from importlib.metadata import version

    assert peerkit.__version__ == version("peerkit")

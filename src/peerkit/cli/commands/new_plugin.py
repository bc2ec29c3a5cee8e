# SPDX-License-Identifier: Apache-2.0
"""`peerkit new-plugin`: the folder of a new plugin, with tests that pass."""

from __future__ import annotations

import importlib.resources
import re
import string
from pathlib import Path

import click

from peerkit._version import __version__
from peerkit.cli import out
from peerkit.errors import Malformed
from peerkit.texts import _, verbatim

FILES = {
    "pyproject.toml": "pyproject.toml.txt",
    "README.md": "README.md.txt",
    ".gitignore": "gitignore.txt",
    "src/peerkit_$module/__init__.py": "__init__.py.txt",
    "src/peerkit_$module/kinds.py": "kinds.py.txt",
    "src/peerkit_$module/rules.py": "rules.py.txt",
    "src/peerkit_$module/commands.py": "commands.py.txt",
    "src/peerkit_$module/py.typed": "",
    "tests/test_$module.py": "test_plugin.py.txt",
}
"""Where each file goes in the new folder, and its template in `peerkit.cli.scaffold`."""

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@click.command("new-plugin")
@click.argument("name")
@click.option("--in", "folder", default=".", show_default=True, metavar="FOLDER", help="Where to make it.")
def new_plugin(name: str, folder: str) -> None:
    """Make the folder peerkit-NAME: a plugin with a kind, a check, a responder, a command and tests.

    The tests pass as they are: change one thing, and see which test says so.
    """
    name = name.removeprefix("peerkit-")
    if not NAME.fullmatch(name):
        raise Malformed(_("a plugin's name has small letters, digits and single hyphens"), where="NAME")
    module = name.replace("-", "_")
    words = {"name": name, "module": module, "cls": _camel(name), "peerkit": __version__}
    root = Path(folder) / f"peerkit-{name}"
    templates = importlib.resources.files("peerkit.cli") / "scaffold"
    try:
        root.mkdir(parents=True)
        for place, template in FILES.items():
            path = root / string.Template(place).substitute(words)
            path.parent.mkdir(parents=True, exist_ok=True)
            text = (templates / template).read_text(encoding="utf-8") if template else ""
            path.write_text(string.Template(text).substitute(words), encoding="utf-8")
    except FileExistsError:
        raise Malformed(_("there is something of that name already"), where=str(root)) from None
    except OSError:
        raise Malformed(_("the folder cannot be made: may you write there?"), where=str(root)) from None
    out.line(_("Made {folder}. Next:", folder=root), style="bold")
    out.line(verbatim(f"cd {root}"), indent=2)
    out.line(verbatim("python -m pip install -e . 'peerkit[testing]' && python -m pytest"), indent=2)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))

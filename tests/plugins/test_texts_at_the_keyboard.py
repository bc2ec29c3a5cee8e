# SPDX-License-Identifier: Apache-2.0
"""An installed plugin in French: its catalogue begun by the command, kept whole by a test, said."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import peerkit
from peerkit import Malformed
from peerkit.cli import main
from peerkit.cli.app import App
from peerkit.testing import texts_of, untranslated
from peerkit.texts.po import entries, written

PACKAGE = '''
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
import click
from peerkit import Objection, Operational, Record, Task, act, hookimpl, record, texts
from peerkit.hooks import Access, Command, Kind, Label

_ = texts.catalogue_of(Path(__file__).parent / "texts", "garden")

@record("plot", """
of  from  act   to     who     strength
-   -     take  taken  person  said
""", subjects="person", module="garden")
class Plot(Record):
    person: Operational[str]
    size: Operational[int]
    state: Operational[str] = "taken"
    @classmethod
    @act
    def take(cls, *, person: str, size: int, by=None):
        return cls(person=person, size=size)

@hookimpl
def peerkit_supply():
    yield Access(writes={"task"})
    rights = "role kind read acts\\nown:person plot yes *\\ncoordinator plot yes *"
    yield Kind(Plot, rights=rights, labels={("act", "take"): _("take a plot"), ("kind", "plot"): _("plot")})
    yield Label("task", "what", "plot-care", _("look after a plot"))
    yield Command("garden show", _("Show the garden."), lambda: show)

@hookimpl
def peerkit_check(proposal):
    for one, _proposed in proposal.of(Plot, "take"):
        if one.size > 9:
            yield Objection("too-wide", _("the plot is too wide"), one.kind, one.id)

@hookimpl
def peerkit_respond(proposal):
    for one, _proposed in proposal.of(Plot, "take"):
        yield Task.give(owner=one.person, what="plot-care", about=one, person=one.person)

@click.command()
@click.option("--map", "as_map", is_flag=True, help="As a map.")
@click.pass_obj
def show(app, as_map):
    """Show the garden."""
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        click.echo(app.say(_.many("{n} bean", "{n} beans", 3)))
'''
WORDS = {
    "take a plot": "prendre une parcelle",
    "plot": "parcelle",
    "look after a plot": "prendre soin d’une parcelle",
    "Show the garden.": "Montrer le jardin.",
    "As a map.": "En carte.",
    "the plot is too wide": "la parcelle est trop large",
    "{n} bean": "{n} haricot",
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An installed plugin, whose French was begun with the command and filled by hand."""
    root = tmp_path_factory.mktemp("site")
    (root / "plot_garden").mkdir()
    (root / "plot_garden" / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    info = root / "plot_garden-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plot-garden\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[peerkit.plugins]\nplots = plot_garden\n")
    begun = [sys.executable, "-m", "peerkit.testing.texts", "plot_garden:_", "fr"]
    env = {"PYTHONPATH": str(root)}
    done = subprocess.run(begun, capture_output=True, text=True, env=env, check=False)
    assert done.stdout.endswith(": 7 to translate\n"), done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root))
        yield importlib.import_module("plot_garden")
        sys.modules.pop("plot_garden")


def fill(package: Any) -> Path:
    [path] = Path(package.__file__).parent.rglob("*.po")
    held = list(entries(path.read_text(encoding="utf-8")))
    for one in held[1:]:
        one.said = [WORDS[one.source] if n == 0 else WORDS[one.source] + "s" for n in range(len(one.said))]
    path.write_text(written(held), encoding="utf-8")
    return path


def test_what_is_missing_is_told(package: Any) -> None:
    path = fill(package)
    whole = path.read_text(encoding="utf-8")
    assert untranslated(package._, package, "fr") == ()
    try:
        for old, new, why in (
            ('"parcelle"', '""', "not translated: plot"),
            ('msgid "plot"', 'msgid "plots"', "missing: plot"),
            ('msgid "plot"', '#, fuzzy\nmsgid "plot"', "only guessed: plot"),
            ('"{n} haricots"', '"{x} haricots"', "other placeholders: {n} bean"),
        ):
            assert old in whole
            path.write_text(whole.replace(old, new), encoding="utf-8")
            assert any(why in one for one in untranslated(package._, package, "fr")), why
        assert (
            any("no text any more" in one for one in untranslated(package._, package, "fr", more=["x"]))
            is False
        )
        assert untranslated(package._, package, "fr", more=["from data"])[-1] == "missing: from data"
    finally:
        path.write_text(whole, encoding="utf-8")
    with pytest.raises(Malformed, match="no such catalogue"):
        untranslated(package._, package, "de")


def test_texts_that_are_put_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "glued.py").write_text("_ = str\nx = _('a' + 'b')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(Malformed, match=r"glued\.py:2"):
        texts_of(importlib.import_module("glued"))


def test_the_command_line_says_all_of_it_in_french(
    package: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(package)
    monkeypatch.delenv("PEERKIT_NO_PLUGIN_AUTOLOAD", raising=False)
    monkeypatch.setenv("PEERKIT_DISABLE_PLUGINS", "diabetes,families,hsds")
    url = f"sqlite:///{tmp_path / 'p.db'}"
    settings = {
        "name": "Test",
        "coordinator": {"name": "Robin Specimen", "reach": ["console:robin"]},
        "on_call": [{"name": "Jo Placeholder", "reach": ["console:jo"]}],
        "uncovered": "always",
    }
    with peerkit.open(url, settings=settings) as kit:
        robin = kit.first_coordinator
        kit.link("login", "robin", robin)
        with kit.session(actor=robin) as s:
            plot = s.save(package.Plot.take(person=robin, size=3))

    def run(*args: str) -> str:
        done = CliRunner().invoke(
            main, [*args, "--lang", "fr"], obj=App(login="robin"), env={"COLUMNS": "200"}
        )
        return " ".join(done.output.split())

    assert "prendre soin d’une parcelle" in run("due", "--db", url)
    assert "prendre une parcelle" in run("history", f"plot/{plot.id}", "--db", url)
    assert "parcelle" in run("log", "--db", url)
    assert "Montrer le jardin." in run("garden", "--help")
    assert "En carte." in run("garden", "show", "--help")
    assert run("garden", "show", "--db", url) == "3 haricots"
    wide = tmp_path / "wide.json"
    wide.write_text(f'{{"person": "{robin}", "size": 12}}')
    refused = run("act", "plot", "take", "--with", str(wide), "--db", url)
    assert "la parcelle est trop large" in refused

# SPDX-License-Identifier: Apache-2.0
"""Nothing that the command line says goes past the catalogue.

What it prints through `peerkit.cli.out` is held by the type check: a plain text is no `Message`. Here the
rest is looked through: every text in the command line's source that reads like a sentence is marked, or is
help, which the catalogue takes from the live commands. Then the commands speak a language made for the
purpose, in which every text of the catalogue stands in brackets.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from click.testing import CliRunner, Result

from peerkit.cli import main
from peerkit.instruments import installed, load
from peerkit.texts import catalogue

CLI = Path(__file__).resolve().parents[2] / "src" / "peerkit" / "cli"
MARKS = {"_", "many"}
HELP = {"option", "Option", "argument", "command", "group"}
WORDS = re.compile(r"[A-Za-z]{2,}[.;:!?]* [A-Za-z]{2,}")
OTHER = re.compile(
    r"( --how spoken)|(bold|dim|italic|red|green|yellow| )+|(peerkit|sqlite-utils|python|directory) .*"
)
"""Styles, and commands to type: they read like sentences and are none."""


def sentences(path: Path) -> Iterator[str]:
    """The texts of a module that read like a sentence and that nobody marked."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            marked = node.args if name in MARKS else []
            marked += [
                one.value
                for one in node.keywords
                if name in HELP and one.arg in {"help", "metavar", "epilog"}
            ]
            known |= {id(part) for one in marked for part in ast.walk(one)}
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "COMMANDS":
            known |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        text = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
        if (
            isinstance(text, str)
            and id(node) not in known
            and WORDS.search(text)
            and not OTHER.fullmatch(text)
        ):
            yield f"{path.name}:{node.lineno}: {text}"


def test_every_sentence_of_the_command_line_is_marked() -> None:
    found = [one for path in sorted(CLI.rglob("*.py")) for one in sentences(path)]
    without_click = "The command line needs two more libraries: pip install 'peerkit[cli]'"
    assert [one.partition(": ")[2] for one in found] == [without_click], found


# -- a language in brackets --------------------------------------------------------------------------


@pytest.fixture
def bracketed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every text of the catalogue in brackets, as a host's own English."""
    french = catalogue.HERE / "fr" / "LC_MESSAGES" / "peerkit.po"
    from babel.messages.pofile import read_po

    with french.open("rb") as file:
        texts = read_po(file)
    made = Catalog(locale="fr")
    for one in texts:
        if one.id:
            said = one.id if isinstance(one.id, str) else (one.id[0], one.id[1], one.id[1])
            marked = f"⟦{said}⟧" if isinstance(said, str) else tuple(f"⟦{text}⟧" for text in said)
            made.add(one.id, marked, context=one.context)
    folder = tmp_path / "texts" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "peerkit.mo").open("wb") as out:
        write_mo(out, made)
    monkeypatch.setenv("PEERKIT_TEXTS", str(tmp_path / "texts"))
    monkeypatch.setenv("PEERKIT_LANG", "fr")
    monkeypatch.setenv("PEERKIT_NO_PLUGIN_AUTOLOAD", "1")
    return tmp_path


def outside(said: str) -> str:
    """What stands outside of all brackets."""
    depth, left = 0, []
    for letter in said:
        depth += {"⟦": 1, "⟧": -1}.get(letter, 0)
        if depth == 0 and letter != "⟧":
            left.append(letter)
    assert depth == 0
    return "".join(left)


def run(*arguments: str, **more: Any) -> Result:
    return CliRunner().invoke(main, list(arguments), **more)


def test_commands_say_nothing_outside_of_the_catalogue(bracketed: Path) -> None:
    url = f"sqlite:///{bracketed / 'p.db'}"
    founded = run("init", "--db", url, "--name", "Harbour", "--coordinator", "Robin", "--reach", "console:r")
    assert founded.exit_code == 0, founded.output
    lines = (
        ("health",),
        ("alerts",),
        ("drill",),
        ("deliver",),
        ("concern",),
        ("verify",),
        ("migrate",),
        ("plugins",),
        ("instruments",),
        ("directory", "search", "food"),
        ("act", "recipient"),
        ("ack", "nothing-of-that-reference"),
        ("inspect", "nothing", "--reason", "to look"),
        ("export", "goal_plan", "--to", "me", "--purpose", "export"),
    )
    said = [run(*line, "--db", url, input="I am worried about her").output for line in lines]
    for left in map(outside, [founded.output, *said]):
        assert not WORDS.search(plain(left)), left


TITLES = [re.escape(load(name).title).replace(r"\ ", r"\s+") for name in installed()]  # they are wrapped


def plain(left: str) -> str:
    """Without what is the same in every language: commands to type, notices, an instrument's own title."""
    return re.sub(
        r"peerkit [a-z ]+|\w+\s(ID|LIST|NUMBER)|\[confidence|\[peerkit\].*|" + "|".join(TITLES),
        "",
        left,
    )


def test_errors_and_help_are_in_the_language_that_was_asked_for() -> None:
    assert run("--lang", "fr", "--help").output.startswith("Utilisation\u00a0:")
    assert "Afficher ce message" in run("alerts", "--help", "--lang=fr-CA").output
    assert run("ack", "--lang", "fr").output.endswith("Erreur\u00a0: Argument manquant 'ALERT'.\n")
    assert "Error: Missing argument" in run("ack").output  # and the next call is as before


def test_a_language_that_there_is_not_stops_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'p.db'}"
    run("init", "--db", url, "--name", "Harbour", "--coordinator", "Robin", "--reach", "console:r")
    done = run("concern", "--db", url, "--lang", "xx", input="I am worried")
    assert done.exit_code == 6  # it is stored, and the console reaches nobody
    assert "There are no texts in that language; there are: en, fr." in done.output
    assert "If you are with them, stay" in done.output


def test_steps_are_in_the_language_of_who_reads_them_here(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'p.db'}"
    run("init", "--db", url, "--name", "Harbour", "--coordinator", "Robin", "--reach", "console:r")
    done = run("concern", "--db", url, "--lang", "fr", input="Elle m’inquiète")
    assert "9-8-8, Ligne d’aide en cas de crise de suicide\u00a0: 9-8-8" in done.output
    assert "L’alarme est enregistrée. PERSONNE N’A ENCORE ÉTÉ AVISÉ." in done.output


def test_a_refusal_is_told_by_its_code(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'p.db'}"
    run("init", "--db", url, "--name", "Harbour", "--coordinator", "Robin", "--reach", "console:r")
    with_name = run("act", "person", "enrol", "--db", url, "--json", "--with", "-", input='{"name": "Ana"}')
    ana = json.loads(with_name.stdout)["id"]
    refused = run("act", ana, "leave", "--db", url, "--lang", "fr")
    assert refused.exit_code == 1
    assert re.search(
        r"Refusé\u00a0: la décision appartient à quelqu’un d’autre[^[]+ \[not-theirs\]", refused.output
    )


def test_json_is_the_same_in_every_language(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'p.db'}"
    run("init", "--db", url, "--name", "Harbour", "--coordinator", "Robin", "--reach", "console:r")
    french, english = (
        json.loads(run("health", "--db", url, "--json", "--lang", one).stdout) for one in ("fr", "en")
    )
    assert french.keys() == english.keys()
    assert french["problems"] == english["problems"]


def test_the_systems_language_counts_last(monkeypatch: pytest.MonkeyPatch) -> None:
    from peerkit.cli.speaking import chosen

    system = {"LANG": "fr_CA.UTF-8", "LC_ALL": ""}
    assert chosen(["alerts"], system) == ("fr_CA.UTF-8", ["alerts"], "")
    assert chosen(["alerts"], {**system, "PEERKIT_LANG": "en"})[0] == "en"
    assert chosen(["alerts", "--lang", "en"], {**system, "PEERKIT_LANG": "fr"}) == ("en", ["alerts"], "")
    assert chosen(["act", "--", "--lang", "fr"], {}) == ("", ["act", "--", "--lang", "fr"], "")
    assert chosen([], {"LANG": "C"}) == ("C", [], "")

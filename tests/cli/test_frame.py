# SPDX-License-Identifier: Apache-2.0
"""`peerkit` as a stranger meets it: help, errors, exit codes, pipes, completion."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from beside import DISABLED
from click.testing import CliRunner

from peerkit.cli import main
from peerkit.cli.app import installed
from peerkit.cli.root import COMMANDS, ELSEWHERE
from peerkit.hooks import Command

BROKEN = """
import click
from peerkit import hookimpl
from peerkit.hooks import Access, Command

@click.group()
def garden():
    pass

@garden.command()
def dig():
    raise ValueError("Maya told me that she is afraid")

@garden.command()
def stop():
    raise KeyboardInterrupt

@garden.command()
@click.pass_obj
def who(app):
    with app.kit() as kit:
        click.echo(app.actor(kit).person)

@hookimpl
def peerkit_supply():
    yield Access(reads={"person"})
    yield Command("garden dig", "Dig.", lambda: dig)
    yield Command("garden stop", "Stop.", lambda: stop)
    yield Command("garden who", "Who.", lambda: who)
    yield Command("garden beds water", "Water.", lambda: dig)
    yield Command("garden beds weed", "Weed.", lambda: dig)
    yield Command("directory plant", "Plant a directory.", lambda: who)
    yield Command("weeds", "No click command.", lambda: "weeds")
"""


@pytest.fixture
def garden(tmp_path: Path) -> dict[str, str]:
    """The environment in which a plugin with commands is installed, as an installer leaves one."""
    site = tmp_path / "site"
    info = site / "garden-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: garden\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[peerkit.plugins]\ngarden = garden\n", encoding="utf-8")
    (site / "garden.py").write_text(BROKEN, encoding="utf-8")
    return {"PYTHONPATH": str(site), "PEERKIT_DISABLE_PLUGINS": DISABLED}


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    with click.Context(group) as ctx:
        for name in group.list_commands(ctx):
            command = group.get_command(ctx, name)
            assert command is not None
            found.append(((*path, name), command))
            if isinstance(command, click.Group):
                found += _commands(command, (*path, name))
    return found


def test_each_command_explains_itself(run: Callable[..., Any]) -> None:
    found = _commands(main)  # type: ignore[arg-type]
    assert {path[0] for path, _ in found} == set(COMMANDS)
    for path, command in found:
        result = run(*path, "--help")
        assert result.exit_code == 0, path
        assert len((command.help or "").split()) >= 4, path
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (path, parameter.name)


def test_the_short_help_names_every_command(run: Callable[..., Any]) -> None:
    shown = run("--help").stdout
    assert [name for name in COMMANDS if not re.search(rf"^  {name} ", shown, re.MULTILINE)] == []
    assert "9-8-8" in shown


def test_help_imports_neither_the_kit_nor_rich() -> None:
    code = (
        "import sys\nfrom peerkit.cli import main\n"
        "try: main(['--help'], prog_name='peerkit')\nexcept SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    costly = {"rich", "cattrs", "pluggy", "sqlite_utils", "peerkit.kit", "importlib.metadata"}
    assert set() == costly & set(ran.stderr.split())


@pytest.mark.parametrize("word", ["directry", "helth", "erace"])
def test_a_misspelt_command_is_guessed(run: Callable[..., Any], word: str) -> None:
    result = run(word)
    assert result.exit_code == 2
    assert "meant?" in result.stderr


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["verify"], 2, "--db URL or in PEERKIT_DB"),
        (["verify", "--db", "program.db"], 2, "sqlite:///program.db"),
        (["verify", "--db", "sqlite://program.db"], 2, "sqlite:///relative.db"),
        (["verify", "--db", "carrier-pigeon://loft"], 4, "no plugin supplies a storage"),
        (["verify", "--db", "sqlite:///nothing-here.db"], 4, "peerkit init"),
        (["directory", "import", "folder"], 5, "pip install peerkit-hsds"),
        (["instruments", "show", "asp"], 3, "asq"),
        (["new-plugin", "Garden Club"], 2, "small letters"),
    ],
)
def test_an_error_is_a_sentence_that_says_what_to_do(  # noqa: PLR0917
    run: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: list[str],
    code: int,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*args)
    assert (result.exit_code, says in result.stderr) == (code, True), result.output
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_plugins_fault_shows_its_place_and_not_its_words(
    process: Callable[..., Any], garden: dict[str, str]
) -> None:
    ended = process("garden", "dig", env=garden)
    assert ended.returncode == 5
    assert b"garden 1.0" in ended.stderr
    assert b"ValueError at garden:12" in ended.stderr
    assert b"afraid" not in ended.stderr + ended.stdout
    assert b"Traceback" not in ended.stderr


def test_who_wants_the_traceback_gets_it(process: Callable[..., Any], garden: dict[str, str]) -> None:
    ended = process("garden", "dig", env={**garden, "PEERKIT_TRACEBACK": "1"})
    assert b"Traceback" in ended.stderr
    assert b"afraid" in ended.stderr


def test_an_interrupt_is_no_traceback(process: Callable[..., Any], garden: dict[str, str]) -> None:
    ended = process("garden", "stop", env=garden)
    assert ended.returncode == 130
    assert b"Traceback" not in ended.stderr


def test_a_reader_that_goes_away_is_no_error(process: Callable[..., Any]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = process("instruments", "show", "asq", stdout=writer)
    finally:
        os.close(writer)
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_a_plugins_command_stands_in_its_group(process: Callable[..., Any], garden: dict[str, str]) -> None:
    assert b"Plant a directory." in process("directory", "--help", env=garden).stdout
    shown = process("garden", "--help", env=garden).stdout
    assert b"dig" in shown
    assert b"Dig." in shown
    assert b"Commands of garden." in shown
    assert b"--db" in process("garden", "who", "--help", env=garden).stdout
    assert b"peerkit garden dig" in process("plugins", env=garden).stdout


def test_a_group_lists_the_groups_in_it(process: Callable[..., Any], garden: dict[str, str]) -> None:
    told = process("garden", "--help", env=garden).stdout.decode()
    assert "beds" in told
    assert "water, weed" in told
    assert "Water." in process("garden", "beds", "--help", env=garden).stdout.decode()


def test_a_program_runs_commands_of_plugins_that_it_accepted(
    process: Callable[..., Any], garden: dict[str, str], db: str
) -> None:
    waits = process("garden", "who", "--db", db, env=garden)
    assert waits.returncode == 5
    assert b"peerkit plugins accept garden" in waits.stderr
    accepted = process("plugins", "accept", "garden", "--db", db, env=garden)
    assert accepted.returncode == 0
    told = accepted.stdout.decode()
    assert re.search(r"reads +person\n", told)
    assert re.search(r"writes +only kinds of its own\n", told)
    assert told.index("reads") < told.index("Accepted")
    again = json.loads(process("plugins", "accept", "garden", "--db", db, "--json", env=garden).stdout)
    assert (again["name"], again["reads"], again["writes"]) == ("garden", ["person"], [])
    assert "garden dig" in again["commands"]
    # Its own login is linked to nobody there, and that is what the command now says.
    assert process("garden", "who", "--db", db, env=garden).returncode == 3


def test_a_plugin_that_is_gone_is_told_in_the_language_of_the_call(
    process: Callable[..., Any], garden: dict[str, str], db: str
) -> None:
    process("plugins", "accept", "garden", "--db", db, env=garden)
    english = process("people", "--db", db).stderr.decode()
    assert "plugin garden 1.0 (garden): was accepted and is not installed any more: install" in english
    french = process("people", "--db", db, "--lang", "fr").stderr.decode()
    assert "extension garden 1.0 (garden)\u00a0: a été acceptée et n’est plus installée\u00a0:" in french
    assert "installed" not in french
    assert "n’est plus installée" in process("plugins", "--db", db, "--lang", "fr").stdout.decode()


@pytest.mark.parametrize(("path", "dist"), sorted(ELSEWHERE.items()))
def test_a_command_of_the_projects_own_that_is_not_installed_says_what_brings_it(
    process: Callable[..., Any], path: str, dist: str
) -> None:
    ended = process(*path.split())
    assert (ended.returncode, dist in ended.stderr.decode()) == (5, True)  # as one that is away, or blocked


def test_every_command_of_the_projects_own_plugins_is_known_where_it_is_missing() -> None:
    ours = {folder.name for folder in (Path(__file__).parents[2] / "plugins").iterdir()}
    for record, one in installed().supplies(Command):
        if record.dist not in ours:
            continue
        known = [place for place, dist in ELSEWHERE.items() if dist == record.dist]
        assert any(f"{one.path} ".startswith(f"{place} ") for place in known), one.path


def test_a_supply_that_is_no_command_names_its_plugin(
    process: Callable[..., Any], garden: dict[str, str]
) -> None:
    ended = process("weeds", env=garden)
    assert ended.returncode == 5
    assert b"garden 1.0" in ended.stderr


def test_completion_knows_commands_and_options(process: Callable[..., Any]) -> None:
    script = process(env={"_PEERKIT_COMPLETE": "bash_source"})
    assert (script.returncode, b"complete" in script.stdout) == (0, True)
    words = {"_PEERKIT_COMPLETE": "bash_complete", "COMP_CWORD": "1"}
    assert b"verify" in process(env={**words, "COMP_WORDS": "peerkit ver"}).stdout
    words["COMP_CWORD"] = "2"
    assert b"--head" in process(env={**words, "COMP_WORDS": "peerkit verify --h"}).stdout


def test_a_terminal_without_the_letters_still_works(process: Callable[..., Any]) -> None:
    ended = process("instruments", "show", "asq", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_without_click_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['click'] = None\nimport peerkit.cli"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.strip() == "The command line needs two more libraries: pip install 'peerkit[cli]'"


def test_the_module_is_the_command(process: Callable[..., Any]) -> None:
    assert process("--version").stdout.startswith(b"peerkit, version ")


def test_usage_errors_of_click_end_with_two() -> None:
    assert CliRunner().invoke(main, ["verify", "--nonsense"]).exit_code == 2

# SPDX-License-Identifier: Apache-2.0
"""Founding a program at a keyboard, and without one."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import peerkit
from peerkit import Appointment, Person
from peerkit.cli import main
from peerkit.cli.app import App, login

Run = Callable[..., Any]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new.db'}"


def test_options_alone_found_a_program(run: Run, url: str, document: Run) -> None:
    made = document(
        run(
            *("init", "--db", url, "--name", "Harbour", "--coordinator", "Robin", "--reach", "console:robin"),
            *("--on-call", "Jo", "--on-call-reach", "console:jo", "--json"),
        )
    )
    assert made["name"] == "Harbour"
    with peerkit.open(url, discover=False) as kit:
        assert made["linked"] == {"robin": kit.actor_for("login", "robin").person}
        assert [step.role for step in kit.program.path] == ["supporter", "on-call", "coordinator"]
        with kit.session(kit.actor_for("login", "robin")) as s:
            assert {one.name for one in s.find(Person)} == {"Robin", "Jo"}
            assert {one.role for one in s.find(Appointment)} == {"coordinator", "on-call"}


def test_who_founds_in_french_sends_french_notices(run: Run, url: str) -> None:
    """The program's language is that of whoever founds it, unless a settings file says otherwise."""
    assert run("init", "--lang", "fr", "--db", url, "--name", "Rive", "--coordinator", "R").exit_code == 0
    with peerkit.open(url, discover=False) as kit:
        assert kit.program.languages == ("fr", "en")


def test_a_file_founds_a_program_and_options_lie_over_it(run: Run, url: str, tmp_path: Path) -> None:
    file = tmp_path / "program.toml"
    file.write_text(
        'name = "From the file"\ntimezone = "America/Regina"\n[coordinator]\nname = "R"\n', "utf-8"
    )
    assert run("init", "--db", url, "--settings", str(file), "--name", "From the option").exit_code == 0
    with peerkit.open(url, discover=False) as kit:
        assert (kit.program.name, kit.program.timezone) == ("From the option", "America/Regina")


def test_the_first_coordinator_is_linked_and_the_log_shows_it(db: str, run: Run, document: Run) -> None:
    with peerkit.open(db, discover=False) as kit:
        robin, jo = kit.actor_for("login", "robin").person, kit.actor_for("login", "jo").person
        first = kit.changes().envelopes
    assert robin != jo
    assert {envelope.actor for envelope in first} == {"system:init"}
    seen = document(run("history", robin, "--db", db, "--json"))
    assert [act["act"] for version in seen for act in version["acts"]] == ["enrol"]


def test_founding_says_at_once_who_cannot_be_reached(run: Run, url: str, document: Run) -> None:
    founded = run("init", "--db", url, "--name", "Harbour", "--coordinator", "Robin", "--on-call", "Jo")
    told = " ".join(founded.stdout.split())
    assert "NOBODY CAN BE REACHED when an alarm is raised: Robin and Jo have no address" in told
    given = [line for line in founded.stdout.splitlines() if "peerkit act person/" in line]
    for line in given:  # what it says to do is done as it stands
        echoed, _, command = line.partition("|")
        arguments = echoed.strip().removeprefix("echo ").strip("'").replace("ADDRESS", "somewhere")
        done = run(*shlex.split(command)[1:], "--db", url, input=arguments)
        assert done.exit_code == 0, done.output
    assert len(given) == 2
    with peerkit.open(url, discover=False) as kit:
        assert "no-live-step" not in [problem.code for problem in kit.health().problems]


def test_an_address_names_its_channel(
    run: Run, url: str, document: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who gives an e-mail address expects e-mail; what it still wants is said."""
    founded = document(
        run(
            "init",
            "--db",
            url,
            "--name",
            "H",
            "--coordinator",
            "R",
            "--reach",
            "email:r@example.org",
            "--json",
        )
    )
    with peerkit.open(url, discover=False) as kit:
        assert kit.program.notifiers == ("email", "console")
    assert "PEERKIT_EMAIL_HOST" in founded["warnings"][0]
    assert any("NOBODY CAN BE REACHED" in one for one in founded["warnings"])
    assert founded["commands"] == []  # an address that is right is not to be replaced by a console
    monkeypatch.setenv("PEERKIT_EMAIL_HOST", "mail.example.org")
    monkeypatch.setenv("PEERKIT_EMAIL_SENDER", "peers@example.org")
    with peerkit.open(url, discover=False) as kit:
        assert "no-live-step" not in [problem.code for problem in kit.health().problems]


def test_founding_says_who_is_passed_over(run: Run, tmp_path: Path, document: Run) -> None:
    def founded(number: int, *args: str) -> list[str]:
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        made = run("init", "--db", url, "--name", "H", "--coordinator", "Robin", *args, "--json")
        found: list[str] = document(made)["warnings"]
        return found

    both = founded(1, "--reach", "console:robin", "--on-call", "Jo", "--on-call-reach", "console:jo")
    assert [one for one in both if "be reached" in one] == []
    assert any("only printed where `peerkit deliver` runs" in one for one in both)
    one_of_two = founded(2, "--reach", "console:robin", "--on-call", "Jo", "--on-call-reach", "pigeon:jo")
    assert one_of_two[0].startswith("Not everybody can be reached when an alarm is raised: Jo has no address")


def test_without_a_keyboard_nothing_is_asked(run: Run, url: str, tmp_path: Path) -> None:
    result = run("init", "--db", url, input="Harbour\n\n\nRobin\n\n\n")
    assert result.exit_code == 2
    assert "--name, --coordinator" in result.stderr
    assert not (tmp_path / "new.db").exists()


def test_at_a_keyboard_it_asks_for_what_is_missing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEERKIT_NO_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr("peerkit.cli.commands.init._at_keyboard", lambda: True)
    answers = "Harbour\n\n\nRobin\nconsole:robin\nJo\nconsole:jo\n"
    result = CliRunner().invoke(main, ["init", "--db", url], obj=App(login="robin"), input=answers)
    assert result.exit_code == 0, result.output
    with peerkit.open(url, discover=False) as kit:
        assert kit.program.timezone == "America/Toronto"
        assert len(kit._find_all("person")) == 2


def test_a_program_is_founded_once(run: Run, db: str) -> None:
    again = run("init", "--db", db, "--name", "Another", "--coordinator", "Somebody")
    assert again.exit_code == 4
    assert "a program here already" in again.stderr


ON_CALL = 'name = "x"\n[coordinator]\nname = "R"\n[[on_call]]\nname = "Jo"\nhours = "mon-fri 09:00-17:00"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "end of document"),
        ('name = "x"\nname = "y"\n', "line 2, column 11"),
        ('name = "x"\ntime_zone = "America/Toronto"\n[coordinator]\nname = "R"\n', "settings.time_zone"),
        ('name = "x"\ncoordinator = "R"\n', "settings.coordinator"),
        ('name = "x"\n[coordinator]\nname = "R"\n[on_call]\nname = "Jo"\n', "settings.on_call"),
        ('name = "x"\ntimezone = "Toronto"\n[coordinator]\nname = "R"\n', "timezone"),
        (
            'name = "x"\npath = [{role = "nurse", minutes = 5}]\n[coordinator]\nname = "R"\n',
            "settings.path[0]",
        ),
        ('name = "x"\n[coordinator]\nname = "R"\nshoe_size = 44\n', "shoe_size"),
        (
            'name = "x"\n[coordinator]\nname = "R"\nreach = ["console:r", "email: "]\n',
            "settings.coordinator.reach[1]",
        ),
        (f'{ON_CALL}[[on_call]]\nname = "Kai"\nreach = [":kai"]\n', "settings.on_call[1].reach[0]"),
        (f'{ON_CALL}[[on_call]]\nname = "Kai"\nhours = "weekends"\n', "settings.on_call[1].hours"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(
    run: Run, url: str, tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "program.toml"
    file.write_text(text, encoding="utf-8")
    result = run("init", "--db", url, "--settings", str(file))
    assert (result.exit_code, says in result.stderr) == (2, True), result.output


def test_what_is_no_address_is_nobodys(run: Run, db: str, maya: str) -> None:
    given = (
        "people",
        "update",
        "Maya Example",
        "--with",
        "-",
        "--decided-by",
        "Maya Example",
        "--how",
        "spoken",
    )
    for wrong in ("email:", "email: ", ":maya", "maya"):
        result = run(*given, "--db", db, input=json.dumps({"reach": [wrong]}))
        assert (result.exit_code, "channel:address" in result.stderr) == (2, True), result.output
    assert run(*given, "--db", db, input=json.dumps({"reach": ["phone:555-0199"]})).exit_code == 0


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(
    run: Run, url: str, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "settings.toml"
    if content is not None:
        file.write_bytes(content)
    result = run("init", "--db", url, "--settings", str(file))
    assert (result.exit_code, str(file) in result.stderr) == (2, True)


def test_a_login_that_nobody_linked_is_nobody(run: Run, db: str) -> None:
    result = run("drill", "--db", db, login="stranger")
    assert result.exit_code == 3
    assert "linked to nobody" in result.stderr


def test_as_chooses_among_ones_own_roles_only(run: Run, db: str) -> None:
    assert run("drill", "--db", db, "--as", "coordinator", login="robin").exit_code == 0
    refused = run("drill", "--db", db, "--as", "coordinator", login="jo")
    assert refused.exit_code == 1
    assert "not-your-role" in refused.stderr
    assert "on-call" in refused.stderr


def test_the_login_is_the_users_and_not_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    before = login()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert login() == before


def test_the_database_comes_from_the_environment(run: Run, db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEERKIT_DB", db)
    assert run("verify").exit_code == 0


def test_each_answer_is_looked_at_as_it_is_given(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEERKIT_NO_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr("peerkit.cli.commands.init._at_keyboard", lambda: True)
    wrong = "Harbour\nToronto\nAmerica/Toronto\nOntario\nCA-ON\nRobin\nrobin@example.org\npigeon:robin\n"
    answers = f"{wrong}console:robin\n\n"
    result = CliRunner().invoke(main, ["init", "--db", url], obj=App(login="robin"), input=answers)
    assert result.exit_code == 0, result.output
    assert "lines to call for CA" in result.output  # the regions are listed
    assert "console, email" in result.output
    with peerkit.open(url, discover=False) as kit:
        assert (kit.program.timezone, kit.program.region) == ("America/Toronto", "CA-ON")


def test_a_region_of_ones_own_is_asked_for_where_its_lines_are_given(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEERKIT_NO_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr("peerkit.cli.commands.init._at_keyboard", lambda: True)
    file = tmp_path / "program.toml"
    file.write_text('[[lines]]\nname = "A line (fictional)"\nnumber = "555-0100"\n', encoding="utf-8")
    answers = "Harbour\nAmerica/Toronto\nZZ-1\nRobin\nconsole:robin\n\n"
    asked = ["init", "--db", url, "--settings", str(file)]
    result = CliRunner().invoke(main, asked, obj=App(login="robin"), input=answers)
    assert result.exit_code == 0, result.output
    with peerkit.open(url, discover=False) as kit:
        assert kit.program.region == "ZZ-1"


def test_who_founds_it_with_the_login_of_another_is_told(
    run: Run, url: str, tmp_path: Path, document: Run
) -> None:
    file = tmp_path / "program.toml"
    file.write_text(
        'name = "H"\n[coordinator]\nname = "Robin"\nreach = ["console:r"]\nlogin = "somebody-else"\n',
        encoding="utf-8",
    )
    founded = document(run("init", "--db", url, "--settings", str(file), "--json"))
    assert "linked to nobody here" in founded["warnings"][0]

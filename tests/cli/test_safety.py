# SPDX-License-Identifier: Apache-2.0
"""The safety lane at a keyboard: seeing, taking, saying, and hearing that nobody delivers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from thermometer import Thermometer

import peerkit
from peerkit import Alert, Appointment, Concern, Decision, PeerSupporter, Person
from peerkit.cli import main
from peerkit.cli.app import App
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
Newer = Callable[[str], None]
WORDS = "CANARY she wrote that nobody would miss her"


@pytest.fixture
def alert(run: Run, db: str) -> str:
    """The reference of an alert that a concern opened."""
    raised = run("concern", "--db", db, "--json", login="stranger", input=WORDS)
    assert raised.exit_code == 6, raised.output  # stored; the console tells nobody for sure
    return str(json.loads(raised.stdout)["reference"])


def test_anybody_may_raise_a_concern_and_hears_what_to_do(run: Run, db: str, opened: Opened) -> None:
    raised = run("concern", "--db", db, login="stranger", input=WORDS)
    assert raised.exit_code == 6
    assert "The alarm is stored. NOBODY HAS BEEN TOLD YET." in raised.stdout
    assert "9-8-8" in raised.stdout
    assert "CANARY" not in raised.output
    with opened() as kit:
        [kept] = kit._find_all("concern")
        [opened_alert] = kit._find_all("alert")
    assert isinstance(kept, Concern)
    assert (kept.words, kept.author) == (WORDS, "")
    assert (opened_alert.level, opened_alert.concern) == ("now", kept.id)


def test_whoever_is_named_is_not_told(run: Run, db: str, opened: Opened) -> None:
    run("concern", "--db", db, "--names", "jo placeholder", login="stranger", input=WORDS)
    with opened() as kit:
        jo = kit.actor_for("login", "jo").person
        [kept] = kit._find_all("concern")
        [found] = kit._find_all("alert")
        assert kept.names == (jo,)
        assert jo not in found.told


def test_it_reaches_first_whom_its_author_names(run: Run, db: str, opened: Opened) -> None:
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        zoe = s.save(Person.enrol(name="Zoë Sample", reach=("console:zoe",))).id
    run("concern", "--db", db, "--first", "zoe sample", login="stranger", input=WORDS)
    run("concern", "--db", db, "--first", "Noor Nobody", login="stranger", input=WORDS)
    with opened() as kit:
        one, other = kit._find_all("alert")
        kept, loose = kit._find_all("concern")
    assert (one.rung, one.asked) == ("first", (zoe,))
    assert (kept.first, kept.words) == (zoe, WORDS)
    assert zoe not in other.told
    assert (loose.first, "(first: Noor Nobody)" in loose.words) == ("", True)


def test_the_module_that_raised_it_is_named(db: str) -> None:
    app = App(login="robin")
    with peerkit.open(db, plugins=[Thermometer()], discover=False) as kit, app.using(kit):
        kit.concern(WORDS, plugin="fever", key="one")
        shown = CliRunner().invoke(main, ["alerts"], obj=app)
        taken = CliRunner().invoke(main, ["ack", kit.alerts()[0].reference], obj=app)
    assert "raised by fever" in " ".join(shown.stdout.split())
    assert "the module fever" in " ".join(taken.stdout.split())
    assert "CANARY" not in shown.output + taken.output


@pytest.mark.parametrize("typed", ["Zoë Sample", "Zoe Sample", "ZOE  SAMPLE", "Zoe\u0308 Sample"])
def test_whoever_is_named_without_the_accents_is_not_told(
    run: Run, db: str, opened: Opened, typed: str
) -> None:
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        zoe = s.save(Person.enrol(name="Zoë Sample", reach=("console:zoe",))).id
        s.save(Appointment.give(zoe, "on-call"))
    run("concern", "--db", db, "--names", typed, login="stranger", input=WORDS)
    with opened() as kit:
        [kept] = kit._find_all("concern")
        [found] = kit._find_all("alert")
        assert kept.names == (zoe,)
        assert zoe not in found.told


def test_a_name_that_is_not_found_stays_in_the_words(run: Run, db: str, opened: Opened) -> None:
    known = run("concern", "--db", db, "--about", "Jo Placeholder", login="stranger", input=WORDS)
    unknown = run("concern", "--db", db, "--about", "Noor Nobody", login="stranger", input=WORDS)
    with opened() as kit:
        first, second = kit._find_all("concern")
    assert first.about
    assert (second.about, "Noor Nobody" in second.words) == ("", True)
    # Whoever asks is not told whether the program knows the name.
    strip = [one.replace(line, "") for one, line in zip(*_outputs(known, unknown), strict=True)]
    assert strip[0] == strip[1]


def _outputs(*results: Any) -> tuple[list[str], list[str]]:
    shown = [one.stdout for one in results]
    return shown, [one.splitlines()[0] for one in shown]


def test_a_stranger_sees_references_and_a_coordinator_sees_whom(run: Run, db: str, alert: str) -> None:
    anybody = run("alerts", "--db", db, login="stranger")
    assert alert in anybody.stdout
    assert "about" not in anybody.stdout
    mine = run("alerts", "--db", db, login="robin")
    assert alert in mine.stdout
    assert "about" in mine.stdout
    assert "CANARY" not in anybody.output + mine.output


def test_taking_an_alert_and_closing_it(run: Run, db: str, alert: str, opened: Opened) -> None:
    taken = run("ack", alert, "--db", db, login="jo")
    assert taken.exit_code == 0, taken.output
    assert "You have taken it" in taken.stdout
    also = run("ack", alert, "--db", db, login="robin")
    assert "Jo Placeholder has taken it" in also.stdout
    early = run("respond", alert, "close", "--db", db, login="jo")
    assert early.exit_code == 1
    assert "still to do" in early.stderr
    done = run(
        "respond", alert, "act", "--words", "-", "--agreed", "--db", db, login="jo", input="Went there."
    )
    assert done.exit_code == 0
    assert "supervisor_knows" in done.stdout
    for need in ("supervisor_knows", "handed_over", "followed_up", "debrief_offered"):
        assert run("respond", alert, "meet", "--need", need, "--db", db, login="jo").exit_code == 0
    closed = run(
        "respond", alert, "close-incomplete", "--reason", "person_told=anonymous", "--db", db, login="jo"
    )
    assert closed.exit_code == 0, closed.output
    with opened() as kit:
        [found] = kit._find_all("alert")
    assert isinstance(found, Alert)
    assert found.state == "closed"
    assert "No alert is open" in run("alerts", "--db", db).stdout


def test_who_cannot_come_says_so(run: Run, db: str, alert: str, opened: Opened) -> None:
    assert run("ack", alert, "--cannot", "--db", db, login="jo").exit_code == 0
    with opened() as kit:
        [found] = kit._find_all("alert")
        assert found.unable == (kit.actor_for("login", "jo").person,)


def test_who_has_an_alert_in_hand_hands_it_on_by_name(
    run: Run, db: str, alert: str, document: Run, opened: Opened
) -> None:
    early = run("alerts", "hand-on", alert, "--to", "robin specimen", "--db", db, login="jo")
    assert (early.exit_code, "acknowledge it first" in early.stderr) == (1, True)
    run("ack", alert, "--db", db, login="jo")
    with opened() as kit:
        robin = kit._find_all("person", id=kit.actor_for("login", "robin").person)[0]
    said = run("alerts", "hand-on", alert, "--to", robin.name, "--db", db, login="jo")
    assert said.exit_code == 0, said.output
    assert f"{robin.name} is asked to take it, by" in said.stdout
    listed = " ".join(run("alerts", "--db", db, login="robin").stdout.split())
    assert f"handed on to {robin.name}" in listed
    [found] = document(run("alerts", "--db", db, "--json", login="robin"))
    assert (found["offered"], found["state"]) == (robin.id, "acknowledged")
    assert "You have taken it" in run("ack", alert, "--db", db, login="robin").stdout
    for nobody in ("Noor Nobody", "Maya"):
        unknown = run("alerts", "hand-on", alert, "--to", nobody, "--db", db, login="robin")
        assert (unknown.exit_code, nobody in unknown.output) == (3, False)
        assert "name one of them" in unknown.stderr


def test_another_yes_is_shown_to_whoever_has_the_alert_in_hand(run: Run, db: str, opened: Opened) -> None:
    with opened() as kit, kit.session(actor=kit.actor_for("login", "robin")) as s:
        screen = s.screening("asq", s.save(Person.enrol(name="Maya Example")).id)
        reference = screen.answer("q3", value=True).reference
        screen.finish()  # question 5 stayed open
        assert run("ack", reference, "--db", db, login="jo").exit_code == 0
        screen.answer("q5", value=True)
    listed = " ".join(run("alerts", "--db", db, login="jo").stdout.split())
    assert "answered since something urgent: take it anew with `peerkit ack`" in listed
    assert "handed on to" not in listed
    early = run("respond", reference, "act", "--words", "-", "--agreed", "--db", db, login="jo", input="Ok")
    assert (early.exit_code, "spoke again" in early.stderr) == (1, True)
    taken = run("ack", reference, "--db", db, login="jo").stdout
    assert "You have taken it" in taken
    assert "acute" in taken
    assert "answered since" not in run("alerts", "--db", db, login="jo").stdout


def test_a_login_that_nobody_linked_takes_nothing(run: Run, db: str, alert: str) -> None:
    assert run("ack", alert, "--db", db, login="stranger").exit_code == 3


def test_deliver_climbs_and_leaves_a_heartbeat(run: Run, db: str, alert: str, document: Run) -> None:
    report = document(run("deliver", "--db", db, "--json"))
    assert report["problems"] == []
    assert document(run("health", "--db", db, "--json"))["heartbeat"] is not None


def test_every_command_says_when_alerts_are_due_and_nobody_delivers(
    run: Run, db: str, alert: str, opened: Opened
) -> None:
    with opened() as kit:
        [found] = kit._find_all("alert")
        # The next rung's time is over and nobody looked: an hour ago, by the kit's own act.
        from datetime import timedelta

        ago = kit.clock.now() - timedelta(hours=1)
        kit.write([found.remind(since=ago, due=ago)] if found.state == "acting" else [_late(found, ago)])
    for command in (["verify"], ["alerts"], ["plugins"], ["directory", "search", "food"]):
        result = run(*command, "--db", db)
        assert result.exit_code == 0, result.output
        assert "WARNING" in result.stderr
        assert "nobody delivers" in result.stderr
    assert "CANARY" not in result.output
    sick = run("health", "--db", db)
    assert sick.exit_code == 6
    assert "nobody delivers" in sick.stdout.replace("\n", " ")
    assert run("deliver", "--db", db).exit_code == 0
    assert "WARNING" not in run("verify", "--db", db).stderr


def _late(alert: Any, ago: Any) -> Any:
    return alert.climb(
        step=alert.step, round=alert.round, rung=alert.rung, asked=alert.asked, skipped=(), since=ago, due=ago
    )


def test_nobody_says_that_alarms_reach_somebody_before_it_was_tried(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    given = ("--name", "New", "--coordinator", "Robin", "--uncovered", "always")
    assert run("init", "--db", url, *given).exit_code == 0
    health = run("health", "--db", url)
    assert health.exit_code == 0
    assert "NOT SHOWN YET" in health.stdout
    assert "Alarms reach somebody." not in health.stdout


def test_what_cannot_be_stored_says_what_to_do_and_whom_to_call(run: Run, db: str, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "program.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        result = run("concern", "--db", db, login="stranger", input=WORDS)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert result.exit_code == 6
    assert "NOT SAVED" in result.stderr
    assert "9-8-8" in result.stderr
    assert "CANARY" not in result.output


def _not_saved(result: Any) -> None:
    assert result.exit_code == 6, result.output
    assert "NOT SAVED" in result.stderr
    assert "9-8-8" in result.stderr
    assert "CANARY" not in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "wrong",
    [
        ["--db", "sqlite:///nothing-here.db"],
        ["--db", "carrier-pigeon://loft"],
        ["--db", "sqlite:"],
        ["--db", "program.db"],
        [],
        ["--abuot", "Maya"],
    ],
    ids=["nothing", "scheme", "no-place", "no-url", "none", "option"],
)
def test_without_a_program_it_still_says_what_to_do(run: Run, tmp_path: Path, wrong: list[str]) -> None:
    _not_saved(run("concern", *wrong, input=WORDS))


def test_a_person_who_cannot_be_read_loses_no_concern(run: Run, db: str, maya: str, newer: Newer) -> None:
    newer(maya)
    given = ("--about", "Maya Example", "--names", "Jo Placeholder", "--names", "Noor Nobody")
    raised = run("concern", "--db", db, *given, login="stranger", input=WORDS)
    assert "The alarm is stored." in raised.stdout
    listed = run("alerts", "--db", db, login="robin")
    assert listed.exit_code == 0, listed.output
    with peerkit.open(db, discover=False) as kit:
        [kept] = kit._find_all("concern")
        assert kept.names == (kit.actor_for("login", "jo").person,)
    assert "(about: Maya Example)" in kept.words
    assert "(named: Noor Nobody)" in kept.words


def test_an_alert_about_somebody_who_cannot_be_read_is_listed(
    run: Run, db: str, maya: str, tmp_path: Path
) -> None:
    run("concern", "--db", db, "--about", maya, login="stranger", input=WORDS)
    file = sqlite3.connect(tmp_path / "program.db")
    file.execute(
        """update change set envelope = replace(envelope, '"doc":1', '"doc":99') where id = ?""", (maya,)
    )
    file.execute("update record set doc = 99 where id = ?", (maya,))
    file.commit()
    file.close()
    listed = run("alerts", "--db", db, login="robin")
    assert listed.exit_code == 0, listed.output
    assert "somebody" in listed.stdout


@pytest.mark.parametrize("way", ["file", "input"])
def test_words_that_are_no_utf_8_are_stored(
    run: Run, db: str, tmp_path: Path, process: Any, way: str
) -> None:
    words = "she said: je n’en peux plus, é".encode() + "é".encode("latin-1")
    file = tmp_path / "worry.txt"
    file.write_bytes(words)
    if way == "file":
        raised = run("concern", "--db", db, "--words", str(file), login="stranger")
        assert "The alarm is stored." in raised.stdout
    else:
        with file.open("rb") as given:
            done = process("concern", "--db", db, stdin=given, env={"PYTHONUTF8": "1"})
        assert b"The alarm is stored." in done.stdout, done.stderr
    with peerkit.open(db, discover=False) as kit:
        [kept] = kit._find_all("concern")
    assert kept.words == "she said: je n’en peux plus, é\\udce9"
    assert "no-text" in kept.obstacles


def test_words_come_from_a_file_too(run: Run, db: str, tmp_path: Path, opened: Opened) -> None:
    file = tmp_path / "worry.txt"
    file.write_text(WORDS, encoding="utf-8")
    run("concern", "--db", db, "--words", str(file), login="stranger")
    missing = run("concern", "--db", db, "--words", str(tmp_path / "nothing"), login="stranger")
    _not_saved(missing)
    with opened() as kit:
        assert [one.words for one in kit._find_all("concern")] == [WORDS]


def test_a_supporter_who_works_here_can_be_watched_over_too(run: Run, db: str, opened: Opened) -> None:
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        tomas = s.save(Person.enrol(name="Tomas Sample"))
        s.save(PeerSupporter.welcome(tomas, by=peerkit_decision(tomas)))
    run("concern", "--db", db, "--about", tomas.id, "--today", login="jo", input=WORDS)
    with opened() as kit:
        [found] = kit._find_all("alert")
        assert (found.person, found.level) == (tomas.id, "today")


def test_who_works_here_raises_a_concern_for_themselves(run: Run, db: str, opened: Opened) -> None:
    raised = run("concern", "--db", db, "--about", "Jo Placeholder", login="jo", input=WORDS)
    assert "9-8-8" in raised.output
    with opened() as kit:
        jo, robin = (kit.actor_for("login", one).person for one in ("jo", "robin"))
        [found] = kit._find_all("alert")
        [kept] = kit._find_all("concern")
        assert (found.person, found.level, kept.author) == (jo, "now", jo)
        assert found.asked == (robin,)


def peerkit_decision(person: Person) -> Any:

    return Decision.of(person, how="spoken")

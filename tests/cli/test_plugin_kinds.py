# SPDX-License-Identifier: Apache-2.0
"""Kinds of plugins at a keyboard: their acts, and what is told of their records once the plugin is gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Self

import pytest
from click.testing import CliRunner

import peerkit
from peerkit import Appointment, Decision, Operational, Own, Person, Read, Record, act, hookimpl, record
from peerkit.cli import main
from peerkit.cli.app import App
from peerkit.hooks import Kind, Supply
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
CANARY = "CANARY among the beans"

RIGHTS = """
role          kind          read  acts
own:person    garden_visit  yes   *
own:gardener  garden_visit  yes   -
"""


@record(
    "garden_visit",
    """
    of  from     act     to       who     strength
    -   -        plan    planned  person  said
    -   planned  cancel  over     person  none
    """,
    subjects="person gardener",
    module="garden",
)
class GardenVisit(Record):
    """An afternoon in the garden, which a coordinator does not read while the plugin is there."""

    person: Operational[str]
    gardener: Operational[str]
    day: Operational[date]
    wish: Own[str] = ""
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(cls, *, person: str, gardener: str, day: date, wish: str, by: Decision | None = None) -> Self:
        """The person would like to come."""
        return cls(person=person, gardener=gardener, day=day, wish=wish)

    @act
    def cancel(self, *, by: Decision | None = None) -> Self:
        """Not that day."""
        return self


class Garden:
    name = "garden"
    __version__ = "1.4"

    @hookimpl
    def peerkit_supply(self) -> Iterator[Supply]:
        yield Kind(GardenVisit, rights=RIGHTS)


@pytest.fixture
def visit(db: str, opened: Opened, maya: str) -> str:
    """The id of a visit of Maya's to Rosa, planned and cancelled; the plugin is gone afterwards. Pat is
    the privacy contact, and each of them has a login."""
    with opened() as kit:
        with kit.session(kit.actor_for("login", "robin")) as s:
            rosa, pat = (s.save(Person.enrol(name=name)) for name in ("Rosa Garden", "Pat Sample"))
            s.save(Appointment.give(pat, "privacy"))
        kit.link("login", "rosa", rosa)
        kit.link("login", "pat", pat)
    with peerkit.open(db, plugins=[Garden()], discover=False) as kit:
        with kit.session(maya) as s:
            made = s.save(GardenVisit.plan(person=maya, gardener=rosa.id, day=date(2027, 5, 8), wish=CANARY))
        with kit.session(maya) as s:
            s.save(s.get(GardenVisit, made).cancel())
    return made.id


def test_a_plugins_act_takes_ids_and_days(db: str, maya: str, opened: Opened) -> None:
    """What names people is looked up, also where the act says no more than that it is a text."""
    with opened() as kit:
        robin = kit.actor_for("login", "robin").person
    app = App(login="maya")
    with peerkit.open(db, plugins=[Garden()], discover=False) as kit, app.using(kit):

        def plan(**changed: str) -> Any:
            arguments = {"person": maya, "gardener": f"person/{robin}", "day": "2027-05-08", "wish": "x"}
            args = ["act", "garden_visit", "plan", "--with", "-"]
            return CliRunner().invoke(main, args, obj=app, input=json.dumps(arguments | changed))

        assert plan().exit_code == 0
        with kit.session(maya) as s:
            [visit] = s.find(GardenVisit)
        assert (visit.gardener, visit.day) == (robin, date(2027, 5, 8))
        nobody = plan(gardener="person/nobody")
        assert (nobody.exit_code, "--with: gardener names a person" in nobody.stderr) == (3, True)
        odd = plan(day="soon")
        assert (odd.exit_code, "a day is written like" in odd.stderr) == (2, True)


@pytest.mark.parametrize("login", ["robin", "pat"])
def test_whoever_answers_for_the_program_reads_its_envelopes(
    run: Run, db: str, visit: str, document: Run, login: str
) -> None:
    for name in (visit, f"garden_visit/{visit}"):
        shown = run("history", name, "--db", db, login=login)
        assert shown.exit_code == 0, shown.output
    assert f"garden_visit {visit}: 2 versions" in shown.stdout
    assert "cancel: decided by" in shown.stdout
    assert "garden 1.4" in shown.stdout
    versions = document(run("history", visit, "--db", db, "--json", login=login))
    assert [(v["version"], v["acts"][0]["act"], v["module"]) for v in versions] == [
        (1, "plan", "garden 1.4"),
        (2, "cancel", "garden 1.4"),
    ]


def test_it_is_inspected_without_its_body_and_that_is_logged(  # noqa: PLR0917
    run: Run, db: str, visit: str, maya: str, document: Run, opened: Opened
) -> None:
    shown = run("inspect", visit, "--reason", "the plugin is gone", "--db", db)
    assert shown.exit_code == 0, shown.output
    assert "what it holds cannot be shown" in " ".join(shown.stdout.split())
    made = document(run("inspect", visit, "--reason", "again", "--at", "1000", "--json", "--db", db))
    assert made["record"] == {"kind": "garden_visit", "id": visit, "version": 2, "opaque": True}
    first = made["versions"][0]["position"]
    was = document(run("inspect", visit, "--reason", "x", "--at", str(first), "--json", "--db", db))
    assert (was["record"]["version"], len(was["versions"])) == (1, 1)
    assert run("inspect", visit, "--reason", "x", "--at", "1", "--db", db).exit_code == 3
    assert "CANARY" not in shown.output + str(made)
    with opened() as kit, kit.session(maya) as s:
        robin = kit.actor_for("login", "robin").person
        reads = [(r.reader, r.of, r.records, r.why) for r in s.find(Read) if r.of == "garden_visit"]
    assert reads[:2] == [
        (robin, "garden_visit", (visit,), "the plugin is gone"),
        (robin, "garden_visit", (visit,), "again"),
    ]


@pytest.mark.parametrize("login", ["maya", "rosa", "jo"])
def test_nobody_else_finds_it(run: Run, db: str, visit: str, login: str) -> None:
    """What its rights were, nobody knows any more: for a person too it may have been a secret."""
    for command in (["history", visit], ["inspect", visit, "--reason", "x"]):
        assert run(*command, "--db", db, login=login).exit_code == 3
    assert run("history", visit, "--as", "person", "--db", db, login="robin").exit_code == 3


def test_who_is_among_its_people_is_not_told_who_acted(
    run: Run, db: str, visit: str, opened: Opened, document: Run
) -> None:
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        rosa = kit.actor_for("login", "rosa").person
        s.save(Appointment.give(rosa, "coordinator"))
    shown = run("history", visit, "--db", db, login="rosa")
    assert "plan: decided by somebody" in shown.stdout
    [first, _] = document(run("history", visit, "--db", db, "--json", login="rosa"))
    assert first["recorded_by"] == {"id": "", "name": "somebody"}
    assert first["acts"][0]["decided_by"] == {"id": "", "name": "somebody"}


def test_no_act_is_recorded_on_it(run: Run, db: str, visit: str) -> None:
    refused = run("act", visit, "cancel", "--db", db)
    assert (refused.exit_code, "peerkit plugins" in refused.stderr) == (5, True)
    assert run("act", "garden_visit", "--db", db).exit_code == 5


def test_what_it_holds_goes_with_its_person(
    run: Run, db: str, visit: str, opened: Opened, document: Run
) -> None:
    """By its own id, and also where the person is erased: nothing of theirs is left behind by a plugin."""
    args = ("--basis", "wish", "--decided-by", "Pat Sample", "--yes", "--json", "--db", db)
    erased = document(run("erase", visit, *args))
    assert erased["versions"] == 2
    with opened() as kit:
        assert [one.body for one in kit.storage.history("garden_visit", visit)] == [None, None]
    assert "(erased)" in run("history", visit, "--db", db).stdout
    assert run("verify", "--db", db).exit_code == 0


def test_erasing_a_person_names_what_a_plugin_left_about_them(
    run: Run, db: str, visit: str, maya: str, document: Run
) -> None:
    args = ("--basis", "wish", "--decided-by", "Pat Sample", "--yes", "--json", "--db", db)
    erased = document(run("erase", maya, *args))
    assert ["garden_visit", visit] in erased["shared"]

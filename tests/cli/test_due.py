# SPDX-License-Identifier: Apache-2.0
"""What is due, at a keyboard: seen in order, finished, and somebody else's by right only."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from peerkit import Person, Read, Task
from peerkit.instruments import installed, load
from peerkit.kit import Kit
from peerkit.texts.labels import DESCRIBED

Run = Callable[..., Any]
Opened = Callable[[], Kit]
TASKS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "tasks.md"
CANARY = "CANARY about the beans"


@pytest.fixture
def given(opened: Opened, maya: str) -> dict[str, str]:
    """Tasks of Jo's by what they are, given in another order than they are due."""
    with opened() as kit:
        robin, jo = (kit.actor_for("login", one) for one in ("robin", "jo"))
        with kit.session(robin) as s:
            found = {
                what: s.save(
                    Task.give(owner=jo.person, what=what, due=due, person=maya, about=maya, note=CANARY)
                ).id
                for what, due in (
                    ("whenever", None),
                    ("later", datetime(2126, 5, 8, 12, tzinfo=UTC)),
                    ("late", datetime(2026, 5, 8, 12, tzinfo=UTC)),
                    ("soon", datetime(2126, 5, 7, 12, tzinfo=UTC)),
                    ("later-than-late", datetime(2026, 5, 9, 12, tzinfo=UTC)),
                )
            }
        with kit.session(robin) as s:
            s.save(Task.give(owner=robin.person, what="match"))
    return found


def test_a_task_that_cannot_be_read_is_told_and_hides_no_other(
    run: Run, db: str, given: dict[str, str], newer: Callable[[str], None]
) -> None:
    newer(given["soon"])
    for args, login in (((), "jo"), (("--of", "Jo Placeholder"), "robin")):
        for form in ((), ("--json",)):
            listed = run("due", *args, *form, "--db", db, login=login)
            assert listed.exit_code == 0, listed.output
            assert f"not shown: task/{given['soon']}" in listed.stderr
            places = [listed.stdout.index(given[what]) for what in ("late", "later", "whenever")]
            assert places == sorted(places)


def test_more_than_are_shown_is_told(
    run: Run, db: str, given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from peerkit.cli.commands import due

    assert "there may be more" not in run("due", "--db", db, login="jo").stderr
    monkeypatch.setattr(due, "MOST", 3)
    assert "there may be more" in run("due", "--db", db, login="jo").stderr


MEANING = DESCRIBED["task", "what"]


def test_what_is_overdue_comes_first_and_what_has_no_time_last(
    run: Run, db: str, given: dict[str, str], document: Run
) -> None:
    order = ["late", "later-than-late", "soon", "later", "whenever"]
    listed = document(run("due", "--json", "--db", db, login="jo"))
    assert [task["what"] for task in listed] == order
    assert [task["overdue"] for task in listed] == [True, True, False, False, False]
    assert listed[0]["id"] == given["late"]
    shown = run("due", "--db", db, login="jo").stdout
    assert "5 open tasks of yours, 2 overdue" in shown
    places = [shown.index(f"\n{what.replace('-', ' ')}, ") for what in order]
    assert places == sorted(places)
    assert "late, overdue since Fri 8 May 2026, 08:00" in shown


def test_one_is_finished_and_passed_on_by_its_act(
    run: Run, db: str, given: dict[str, str], document: Run, opened: Opened
) -> None:
    with opened() as kit:
        robin = kit.actor_for("login", "robin").person
    assert run("act", f"task/{given['late']}", "done", "--db", db, login="jo").exit_code == 0
    handed = run(
        *("act", given["soon"], "hand_to", "--with", "-", "--db", db),
        login="jo",
        input=f'{{"owner": "person/{robin}"}}',
    )
    assert handed.exit_code == 0, handed.output
    left = document(run("due", "--json", "--db", db, login="jo"))
    assert [task["what"] for task in left] == ["later-than-late", "later", "whenever"]
    assert "soon" in [task["what"] for task in document(run("due", "--json", "--db", db))]


def test_a_coordinator_sees_somebody_elses_and_that_is_logged(  # noqa: PLR0917
    run: Run, db: str, given: dict[str, str], maya: str, document: Run, opened: Opened
) -> None:
    shown = run("due", "--of", "Jo Placeholder", "--db", db)
    assert "5 open tasks of Jo Placeholder, 2 overdue" in shown.stdout
    with opened() as kit, kit.session(maya) as s:
        assert set(given.values()) <= {one for read in s.find(Read, of="task") for one in read.records}
    for login, of in (("maya", "Maya Example"), ("jo", "Jo Placeholder")):
        assert run("due", "--of", of, "--db", db, login=login).exit_code in {0, 3}


def test_nobody_else_sees_a_part_of_somebodys(
    run: Run, db: str, given: dict[str, str], maya: str, opened: Opened
) -> None:
    with opened() as kit:
        jo = kit.actor_for("login", "jo").person
    refused = run("due", "--of", maya, "--db", db, login="jo")
    assert (refused.exit_code, "no-right" in refused.stderr) == (1, True)
    assert run("due", "--of", jo, "--db", db, login="maya").exit_code in {1, 3}
    assert run("due", "--of", "Nobody At All", "--db", db).exit_code == 3


def test_nothing_is_due_is_said(run: Run, db: str, maya: str, opened: Opened) -> None:
    assert run("due", "--db", db, login="maya").stdout == "Nothing is due from you.\n"
    assert run("due", "--db", db, login="stranger").exit_code == 3
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        s.save(Person.enrol(name="Lou Made-Up"))
    assert run("due", "--of", "Lou Made-Up", "--db", db).stdout == "Nothing is due from Lou Made-Up.\n"


def test_each_of_peerkits_own_tasks_says_what_it_asks_for(run: Run, db: str, given: dict[str, str]) -> None:
    codes = re.findall(r"^\| `([a-z-]+)` \|", TASKS.read_text(encoding="utf-8"), re.MULTILINE)
    # Instruments' own tasks: the page has them as screen-…
    instruments = {f"screen-{task.id}" for id_ in installed() for task in load(id_).tasks}
    assert set(codes[1:]) == set(MEANING) - instruments  # behind the heading
    assert MEANING["match"] in " ".join(run("due", "--db", db).stdout.split())

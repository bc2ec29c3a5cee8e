# SPDX-License-Identifier: Apache-2.0
"""Counts at a keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import pytest
from click.testing import CliRunner

import peerkit
from peerkit import Activity, Interaction, Read, hookimpl
from peerkit.cli import main
from peerkit.cli.app import App
from peerkit.hooks import Cell, ReportSection, Supply
from peerkit.kit import Kit
from peerkit.texts import _

Run = Callable[..., Any]
Opened = Callable[[], Kit]
MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


@pytest.fixture
def given(opened: Opened) -> None:
    """Two calls of Jo's and a group of eleven."""
    at = {"local": datetime.fromisoformat("2026-03-10T19:00"), "timezone": "America/Toronto"}
    with opened() as kit, kit.session(jo := kit.actor_for("login", "jo")) as s:
        for _ in range(2):
            s.save(Interaction.note(supporter=jo.person, channel="call", minutes=30, **at))
        s.save(Activity.enter(title="Tea", format="group", facilitators=(jo.person,), headcount=11, **at))


@pytest.mark.usefixtures("given")
def test_a_coordinator_sees_counts_and_small_ones_only_for_the_programs_own_use(
    run: Run, db: str, document: Run, opened: Opened
) -> None:
    shown = run("counts", *MARCH, "--db", db)
    assert shown.exit_code == 0, shown.output
    lines = {tuple(one.rsplit("  ", 1)) for one in map(str.strip, shown.stdout.splitlines()) if "  " in one}
    cells = {name.strip(): value for name, value in lines}
    assert (cells["attendances"], cells["calls without a name"]) == ("11", "not shown")
    assert (cells["individuals"], cells["days waited, median"]) == ("0", "-")
    plain = document(run("counts", *MARCH, "--json", "--db", db))
    assert (plain["attendances"], plain["calls_nameless"], plain["first"]) == (11, None, "2026-03-01")
    own = run("counts", *MARCH, "--own-use", "--db", db)
    assert "not to be passed on" in own.stdout
    assert document(run("counts", *MARCH, "--own-use", "--json", "--db", db))["hours"]["interactions"] == 1.0
    with opened() as kit:
        logged = [one for one in kit._find_all(Read.kind) if one.of == "counts"]
    assert len(logged) == 2
    before = document(run("counts", *MARCH, "--as-of", str(plain["position"]), "--json", "--db", db))
    assert before == plain


@pytest.mark.usefixtures("given")
def test_nobody_else_does_and_days_have_a_form(run: Run, db: str) -> None:
    for login, code in (("jo", 1), ("stranger", 3)):
        refused = run("counts", *MARCH, "--db", db, login=login)
        assert refused.exit_code == code
        assert "11" not in refused.stdout
    for wrong in (
        ("--from", "2026-03-01"),
        ("--from", "1 March", "--to", "2026-03-31"),
        ("--from", "2026-02-30", "--to", "2026-03-31"),
        ("--from", "2026-03-31", "--to", "2026-03-01"),
        (*MARCH, "--as-of", "0"),
    ):
        assert run("counts", *wrong, "--db", db).exit_code == 2


class Fevers:
    """A module that counts, beside one that cannot."""

    name = "fevers"
    __version__ = "2.1"

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        yield ReportSection(
            "fevers",
            _("Hours"),  # a heading that peerkit has in French
            lambda _period: [
                Cell("few", _("meetings"), number=3),
                Cell("many", "toasts", number=30, group="t"),
            ],
        )
        yield ReportSection("broken", "Broken", lambda _period: [7])  # type: ignore[list-item]


def test_sections_of_modules_are_shown_and_what_is_left_out_is_named(db: str) -> None:
    app = App(login="robin")
    with peerkit.open(db, plugins=[Fevers()], discover=False) as kit, app.using(kit):
        shown = CliRunner().invoke(main, ["counts", *MARCH], obj=app, env={"PEERKIT_LANG": "fr"})
        assert shown.exit_code == 0, shown.output
        assert shown.stdout.count("Heures") == 2
        lines = [" ".join(one.split()) for one in shown.stdout.splitlines()]
        assert "rencontres non montré" in lines
        assert "toasts 30" in lines
        assert "broken (fevers 2.1)" in shown.stdout
        plain = json.loads(CliRunner().invoke(main, ["counts", *MARCH, "--json"], obj=app).stdout)
    (section,) = plain["sections"]
    assert (section["name"], section["plugin"]) == ("fevers", "fevers")
    assert [(cell["code"], cell["number"]) for cell in section["cells"]] == [("few", None), ("t", 30)]
    assert plain["left_out"] == ["broken (fevers 2.1)"]

# SPDX-License-Identifier: Apache-2.0
"""Counts at a keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from peerkit import Activity, Interaction, Read
from peerkit.kit import Kit

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

# SPDX-License-Identifier: Apache-2.0
"""What a person said last counts, also where two hosts' clocks disagree on when that was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import peerkit
from peerkit import Consent, GoalPlan, Person, Recipient
from peerkit.testing import TimeMachine

SETTINGS = {
    "name": "Example program (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
}

CLASSES = ("own", "identity", "contact")


@pytest.mark.parametrize("last", ["refuse", "give"])
def test_a_host_whose_clock_is_ahead_has_not_the_last_word(tmp_path: Path, last: str) -> None:
    url, clock = f"sqlite:///{tmp_path / 'program.db'}", TimeMachine()
    with (
        peerkit.open(url, settings=SETTINGS, clock=clock, discover=False) as here,
        peerkit.open(url, clock=clock.host(hours=1), discover=False) as ahead,
    ):
        robin = here._find_all("appointment")[0].person
        with here.session(actor=robin) as s:
            maya = s.save(Person.enrol(name="Maya (fictional)"))
            clinic = s.save(Recipient.add(name="Clinic (fictional)"))
        with here.session(actor=maya) as s:
            s.save(GoalPlan.begin(person=maya, hopes="Sleep"))

        def say(kit: peerkit.Kit, act: str) -> None:
            given: dict[str, Any] = {"person": maya, "recipient": clinic, "purpose": "care"}
            with kit.session(actor=maya) as s:
                s.save(getattr(Consent, act)(**given, classes=CLASSES))

        say(ahead, "give" if last == "refuse" else "refuse")
        say(here, last)
        (page,) = here.disclose(GoalPlan, to=clinic, purpose="care", actor=maya)
        assert len(page) == (last == "give")

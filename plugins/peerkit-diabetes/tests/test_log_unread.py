# SPDX-License-Identifier: Apache-2.0
"""A log that cannot be read may be one that is watched: a human looks, and whoever notes is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from peerkit_diabetes.log import DiabetesLog, DiabetesReading
from peerkit_diabetes.noting import UNREADABLE, note
from spoiling import spoil

from peerkit import Actor, Concern, Person, Refused

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)


def watched(house: Any) -> DiabetesLog:
    with house.kit.session(actor=house.maya) as s:
        log = DiabetesLog.turn_on(person=house.maya)
        return s.save(log.watch_over(house.kai, low="3.0", unit="mmol/L"))


def low(log: DiabetesLog, value: str = "2.1") -> DiabetesReading:
    return DiabetesReading.note(log, "glucose", taken=NOW, value=value, unit="mmol/L")


@pytest.mark.parametrize("kept", [True, False])
def test_a_human_is_asked_to_look_before_anything_else(house: Any, *, kept: bool) -> None:
    log = watched(house)
    spoil(house.kit, log)
    if kept:
        found = note(house.kit, low(log), actor=Actor(house.maya.id))
        assert found.steps is not None
        assert found.unread
        assert found.facts
    else:  # whoever cannot read the log has nothing else to note it in
        with pytest.raises(Refused):
            note(house.kit, low(DiabetesLog.turn_on(person=house.maya)), actor=Actor(house.maya.id))
    [alert] = house.kit.alerts()
    assert alert.level == "today"
    with house.coordinating() as s:
        assert [one.words for one in s.find(Concern, about=house.maya.id).readable] == [UNREADABLE]


def test_and_once_a_day_however_it_is_found(house: Any) -> None:
    """Whoever looked yesterday, and closed that, does not hide what is noted today."""
    log = watched(house)
    spoil(house.kit, log)
    for value in ("2.1", "5.7"):
        note(house.kit, low(log, value), actor=Actor(house.maya.id))
    house.kit.deliver()
    assert len(house.kit.alerts()) == 1
    house.time.forward(days=1)
    note(house.kit, low(log), actor=Actor(house.maya.id))
    house.kit.deliver()
    assert len(house.kit.alerts()) == 2


@pytest.mark.parametrize("through", ["note", "a host's own save"])
def test_another_log_that_asks_for_an_alarm_still_has_it(house: Any, through: str) -> None:
    """Where two records of one human were joined."""
    log = watched(house)
    with house.coordinating() as s:
        twin = s.save(Person.enrol(name="Maya (fictional)"))
    with house.kit.session(actor=twin) as s:
        other = s.save(DiabetesLog.turn_on(person=twin))
    house.kit.merge(twin, house.maya, reason="the same bicycle", actor=house.coordinator)
    spoil(house.kit, other)
    with house.kit.session(actor=twin) as s:
        reading = low(s.get(DiabetesLog, log.id))
    if through == "note":
        assert not note(house.kit, reading, actor=Actor(twin.id)).unread
    else:
        with house.kit.session(actor=twin) as s:
            s.save(reading)
    house.kit.deliver()
    assert {one.level for one in house.kit.alerts()} == {"now", "today"}


def test_a_second_log_is_refused_and_why(house: Any) -> None:
    spoil(house.kit, watched(house))
    with pytest.raises(Refused, match="cannot be read"), house.kit.session(actor=house.maya) as s:
        s.save(DiabetesLog.turn_on(person=house.maya))

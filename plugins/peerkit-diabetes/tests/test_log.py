# SPDX-License-Identifier: Apache-2.0
"""The person's own log: off until they turn it on, theirs alone, and loud only if they wish."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from peerkit_diabetes.log import DiabetesLog, DiabetesReading
from peerkit_diabetes.noting import note
from spoiling import spoil

from peerkit import Actor, Concern, Decision, Kit, Malformed, NotFound, PeerkitError, Person, Refused

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)


def turned_on(house: Any, **watch: Any) -> DiabetesLog:
    with house.kit.session(actor=house.maya) as s:
        log = DiabetesLog.turn_on(person=house.maya)
        return s.save(log.watch_over(house.kai, **{"unit": "mmol/L", **watch}) if watch else log)


def glucose(log: DiabetesLog, value: str, unit: str = "mmol/L", **more: Any) -> DiabetesReading:
    return DiabetesReading.note(log, "glucose", taken=NOW, value=value, unit=unit, **more)


def open_alerts(house: Any) -> int:
    return len(house.kit.alerts())


# -- whose it is ---------------------------------------------------------------------------------------


def test_nothing_is_kept_before_it_is_turned_on(house: Any) -> None:
    log = DiabetesLog.turn_on(person=house.maya)  # not saved
    with pytest.raises((NotFound, Refused)):
        note(house.kit, glucose(log, "5.7"), actor=Actor(house.maya.id))


def test_nobody_reads_it_but_the_person(house: Any) -> None:
    log = turned_on(house)
    reading = note(house.kit, glucose(log, "5.7"), actor=Actor(house.maya.id)).reading
    for other in (house.kai, house.noor, house.coordinator):
        for one in (log, reading):
            with house.kit.session(actor=other) as s, pytest.raises((NotFound, Refused)):
                s.get(type(one), one.id)
    with house.kit.session(actor=house.maya) as s:
        assert s.get(DiabetesReading, reading.id).value == Decimal("5.7")


def test_nobody_else_notes_or_turns_it_on(house: Any) -> None:
    with pytest.raises(Refused), house.kit.session(actor=house.kai) as s:
        s.save(DiabetesLog.turn_on(person=house.maya))


def test_what_is_kept_already_is_not_noted_anew_in_its_place(house: Any) -> None:
    log = turned_on(house)
    kept = note(house.kit, glucose(log, "2.1"), actor=Actor(house.maya.id)).reading
    with pytest.raises(PeerkitError), house.kit.session(actor=house.maya) as s:
        given = {"taken": NOW, "value": "5.7", "unit": "mmol/L", "instead": kept}
        s.save(DiabetesReading.note(log, "glucose", **given))
    with house.kit.session(actor=house.maya) as s:
        assert s.get(DiabetesReading, kept.id).value == Decimal("2.1")


def test_no_value_stands_in_a_repr(house: Any) -> None:
    log = DiabetesLog.turn_on(person=house.maya).watch_over(house.kai, low="3.1", unit="mmol/L")
    reading = glucose(log, "13.37", words="secret")
    assert "13.37" not in repr(reading)
    assert "secret" not in repr(reading)
    assert "3.1" not in repr(log)


# -- what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("glucose", {"value": "5.7"}),
        ("glucose", {"value": "400", "unit": "mmol/L"}),
        ("glucose", {"value": "4.5", "unit": "mg/dL"}),
        ("glucose", {"value": "5.7", "unit": "%"}),
        ("glucose", {"value": "5.7", "second": "5.8", "unit": "mmol/L"}),
        ("glucose", {"value": "5.7", "unit": "mmol/L", "off_scale": "low"}),
        ("glucose", {}),
        ("a1c", {"value": "7.1", "unit": "mmol/mol"}),
        ("a1c", {"value": "53", "unit": "%"}),
        ("a1c", {"value": "7.1", "unit": "%", "moment": "bedtime"}),
        ("blood_pressure", {"value": "128", "unit": "mmHg"}),
        ("blood_pressure", {"value": "82", "second": "128", "unit": "mmHg"}),
        ("feet", {"found": "fine"}),
        ("feet", {"found": "nothing_new", "value": "1"}),
        ("weight", {"value": "80", "unit": "kg"}),
    ],
)
def test_what_does_not_fit_is_refused_and_says_where(house: Any, what: str, given: dict[str, str]) -> None:
    log = DiabetesLog.turn_on(person=house.maya)
    with pytest.raises(Malformed, match="diabetes_reading"):
        DiabetesReading.note(log, what, taken=NOW, **given)


def test_an_aim_is_the_persons_and_in_order(house: Any) -> None:
    log = turned_on(house)
    with pytest.raises(Malformed):
        log.set_target("glucose", unit="mmol/L", low="7.0", high="4.0")
    with pytest.raises(Malformed):
        log.set_target("feet", unit="", low="1")
    with pytest.raises(Refused), house.kit.session(actor=house.kai) as s:
        s.save(log.set_target("glucose", unit="mmol/L", low="4.0", high="7.0"))
    kept = log.set_target("glucose", unit="mmol/L", high="7.0").set_target(
        "glucose", unit="mg/dL", high="126"
    )
    assert [(one.unit, one.high) for one in kept.targets] == [("mg/dL", 126)]


@pytest.mark.parametrize(
    "given",
    [
        {"high": "130"},
        {"high": "80", "second_high": "130"},
        {"high": "130", "second_low": "60"},
        {"low": "100", "second_low": "85", "high": "130", "second_high": "80"},
    ],
)
def test_an_aim_for_blood_pressure_has_two_numbers_in_order(house: Any, given: dict[str, str]) -> None:
    log = DiabetesLog.turn_on(person=house.maya)
    with pytest.raises(Malformed, match=r"diabetes_log\.target"):
        log.set_target("blood_pressure", unit="mmHg", **given)
    with pytest.raises(Malformed, match="two numbers"):
        log.set_target("glucose", unit="mmol/L", high="7.0", second_high="5.0")
    [kept] = log.set_target("blood_pressure", unit="mmHg", high="130", second_high="80").targets
    assert (kept.high, kept.second_high) == (130, 80)


# -- who is told ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "alarms"), [("2.9", True), ("3.0", False), ("15.0", False), ("15.1", True)]
)
def test_somebody_is_told_beyond_the_persons_own_limits(house: Any, value: str, *, alarms: bool) -> None:
    log = turned_on(house, low="3.0", high="15.0")
    found = note(house.kit, glucose(log, value), actor=Actor(house.maya.id))
    assert open_alerts(house) == (1 if alarms else 0)
    assert (found.steps is not None) == alarms


def test_nobody_is_told_unless_they_switched_it_on(house: Any) -> None:
    log = turned_on(house)
    found = note(house.kit, glucose(log, "1.9"), actor=Actor(house.maya.id))
    house.kit.deliver()
    assert open_alerts(house) == 0
    assert found.facts  # what to do, all the same


@pytest.mark.parametrize("end", ["stop_watching", "turn_off"])
def test_nor_any_more_once_they_switched_it_off(house: Any, end: str) -> None:
    log = turned_on(house, low="3.0")
    with house.kit.session(actor=house.maya) as s:
        s.save(getattr(s.get(DiabetesLog, log.id), end)())
    with nullcontext() if end == "stop_watching" else pytest.raises(Refused):
        note(house.kit, glucose(log, "1.9"), actor=Actor(house.maya.id))
    house.kit.deliver()
    assert open_alerts(house) == 0


@pytest.mark.parametrize("before", [{}, {"low": "2.0"}])
def test_what_was_noted_before_they_wanted_it_alarms_nobody_later(house: Any, before: dict[str, str]) -> None:
    log = turned_on(house, **before)
    note(house.kit, glucose(log, "2.2"), actor=Actor(house.maya.id))
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(DiabetesLog, log.id).watch_over(house.kai, low="3.0", unit="mmol/L"))
    house.kit.deliver()
    assert open_alerts(house) == 0


def test_limits_hold_in_the_other_unit(house: Any) -> None:
    log = turned_on(house, low="54", unit="mg/dL")
    note(house.kit, glucose(log, "2.9"), actor=Actor(house.maya.id))
    assert open_alerts(house) == 1


def test_a_meter_that_shows_lo_has_measured_something(house: Any) -> None:
    log = turned_on(house, low="3.0")
    reading = DiabetesReading.note(log, "glucose", taken=NOW, off_scale="low")
    note(house.kit, reading, actor=Actor(house.maya.id))
    assert open_alerts(house) == 1
    high = DiabetesReading.note(log, "glucose", taken=NOW, off_scale="high")
    assert not log.alarms(high)  # they set no upper limit


@pytest.mark.parametrize(
    ("value", "unit", "watch", "alarms"),
    [
        ("45", "mmol/L", {"low": "3.0"}, True),  # as a meter in mg/dL shows 2.5 mmol/L
        ("45", "mmol/L", {"high": "20.0"}, True),
        ("95", "mmol/L", {"low": "3.0"}, False),  # 5.3 mmol/L, and far above 3.0 as it stands
        ("19", "mg/dL", {"high": "15.0"}, True),  # as a meter in mmol/L shows it: high
        ("33.3", "mmol/L", {"low": "3.0"}, True),  # both meters show that
        ("25", "mg/dL", {"high": "15.0"}, True),
        ("19.9", "mmol/L", {"low": "3.0"}, False),  # no meter in mg/dL shows so little
    ],
)
def test_a_number_that_may_be_in_the_other_unit_alarms_if_either_would(
    house: Any, value: str, unit: str, watch: dict[str, str], *, alarms: bool
) -> None:
    log = turned_on(house, **watch)
    with house.kit.session(actor=house.maya) as s:
        s.save(glucose(log, value, unit))
    house.kit.deliver()
    assert open_alerts(house) == (1 if alarms else 0)


def test_whom_they_chose_is_asked_first_and_hears_no_number(house: Any) -> None:
    log = turned_on(house, low="3.0")
    note(house.kit, glucose(log, "2.2"), actor=Actor(house.maya.id))
    house.kit.deliver()
    with house.kit.session(actor=house.kai) as s:
        assert len(house.kit.alerts(s.actor)) == 1  # Kai is asked, and may see it
    with house.kit.session(actor=house.kai) as s:
        (concern,) = s.find(Concern, about=house.maya.id)
        assert "2.2" not in concern.words


def test_a_reading_that_a_host_saves_by_itself_alarms_with_the_next_run_and_once(house: Any) -> None:
    log = turned_on(house, low="3.0")
    with house.kit.session(actor=house.maya) as s:
        s.save(glucose(log, "2.2"))
    assert open_alerts(house) == 0
    house.kit.deliver()
    house.kit.deliver()
    assert open_alerts(house) == 1


def test_one_that_alarmed_at_once_alarms_no_second_time_and_the_next_one_does(house: Any) -> None:
    log = turned_on(house, low="3.0")
    note(house.kit, glucose(log, "2.2"), actor=Actor(house.maya.id))
    house.kit.deliver()
    assert open_alerts(house) == 1
    note(house.kit, glucose(log, "2.1"), actor=Actor(house.maya.id))
    house.kit.deliver()
    assert open_alerts(house) == 2


def test_the_alarm_stands_though_the_reading_is_not_stored(house: Any) -> None:
    log = turned_on(house, low="3.0")
    broken = glucose(log, "2.2")
    with house.kit.session(actor=house.maya) as s:
        s.save(broken)  # so that saving it once more is refused
    with pytest.raises(Exception):  # noqa: B017  # whichever of peerkit's errors
        note(house.kit, broken, actor=Actor(house.maya.id))
    assert open_alerts(house) == 1


# -- away and back ------------------------------------------------------------------------------------


def test_it_goes_on_with_the_module_away_and_back(house: Any, again: Callable[..., Kit]) -> None:
    if house.url == "memory:":
        return
    log = turned_on(house, low="3.0")
    reading = note(house.kit, glucose(log, "5.7"), actor=Actor(house.maya.id)).reading
    house.kit.close()
    with again() as kit, kit.session(actor=house.maya) as s:
        assert s.get(DiabetesReading, reading.id) == reading


@pytest.mark.parametrize(
    ("low", "high", "unit"), [("70", None, "mmol/L"), ("3.0", "90", "mmol/L"), ("15", None, "mg/dL")]
)
def test_limits_that_no_meter_shows_are_refused(house: Any, low: str, high: str | None, unit: str) -> None:
    log = DiabetesLog.turn_on(person=house.maya)
    with pytest.raises(Malformed, match="look at the unit"):
        log.watch_over(house.kai, low=low, high=high, unit=unit)
    assert (
        log.watch_over(house.kai, high="20", unit="mmol/L").high == 20
    )  # though mg/dL has such a number too


# -- an alarm that would be lost ------------------------------------------------------------------------


def test_a_second_log_is_refused_since_the_first_may_be_the_one_that_is_watched(house: Any) -> None:
    turned_on(house, low="3.0")
    with pytest.raises(Refused) as refused:
        turned_on(house)
    assert refused.value.codes == ("diabetes-log",)


def test_nothing_is_noted_in_a_log_that_is_off(house: Any) -> None:
    log = turned_on(house, low="3.0")
    with house.kit.session(actor=house.maya) as s:
        off = s.save(s.get(DiabetesLog, log.id).turn_off())
    with pytest.raises(Refused) as refused:
        note(house.kit, glucose(off, "2.2"), actor=Actor(house.maya.id))
    assert refused.value.codes == ("diabetes-log-off",)


def test_of_two_logs_of_one_human_the_one_that_asks_counts(house: Any) -> None:
    turned_on(house, low="3.0")
    with house.coordinating() as s:
        twin = s.save(Person.enrol(name="Maya (fictional)"))
    with house.kit.session(actor=twin) as s:
        plain = s.save(DiabetesLog.turn_on(person=twin))
    house.kit.merge(twin, house.maya, reason="the same bicycle", actor=house.coordinator)
    with house.kit.session(actor=twin) as s:
        s.save(glucose(s.get(DiabetesLog, plain.id), "2.2"))
    house.kit.deliver()
    assert open_alerts(house) == 1
    with house.kit.session(actor=twin) as s:
        log = s.get(DiabetesLog, plain.id)
    note(house.kit, glucose(log, "2.1"), actor=Actor(twin.id))
    assert open_alerts(house) == 2


def test_whoever_is_told_first_is_in_the_program(house: Any) -> None:
    with house.coordinating() as s:
        s.save(s.get(Person, house.kai.id).leave(by=Decision.of(house.kai, how="spoken")))
    with pytest.raises(Refused) as refused:
        turned_on(house, low="3.0")
    assert refused.value.codes == ("unknown-person",)


def test_one_who_left_since_hinders_no_alarm(house: Any) -> None:
    log = turned_on(house, low="3.0")
    with house.coordinating() as s:
        s.save(s.get(Person, house.kai.id).leave(by=Decision.of(house.kai, how="spoken")))
    note(house.kit, glucose(log, "2.2"), actor=Actor(house.maya.id))
    assert open_alerts(house) == 1


@pytest.mark.parametrize("spoiled", ["log", "reading"])
def test_what_cannot_be_read_is_a_humans_to_look_at_and_stops_no_other_alarm(
    house: Any, spoiled: str
) -> None:
    log = turned_on(house, low="3.0")
    with house.kit.session(actor=house.maya) as s:
        reading = s.save(glucose(log, "2.2"))
    spoil(house.kit, log if spoiled == "log" else reading)
    house.kit.deliver()
    [alert] = house.kit.alerts()
    assert alert.level == "today"
    assert "2.2" not in repr(alert)


@pytest.mark.parametrize("then", ["set_target", "watch_over", ""])
def test_a_host_that_held_an_older_log_alarms_all_the_same(house: Any, then: str) -> None:
    held = turned_on(house)  # as a host read it, before the person wanted anybody to be told
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(DiabetesLog, held.id).watch_over(house.kai, low="3.0", unit="mmol/L"))
    with house.kit.session(actor=house.maya) as s:
        s.save(glucose(held, "2.2"))
    with house.kit.session(actor=house.maya) as s:  # and whatever comes before the next run
        log = s.get(DiabetesLog, held.id)
        if then == "set_target":
            s.save(log.set_target("glucose", unit="mmol/L", high="7.0"))
        elif then == "watch_over":
            s.save(log.watch_over(house.kai, low="2.0", unit="mmol/L"))
    house.kit.deliver()
    assert open_alerts(house) == 1

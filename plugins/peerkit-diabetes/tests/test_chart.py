# SPDX-License-Identifier: Apache-2.0
"""A picture of what was noted, without judging."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from peerkit_diabetes.chart import chart
from peerkit_diabetes.log import DiabetesLog, DiabetesReading

from peerkit import Malformed

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)


def test_an_aim_for_blood_pressure_is_two_lines_and_no_band(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A band up to 130 would hold a lower number of 120 too, and call it aimed at."""
    from matplotlib.axes import Axes

    lines: list[float] = []
    monkeypatch.setattr(Axes, "axhline", lambda _self, y, **_more: lines.append(y))
    monkeypatch.setattr(Axes, "axhspan", lambda *_a, **_k: pytest.fail("a band"))
    log = DiabetesLog.turn_on(person=house.maya).set_target(
        "blood_pressure", unit="mmHg", high="130", second_high="80"
    )
    pressure = {"value": "190", "second": "120", "unit": "mmHg"}
    held = [DiabetesReading.note(log, "blood_pressure", taken=NOW, **pressure)]
    assert chart(held, "blood_pressure", targets=log.targets).startswith(b"\x89PNG")
    assert lines == [130.0, 80.0]


@pytest.mark.parametrize(("locale", "sign"), [("en", "."), ("fr", ",")])
def test_numbers_at_its_side_are_written_as_the_language_does(
    house: Any, monkeypatch: pytest.MonkeyPatch, locale: str, sign: str
) -> None:
    from matplotlib.figure import Figure

    told: list[str] = []
    save = Figure.savefig

    def saved(figure: Figure, *args: Any, **more: Any) -> None:
        save(figure, *args, **more)
        told.extend(one.get_text() for one in figure.axes[0].get_yticklabels())

    monkeypatch.setattr(Figure, "savefig", saved)
    log = DiabetesLog.turn_on(person=house.maya)
    held = [DiabetesReading.note(log, "a1c", taken=NOW, value="7.1", unit="%")]
    chart(held, "a1c", locale=locale)
    assert [one for one in told if sign in one]
    assert not [one for one in told if (set(".,") - {sign}) & set(one)]


def test_a_picture_is_drawn_of_what_is_there_and_is_the_same_each_time(house: Any) -> None:
    log = DiabetesLog.turn_on(person=house.maya).set_target("glucose", unit="mmol/L", low="4.0", high="7.0")
    held = [
        DiabetesReading.note(
            log, "glucose", taken=NOW + timedelta(hours=9 * n), value=f"{5 + n % 4}.{n % 10}", unit="mmol/L"
        )
        for n in range(30)
    ]
    held.append(DiabetesReading.note(log, "glucose", taken=NOW, off_scale="low"))
    made = chart(held, "glucose", targets=log.targets, timezone="America/Toronto")
    assert made.startswith(b"\x89PNG")
    assert made == chart(held[::-1], "glucose", targets=log.targets, timezone="America/Toronto")
    assert chart(held, "glucose", unit="mg/dL", form="svg").lstrip().startswith(b"<?xml")
    with pytest.raises(Malformed):
        chart(held, "a1c")
    for unit in ("%", "mmol", "mmHg"):
        with pytest.raises(Malformed, match="mmol/L, mg/dL"):
            chart(held, "glucose", unit=unit)


def test_a_number_that_may_be_in_the_other_unit_stands_apart_wherever_it_may_belong(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """25 in mmol/L is far too high, and in mg/dL, as it may have been measured, far too low."""
    from matplotlib.axes import Axes

    drawn: dict[str, list[float]] = {}
    titles: list[str] = []
    monkeypatch.setattr(
        Axes, "plot", lambda _self, _x, y, mark, **_more: drawn.setdefault(mark, []).extend(map(float, y))
    )
    monkeypatch.setattr(Axes, "set_title", lambda _self, text, **_more: titles.append(text))
    log = DiabetesLog.turn_on(person=house.maya)
    held = [
        DiabetesReading.note(log, "glucose", taken=NOW + timedelta(hours=hour), value=value, unit=unit)
        for hour, (value, unit) in enumerate([("6.1", "mmol/L"), ("25", "mmol/L"), ("110", "mg/dL")])
    ]
    chart(held, "glucose", locale="fr")
    assert drawn["-"] == [6.1, pytest.approx(6.11, abs=0.01)]
    assert drawn["x"] == [25.0, pytest.approx(1.39, abs=0.01)]
    assert titles == ["× peut-être dans l’autre unité"]
    chart(held[:1], "glucose")
    lab = DiabetesReading.note(log, "glucose", taken=NOW, value="713", unit="mg/dL")  # not mmol/L
    chart([lab], "glucose")
    assert len(titles) == 1


def test_a_triangle_says_what_it_is(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the edge of an axis that ends at 9 it would be read as nearly 9; HI is above 33."""
    from matplotlib.axes import Axes

    titles: list[str] = []
    monkeypatch.setattr(Axes, "set_title", lambda _self, text, **_more: titles.append(text))
    log = DiabetesLog.turn_on(person=house.maya)
    held = [DiabetesReading.note(log, "glucose", taken=NOW, value="8.1", unit="mmol/L")]
    chart(held, "glucose")
    held += [DiabetesReading.note(log, "glucose", taken=NOW, off_scale=off) for off in ("high", "high")]
    chart(held, "glucose")
    held += [DiabetesReading.note(log, "glucose", taken=NOW, off_scale="low")]
    held += [DiabetesReading.note(log, "glucose", taken=NOW, value="25", unit="mmol/L")]
    chart(held, "glucose", locale="fr")
    assert titles == [
        "▲ the meter showed HI",
        "▼ l’appareil a montré LO   ▲ l’appareil a montré HI   × peut-être dans l’autre unité",
    ]

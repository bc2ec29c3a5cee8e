# SPDX-License-Identifier: Apache-2.0
"""A page of their log that a person shows somebody, and takes back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from peerkit_diabetes.log import DiabetesLog, DiabetesReading
from peerkit_diabetes.noting import note
from peerkit_diabetes.pages import DiabetesPage

from peerkit import Actor, Malformed, NotFound, Refused

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)


def turned_on(house: Any) -> DiabetesLog:
    with house.kit.session(actor=house.maya) as s:
        return s.save(DiabetesLog.turn_on(person=house.maya))


def glucose(log: DiabetesLog, value: str, **more: Any) -> DiabetesReading:
    return DiabetesReading.note(log, "glucose", taken=NOW, value=value, unit="mmol/L", **more)


def test_a_page_shows_these_days_and_nothing_after_and_is_taken_back_at_once(house: Any) -> None:
    log = turned_on(house)
    me = Actor(house.maya.id)
    kept = [
        note(house.kit, glucose(log, value, words="after the row"), actor=me).reading
        for value in ("5.7", "8.1")
    ]
    with house.kit.session(actor=house.maya) as s:
        page = s.save(
            DiabetesPage.show(
                person=house.maya,
                readings=tuple(kept),
                first=date(2027, 3, 1),
                last=date(2027, 3, 1),
                to=(house.kai,),
            )
        )
    note(house.kit, glucose(log, "9.9"), actor=me)
    with house.kit.session(actor=house.kai) as s:
        read = s.get(DiabetesPage, page.id)
        assert [one.value for one in read.entries] == [Decimal("5.7"), Decimal("8.1")]
        assert not any(hasattr(one, "words") for one in read.entries)
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(DiabetesPage, page.id).take_back())
    with house.kit.session(actor=house.kai) as s, pytest.raises((NotFound, Refused)):
        s.get(DiabetesPage, page.id)


def test_nobody_shows_what_is_somebody_elses(house: Any) -> None:
    log = turned_on(house)
    with pytest.raises(Malformed):
        DiabetesPage.show(
            person=house.kai,
            readings=(glucose(log, "5.7"),),
            first=date(2027, 3, 1),
            last=date(2027, 3, 1),
            to=(house.noor,),
        )


def test_days_of_a_page_that_end_before_they_begin_are_no_days(house: Any) -> None:
    """Whoever it is shown to would read that nothing was noted."""
    days = {"first": date(2027, 3, 2), "last": date(2027, 3, 1)}
    with pytest.raises(Malformed, match="last day"):
        DiabetesPage.show(person=house.maya, readings=(), to=(house.kai,), **days)

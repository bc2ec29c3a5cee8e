# SPDX-License-Identifier: Apache-2.0
"""peerkit inside a real SQLAlchemy host, the one of `examples/sqlalchemy_host.py`."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.orm import Session

import peerkit
from peerkit import Kit, Meeting, Person, StorageError

STARTS = datetime(2026, 11, 28, 10, 0)  # noqa: DTZ001  # the clock on the wall
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "sqlalchemy_host.py"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sqlalchemy_host", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["sqlalchemy_host"] = module  # SQLAlchemy looks up annotations by module
    spec.loader.exec_module(module)
    return module


@attrs.frozen
class Host:
    """The host's engine, peerkit's kit, and who is who."""

    module: Any
    engine: Engine
    kit: Kit
    maya: str
    sam: str

    def book(self, room: str, *, user: str = "user-2") -> int:
        person = self.maya if user == "user-2" else self.sam
        number: int = self.module.book(
            self.engine, self.kit, room=room, starts=STARTS, user=user, person=person
        )
        return number

    def bookings(self) -> dict[str, Any]:
        with Session(self.engine) as db:
            return {one.room: one for one in db.scalars(select(self.module.Booking))}

    def places(self) -> list[str]:
        with self.kit.session(actor=self.maya) as s:
            return [meeting.place for meeting in s.find(Meeting)]


@pytest.fixture
def host(example: ModuleType, tmp_path: Path) -> Iterator[Host]:
    engine = create_engine(f"sqlite:///{tmp_path}/host.db")
    example.Base.metadata.create_all(engine)
    with peerkit.open(f"sqlite:///{tmp_path}/peer.db", settings=example.SETTINGS, discover=False) as kit:
        yield Host(example, engine, kit, *example.people(kit))
    engine.dispose()


def test_the_host_commits_first_and_peerkit_once(host: Host) -> None:
    number = host.book("Garden room")
    booking = host.bookings()["Garden room"]
    assert booking.state == "planned"
    host.module.plan_meeting(host.engine, host.kit, number)
    assert host.bookings()["Garden room"].meeting == booking.meeting
    assert host.places() == ["Garden room"]


def test_an_exception_in_the_hosts_transaction_leaves_nothing_in_either(host: Host) -> None:
    before = host.kit.changes(limit=1000).cursor
    with pytest.raises(ValueError, match="attic"):
        host.book("Attic")
    assert host.bookings() == {}
    assert host.kit.changes(after=before).envelopes == ()


def test_what_peerkit_refuses_stands_in_the_booking(host: Host) -> None:
    host.book("Kitchen", user="user-1")
    booking = host.bookings()["Kitchen"]
    assert (booking.state, booking.because, booking.meeting) == ("refused", "no-right", "")
    assert host.places() == []


def test_a_host_that_fails_after_peerkit_committed_finishes_later_and_once(host: Host) -> None:
    """The host's second transaction breaks: its booking says pending, the meeting is there."""

    def broken(*_: object) -> None:
        raise OSError("the host's disk is full")

    with Session(host.engine) as db, db.begin():
        booking = host.module.Booking(room="Porch", starts=STARTS, booked_by="user-2", person=host.maya)
        db.add(booking)
        db.flush()
        number = booking.id
    event.listen(Session, "before_commit", broken)
    try:
        with pytest.raises(OSError, match="disk"):
            host.module.plan_meeting(host.engine, host.kit, number)
    finally:
        event.remove(Session, "before_commit", broken)
    assert host.bookings()["Porch"].state == "pending"
    assert host.places() == ["Porch"]

    host.module.finish_pending(host.engine, host.kit)
    host.module.finish_pending(host.engine, host.kit)
    assert host.bookings()["Porch"].state == "planned"
    assert host.places() == ["Porch"]


def test_peerkit_writes_inside_the_hosts_open_write_transaction(host: Host) -> None:
    """Two files, so neither waits for the other, and neither takes the other back."""
    with Session(host.engine) as db:
        db.add(host.module.Booking(room="Loft", starts=STARTS, booked_by="user-2", person=host.maya))
        db.flush()  # the host holds its file's write lock
        with host.kit.session(actor=host.maya) as s:
            s.save(s.get(Person, host.maya).update(pronouns="she/her"))
        db.rollback()
    assert host.bookings() == {}
    with host.kit.session(actor=host.maya) as s:
        assert s.get(Person, host.maya).pronouns == "she/her"


def test_peerkit_does_not_move_into_the_hosts_own_file(host: Host, tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        peerkit.open(f"sqlite:///{tmp_path}/host.db", settings=host.module.SETTINGS, discover=False)
    with pytest.raises(StorageError):
        peerkit.open(f"sqlite:///{tmp_path}/host.db", discover=False)
    assert host.bookings() == {}

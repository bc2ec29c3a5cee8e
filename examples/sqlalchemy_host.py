# SPDX-License-Identifier: Apache-2.0
"""A SQLAlchemy host with peerkit beside it.

Two stores, two files, two transactions: the host commits first, then peerkit is asked, with a key, so that
asking again after a crash does nothing twice. What is between the two is a row that says `pending`.

python examples/sqlalchemy_host.py
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

import peerkit
from peerkit import Actor, Decision, Kit, Meeting, PeerSupporter, Person, Refused, Relationship

SETTINGS = {
    "name": "Riverside Peer Support (fictional)",
    "coordinator": {"name": "Robin Example"},
    "path": [{"role": "supporter", "minutes": 10}, {"role": "coordinator", "minutes": 15}],
}
ZONE = "America/Toronto"


class Base(DeclarativeBase):
    """The host's tables."""


class Booking(Base):
    """A room at a time. What two people meet for is not the host's business."""

    __tablename__ = "booking"
    id: Mapped[int] = mapped_column(primary_key=True)
    room: Mapped[str]
    starts: Mapped[datetime]
    booked_by: Mapped[str]
    person: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    meeting: Mapped[str] = mapped_column(default="")
    because: Mapped[str] = mapped_column(default="")


# --8<-- [start:book]
def book(host: Engine, kit: Kit, *, room: str, starts: datetime, user: str, person: str) -> int:
    """Book a room for two people to meet in; the booking's number.

    SQLAlchemy's `after_commit` also fires for savepoints, before anything is durable. What comes after
    the `with` block comes after the commit, whatever happened inside.
    """
    with Session(host) as db, db.begin():
        booking = Booking(room=room, starts=starts, booked_by=user, person=person)
        db.add(booking)
        db.flush()
        number = booking.id
        if room == "Attic":
            raise ValueError("the attic is being repaired")  # everything of the host's rolls back
    plan_meeting(host, kit, number)
    return number


# --8<-- [end:book]


# --8<-- [start:plan]
def plan_meeting(host: Engine, kit: Kit, number: int) -> None:
    """Ask peerkit for the meeting that a committed booking is for; write down what it said."""
    with Session(host) as db, db.begin():
        booking = db.get_one(Booking, number)
        actor = kit.actor_for("our-app", booking.booked_by)
        plan = Meeting.plan(
            person=booking.person,
            supporter=actor.person,
            local=booking.starts,
            timezone=ZONE,
            place=booking.room,
        )
        try:
            receipt = kit.run(lambda s: s.save(plan), actor=actor, key=f"booking-{number}")
        except Refused as refused:
            booking.state, booking.because = "refused", ", ".join(refused.codes)
        else:
            booking.state = "planned"
            [booking.meeting] = [record for kind, record, _ in receipt.records if kind == "meeting"]


def finish_pending(host: Engine, kit: Kit) -> None:
    """For a timer: whatever a crash left between the two commits is done now, once."""
    with Session(host) as db:
        numbers = db.scalars(select(Booking.id).where(Booking.state == "pending")).all()
    for number in numbers:
        plan_meeting(host, kit, number)


# --8<-- [end:plan]


def people(kit: Kit) -> tuple[str, str]:
    """Maya and Sam, who agreed to walk together; their ids. The host's users are linked to them."""
    robin = Actor.of(kit.first_coordinator)
    with kit.session(actor=robin) as s:
        maya = s.save(Person.enrol(name="Maya Example"))
        sam = s.save(Person.enrol(name="Sam Example"))
    with kit.session(actor=robin) as s:
        s.save(PeerSupporter.welcome(sam, by=Decision.of(sam, how="spoken")))
        walk = s.save(Relationship.enquire(person=maya, by=Decision.of(maya, how="spoken")))
    with kit.session(actor=robin) as s:
        walk = s.save(walk.propose(sam))
    with kit.session(actor=maya) as s:
        walk = s.save(walk.agree())
    with kit.session(actor=sam) as s:
        s.save(walk.take_on())
    kit.link("our-app", "user-1", maya)
    kit.link("our-app", "user-2", sam)
    return maya.id, sam.id


def main(folder: Path) -> None:
    """Book a room, book one that the host takes back, book one that peerkit refuses."""
    host = create_engine(f"sqlite:///{folder}/host.db")
    Base.metadata.create_all(host)
    starts = datetime(2026, 11, 28, 10, 0)  # noqa: DTZ001  # the clock on the wall; the zone stands apart
    with peerkit.open(f"sqlite:///{folder}/peer.db", settings=SETTINGS) as kit:
        maya, sam = people(kit)
        book(host, kit, room="Garden room", starts=starts, user="user-2", person=maya)
        try:
            book(host, kit, room="Attic", starts=starts, user="user-2", person=maya)
        except ValueError as error:
            print(f"the host: {error}")
        book(host, kit, room="Kitchen", starts=starts, user="user-1", person=sam)
    with Session(host) as db:
        for booking in db.scalars(select(Booking)):
            print(booking.room, booking.state, booking.because)
    host.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        main(Path(place))

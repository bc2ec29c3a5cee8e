# SPDX-License-Identifier: Apache-2.0
"""A note in SQLAlchemy, with a history table that `before_flush` fills, as in its example `history_meta`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """Of all tables."""


class Person(Base):
    """Somebody."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)


class Plan(Base):
    """A person's plan."""

    __tablename__ = "plan"
    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    person: Mapped[str] = mapped_column(sa.ForeignKey("person.id"), index=True)


class Relationship(Base):
    """Who walks beside whom."""

    __tablename__ = "relationship"
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(sa.ForeignKey("person.id"), index=True)
    supporter: Mapped[str] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[str]


class Fields:
    """What a note and its history share."""

    person: Mapped[str] = mapped_column(sa.String(36), index=True)
    plan: Mapped[str] = mapped_column(sa.String(36))
    goal: Mapped[str] = mapped_column(sa.String(36))
    words: Mapped[str] = mapped_column(sa.Text)
    author: Mapped[str] = mapped_column(sa.String(36), index=True)
    version: Mapped[int]


class Note(Fields, Base):
    """The newest version."""

    __tablename__ = "note"
    __table_args__ = (
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.ForeignKeyConstraint(["author"], ["person.id"]),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"]),
    )
    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)


class NoteHistory(Fields, Base):
    """Every version."""

    __tablename__ = "note_history"
    key: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(sa.String(36), index=True)
    changed: Mapped[str] = mapped_column(server_default=sa.func.current_timestamp())


COLUMNS = tuple(column.key for column in Note.__table__.columns)


@sa.event.listens_for(Session, "before_flush")
def _keep(session: Session, _context: Any, _instances: Any) -> None:
    for one in [*session.new, *session.dirty]:
        if isinstance(one, Note):
            one.version = (one.version or 0) + 1
            session.add(NoteHistory(**{name: getattr(one, name) for name in COLUMNS}))


def writers(file: Path, given: Mapping[str, str]) -> dict[str, Callable[[], object]]:
    """What saves one note in a transaction of its own: after asking for the right and for what it refers to,
    and without either."""
    engine = sa.create_engine(f"sqlite:///{file}")

    @sa.event.listens_for(engine, "connect")
    def _(db: Any, _record: Any) -> None:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=OFF")
        db.execute("PRAGMA foreign_keys=ON")

    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add_all([Person(id=given["person"]), Person(id=given["author"])])
        session.flush()
        session.add(Plan(id=given["plan"], person=given["person"]))
        session.add(Relationship(person=given["person"], supporter=given["author"], state="agreed"))
    numbers = itertools.count()
    beside = sa.select(Relationship.id).where(
        Relationship.supporter == given["author"],
        Relationship.person == given["person"],
        Relationship.state == "agreed",
    )

    def checked() -> None:
        with Session(engine) as session, session.begin():
            if session.scalar(beside) is None:
                raise PermissionError
            for kind, one in ((Person, given["person"]), (Person, given["author"]), (Plan, given["plan"])):
                if session.get(kind, one) is None:
                    raise ValueError
            session.add(Note(id=f"{next(numbers):036x}", **given))

    def bare() -> None:
        with Session(engine) as session, session.begin():
            session.add(Note(id=f"{next(numbers):036x}", **given))

    return {"checked": checked, "bare": bare}

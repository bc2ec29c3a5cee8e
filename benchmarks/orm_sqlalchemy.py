# SPDX-License-Identifier: Apache-2.0
"""A note in SQLAlchemy, with a history table that `before_flush` fills, as in its example `history_meta`."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """Of both tables."""


class Fields:
    """What they share."""

    person: Mapped[str] = mapped_column(sa.String(36), index=True)
    plan: Mapped[str] = mapped_column(sa.String(36))
    goal: Mapped[str] = mapped_column(sa.String(36))
    words: Mapped[str] = mapped_column(sa.Text)
    author: Mapped[str] = mapped_column(sa.String(36), index=True)
    version: Mapped[int]


class Note(Fields, Base):
    """The newest version."""

    __tablename__ = "note"
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


def writer(file: Path, given: dict[str, str]) -> Callable[[], object]:
    """What saves one note in a transaction of its own."""
    engine = sa.create_engine(f"sqlite:///{file}")

    @sa.event.listens_for(engine, "connect")
    def _(db: Any, _record: Any) -> None:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=OFF")

    Base.metadata.create_all(engine)
    numbers = itertools.count()

    def once() -> None:
        with Session(engine) as session, session.begin():
            session.add(Note(id=f"{next(numbers):036x}", **given))

    return once

# SPDX-License-Identifier: Apache-2.0
"""The first row's work beside what most programs use today: an ORM with a history table, each commit atomic.

They keep the last version and every version, as peerkit does; they have no rights, no checks, no chain, no
classes of data. `synchronous=OFF` on all sides, so that what is compared is the software and not the disk.
"""

from __future__ import annotations

import importlib

from benchmarks.commits import notes
from benchmarks.lines import Line, Setup, line
from benchmarks.measuring import Side, compare
from benchmarks.program import Cast, fresh_folder, small

WORDS = "She walked there twice this week, once without me"
FIELDS = ("person", "plan", "goal", "words", "author")


def values(cast: Cast) -> dict[str, str]:
    """A note's fields, as the model on the other side holds them."""
    goal = cast.plan.goals[0].id
    return dict(zip(FIELDS, (cast.maya.id, cast.plan.id, goal, WORDS, cast.sam.id), strict=True))


def both(setup: Setup) -> list[Line]:
    """Django ORM + django-simple-history, and SQLAlchemy + a history table."""
    folder = fresh_folder(setup.folder, "orms")
    cast = small(folder / "peerkit.db", synchronous="off")
    once, given = notes(cast), values(cast)
    ours = Side("peerkit", once, cast.file)
    work = "the first row's work with synchronous=OFF"
    lines = []
    with cast.kit:
        for against, most, module in (
            ("Django ORM + django-simple-history", 0.35, "orm_django"),
            ("SQLAlchemy + history table", 0.4, "orm_sqlalchemy"),
        ):
            file = folder / f"{module}.db"
            theirs = importlib.import_module(f"benchmarks.{module}").writer(file, given)
            sides = Side("theirs", theirs, file), Side("again", theirs)
            lines.append(line(work, against, most, compare(ours, *sides, setup.size.rounds)))
    return lines

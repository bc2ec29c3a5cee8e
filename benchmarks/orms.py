# SPDX-License-Identifier: Apache-2.0
"""The first row's work beside what most programs use today: an ORM with a history table, each commit atomic.

Both keep the last version and every version, as peerkit does. For the same work they ask whether this
supporter walks beside this person, and whether what the note refers to is there; a second row shows them
without either. Neither has a chain, a feed or classes of data. `synchronous=OFF` on all sides, so that what
is compared is the software and not the disk.
"""

from __future__ import annotations

import importlib

from benchmarks.commits import notes
from benchmarks.lines import Line, Setup, line
from benchmarks.measuring import Side, compare
from benchmarks.program import Cast, fresh_folder, small

WORDS = "She walked there twice this week, once without me"
FIELDS = ("person", "plan", "goal", "words", "author")
LIBRARIES = (
    ("Django ORM + django-simple-history", 0.35, "orm_django"),
    ("SQLAlchemy + history table", 0.4, "orm_sqlalchemy"),
)


def values(cast: Cast) -> dict[str, str]:
    """A note's fields, as the model on the other side holds them."""
    goal = cast.plan.goals[0].id
    return dict(zip(FIELDS, (cast.maya.id, cast.plan.id, goal, WORDS, cast.sam.id), strict=True))


def both(setup: Setup) -> list[Line]:
    """Django ORM + django-simple-history, and SQLAlchemy + a history table."""
    folder = fresh_folder(setup.folder, "orms")
    cast = small(folder / "peerkit.db", synchronous="off")
    ours = Side("peerkit", notes(cast), cast.file)
    work = "the first row's work (a note) with synchronous=OFF"
    lines = []
    with cast.kit:
        for library, most, module in LIBRARIES:
            file = folder / f"{module}.db"
            made = importlib.import_module(f"benchmarks.{module}").writers(file, values(cast))
            for how, told, bound in (
                ("checked", f"{library}, with a query for the right and for what it refers to", most),
                ("bare", f"{library}, without rights and checks", None),
            ):
                sides = Side(how, made[how], file), Side("again", made[how])
                lines.append(line(work, told, bound, compare(ours, *sides, setup.size.rounds)))
    return lines

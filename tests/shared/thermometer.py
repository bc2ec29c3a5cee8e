# SPDX-License-Identifier: Apache-2.0
"""A plugin with a kind of its own whose observer worries about what it reads; and a program that is killed
between the observer's answer and its cursor.

    python thermometer.py FOLDER     SIGKILL before each statement of a delivery run, on copies of a store
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

import peerkit
from peerkit import Decision, Operational, Person, Record, Ref, act, hookimpl, record, ref
from peerkit.hooks import Access, Kind, Page, Supply, View, Worry
from peerkit.testing import TimeMachine
from peerkit.texts import _

WORDS = _("A fever that went on was written down.")
PLAIN = "no worry"
RIGHTS = """
role         kind         read  acts
own:person   fever_note   yes   *
coordinator  fever_note   yes   *
"""


@record(
    "fever_note", "of from act to who strength\n- - note noted anyone none", subjects="person", module="fever"
)
class FeverNote(Record):
    """A fever that somebody wrote down."""

    person: Operational[str]
    first: Operational[str] = ""
    state: Operational[str] = "noted"

    @classmethod
    @act
    def note(cls, *, person: Ref, first: str = "", by: Decision | None = None) -> Self:
        """It is written down."""
        return cls(person=ref(person), first=first)


class Thermometer:
    """Worries about each note; a test may have it give something else."""

    name = "fever"

    def __init__(self, give: Callable[[FeverNote], Iterable[Any]] | None = None) -> None:
        self.give = give
        self.pages = 0

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        yield Access(worries=True)
        yield Kind(FeverNote, rights=RIGHTS)

    @hookimpl
    def peerkit_observe(self, page: Page, view: View) -> Iterable[Worry]:
        self.pages += 1
        for envelope in page.envelopes:
            note = view.get(FeverNote, envelope.id) if envelope.kind == "fever_note" else None
            if note is not None:
                yield from [worry(note)] if self.give is None else self.give(note)


def worry(note: FeverNote, **details: Any) -> Worry:
    """What it worries about a note."""
    return Worry(**{"key": note.id, "words": WORDS, "about": note.person, "first": note.first, **details})


SETTINGS = {
    "name": "Small (fictional)",
    "coordinator": {"name": "Cora", "reach": ["console:desk"]},
    "path": [{"role": "coordinator", "minutes": 10}],
}


def opened(store: Path, **options: Any) -> tuple[Any, Thermometer]:
    plugin = Thermometer()
    kit = peerkit.open(f"sqlite:///{store}", plugins=[plugin], discover=False, clock=TimeMachine(), **options)
    return kit, plugin


def killed(store: Path, at: int) -> bool:
    """A delivery run in a process of its own, killed before the `at`-th statement after its observer was
    first asked; whether it was."""
    if not (child := os.fork()):
        plugins: list[Thermometer] = []
        connect, count = sqlite3.connect, 0

        def point(*_: Any) -> None:
            nonlocal count
            count += any(one.pages for one in plugins)
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

        def tracing(*args: Any, **options: Any) -> sqlite3.Connection:
            made = connect(*args, **options)
            made.set_trace_callback(point)
            return made

        sqlite3.connect = tracing  # type: ignore[assignment]
        kit, plugin = opened(store)
        plugins.append(plugin)
        kit.deliver()
        os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def all_points(folder: Path) -> dict[str, Any]:
    """What a fresh process finds after each kill, and what it does then."""
    points, wrong, between = 0, [], 0
    while True:
        store = folder / f"{points}.db"
        with opened(store, settings=SETTINGS)[0] as kit:
            cora = next(a.person for a in kit._find_all("appointment") if a.role == "coordinator")
            with kit.session(actor=cora) as s:
                maya = s.save(Person.enrol(name="Maya"))
                s.save(FeverNote.note(person=maya))
        if not killed(store, points + 1):
            return {"points": points, "wrong": wrong, "between": between}
        points += 1
        with opened(store)[0] as kit:
            between += bool(kit._find_all("concern")) and not kit.storage.marks("observer:")
            for _again in range(2):
                kit.deliver()
            found = [(c.words, c.plugin, c.about == maya.id) for c in kit._find_all("concern")]
            alerts = [(a.level, a.state) for a in kit._find_all("alert")]
            if (found, alerts) != ([(str(WORDS), "fever", True)], [("now", "open")]):
                wrong.append((points, found, alerts))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(all_points(Path(sys.argv[1]))))

# SPDX-License-Identifier: Apache-2.0
"""How a program begins in which anything happens: new, or after a year that ten made-up people lived."""

from __future__ import annotations

import functools
import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs

import peerkit
from peerkit import Program
from peerkit.hooks import NotifierChannel
from peerkit.simulating import live

SETTINGS = {
    "name": "Example program (fictional)",
    "coordinator": {"name": "Robin Example (fictional)"},
    "path": [{"role": "coordinator", "minutes": 30}],
    "embargo_days": 0,
    "notifiers": ["post"],
}
UNTIL = date(2026, 3, 2)
"""The day on which the lived year ends."""


class Watch:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 15, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class Post:
    """A channel to the outside: it takes everything, and keeps what it took."""

    name = "post"
    real = False

    def __init__(self) -> None:
        self.taken: list[Any] = []

    @peerkit.hookimpl
    def peerkit_supply(self) -> Any:
        yield NotifierChannel("post", lambda _: self)

    def send(self, message: Any) -> None:
        self.taken.append(message)


@attrs.define
class Begun:
    """A program, open, with its coordinator; what its feed tells up to `cursor` is no news."""

    kit: peerkit.Kit
    coordinator: str
    cursor: str | None = None
    folder: Path | None = None

    def close(self) -> None:
        self.kit.close()
        if self.folder is not None:
            shutil.rmtree(self.folder)


def begun(watch: Watch, post: Post, *, lived: bool) -> Begun:
    """A program that was just founded; or one with a year behind it, in a file of its own."""
    if not lived:
        kit = peerkit.open("memory:", settings=SETTINGS, clock=watch, plugins=[post], discover=False)
        watch.at += timedelta(seconds=1)
        return Begun(kit, kit.first_coordinator)
    _, file, coordinator = _year()
    folder = Path(tempfile.mkdtemp(prefix="peerkit-lived-"))
    shutil.copy(file, folder / "lived.db")
    url = f"sqlite:///{folder / 'lived.db'}?synchronous=off"
    start = Begun(peerkit.open(url, clock=watch, plugins=[post], discover=False), coordinator, None, folder)
    changed = {name: SETTINGS[name] for name in ("embargo_days", "notifiers")}
    with start.kit.session(actor=coordinator) as s:
        s.save(s.get(Program, start.kit.program.id).update(settings=changed))
    more = True
    while more:
        page = start.kit.changes(after=start.cursor, limit=1000)
        start.cursor, more = page.cursor, page.more
    return start


@functools.cache
def _year() -> tuple[tempfile.TemporaryDirectory[str], Path, str]:
    """It is lived once: the folder, which goes with the process, the file in it, and the coordinator."""
    folder = tempfile.TemporaryDirectory(prefix="peerkit-lived-")
    file = Path(folder.name) / "lived.db"
    made = live(f"sqlite:///{file}?synchronous=off", people=10, years=1, seed=7, until=UNTIL)
    return folder, file, made.coordinator

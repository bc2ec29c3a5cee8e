# SPDX-License-Identifier: Apache-2.0
"""What a run has said to the lane already: so that a retry doubles nothing, and a key swallows nothing.

An act of the lane stands at once, whatever becomes of the run around it. So when the run is tried anew (a
conflict, a crash, the same key once more), its function says the same things again. They are told from new
ones by the lane's own key: by what was said, in its order, and when. The same within the hour, or of the same
`occurred`, is the same act, and gives back what it gave. Anything else is an act of its own, whatever the
run's key says: it is stored, and marked `key-reused` for a human to look at.

What was said is not kept here, nor a digest of it that could be guessed: only which records were made, whose
words are compared where they are, and are gone when those are erased.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.model.ids import moment, stamp
from peerkit.ports import Mark
from peerkit.safety.lane import BEHIND

if TYPE_CHECKING:
    from peerkit.kit import Kit

ONCE = "once:"
"""Marks that hold what was said to the lane under a run's key."""

RETRY = timedelta(hours=1)
"""How long the same words without a date of their own count as a retry. Own choice: a second screen with the
same answers costs a human a look, one taken for a retry may cost a life."""

REUSED = "key-reused"
"""The obstacle on what was said under a key that had been used for something else."""


@attrs.frozen
class Said:
    """One act of the lane: what it was, the record that it made or changed, when, and from which part of
    that record on (answers, versions)."""

    what: str
    id: str
    at: datetime
    start: int = 0


class Once:
    """What one run says to the lane, over all its attempts; with a key (`name`) also those of other calls
    and processes. `replay` says that the run was done before: then its function is asked only for this.
    `lasting` says that its key names one event, so that the same is a retry however late it comes."""

    def __init__(self, kit: Kit, name: str = "", *, replay: bool = False, lasting: bool = False) -> None:
        self._kit = kit
        self._mark = ONCE + hashlib.sha256(name.encode()).hexdigest() if name else ""
        self._replay = replay
        self.lasting = lasting
        self._text: str | None = None
        self._said: list[Said] = []
        self._taken: list[Said] = []
        self.spoken = False
        """Whether the lane was spoken to in this attempt."""
        self.other = False
        """Whether something was said that the run had not said before, although it was done."""

    def again(self) -> None:
        """The function is asked anew."""
        self._taken.clear()

    def earlier(self, what: str) -> list[Said]:
        """What was said of this sort and has not been said again yet, in its order."""
        self.spoken = True
        self._read()
        return [one for one in self._said if one.what == what and one not in self._taken]

    @property
    def unheard(self) -> bool:
        """Whether something that was said before has not been said again."""
        self._read()
        return any(one not in self._taken for one in self._said)

    def same(self, one: Said, *, dated: bool = False) -> bool:
        """Take this earlier act for the one that is said now, if it is not too old for that (`dated`: its
        content says when it was)."""
        age = self._kit.clock.now() - one.at
        if not dated and not self.lasting and not -BEHIND <= age <= RETRY:
            return False
        self._taken.append(one)
        return True

    def new(self, *, beside: list[Said]) -> bool:
        """Nothing of the `beside` ones was it: it is new. Whether that means that the key was used for
        something else before."""
        self.other = self.other or self._replay
        return self._replay or bool(beside)

    @contextmanager
    def noting(self, what: str, id_: str, start: int = 0) -> Iterator[tuple[Mark, ...]]:
        """Around the transaction of an act: the mark that keeps what was said, for that transaction. A run
        without a key remembers it for as long as it tries. What was not written was not said."""
        one = Said(what, id_, self._kit.clock.now(), start)
        if not self._mark:
            yield ()
            self._said.append(one)
        else:
            lines = [[s.what, s.id, stamp(s.at), s.start] for s in (*self._said, one)]
            yield (Mark(self._mark, json.dumps(lines), self._text),)
        self._taken.append(one)

    def _read(self) -> None:
        if not self._mark:
            return
        self._text = self._kit.storage.marks(self._mark).get(self._mark)
        try:
            self._said = [Said(w, i, moment(at), n) for w, i, at, n in json.loads(self._text or "[]")]
        except (ValueError, TypeError):
            self._said = []  # not to be read: nothing counts as said


_NOW: ContextVar[Once | None] = ContextVar("once", default=None)


def current() -> Once | None:
    """What the run around this call has said; None outside of any run."""
    return _NOW.get()


def noting(what: str, id_: str, start: int = 0) -> AbstractContextManager[tuple[Mark, ...]]:
    """Around the transaction of an act of the lane: the marks that the run around this call keeps it by."""
    run = current()
    return nullcontext(()) if run is None else run.noting(what, id_, start)


@contextmanager
def hearing(once: Once) -> Iterator[None]:
    """The lane's acts inside the block belong to this run."""
    token = _NOW.set(once)
    try:
        yield
    finally:
        _NOW.reset(token)

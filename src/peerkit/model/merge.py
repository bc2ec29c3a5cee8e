# SPDX-License-Identifier: Apache-2.0
"""Two records of one human, joined; and parted again where that was wrong."""

from __future__ import annotations

from typing import Self

import attrs

from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, record, ref
from peerkit.model.decision import Decision


@record(
    "merge",
    """
    of  from            act     to       who  strength
    -   -               begin   running  kit  none
    -   running,merged  finish  merged   kit  none
    -   running,merged  part    parting  kit  none
    -   parting         parted  parted   kit  none
    """,
    subjects="kept away",
)
class Merge(Record):
    """That two records were about one human: what hung on `away` hangs on `kept` since.

    While it is `running` (or `parting`) some of it hangs on either: call `kit.merge` (`kit.split`) again.
    `was` is the state in which `away` stood before; `look` names, as `kind id`, what a human has to look at
    after parting: what came while they were one, a thousand at most.
    """

    kept: Operational[str]
    away: Operational[str]
    was: Operational[str]
    reason: Own[str]
    against: Own[str] = ""
    moved: Operational[int] = 0
    look: Operational[tuple[str, ...]] = ()
    state: Operational[str] = "running"

    @classmethod
    @act
    def begin(cls, *, kept: Ref, away: Ref, was: str, reason: str, by: Decision | None = None) -> Self:
        """A human found that the two are one."""
        return cls(kept=ref(kept), away=ref(away), was=was, reason=reason)

    @act
    def finish(self, *, moved: int, by: Decision | None = None) -> Self:
        """All of it has moved."""
        return attrs.evolve(self, moved=self.moved + moved)

    @act
    def part(self, *, reason: str, by: Decision | None = None) -> Self:
        """They are two after all."""
        return attrs.evolve(self, against=reason)

    @act
    def parted(self, *, look: tuple[str, ...] = (), by: Decision | None = None) -> Self:
        """Each has back what was theirs."""
        return attrs.evolve(self, look=tuple(look))

# SPDX-License-Identifier: Apache-2.0
"""What delivery writes: what became of each notice, and the drills that show that a path works.

No address and no text stands here: a notice says nothing, and where it went is the person's own affair.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

import attrs

from peerkit.model.acts import act
from peerkit.model.base import Operational, Record, record
from peerkit.model.decision import Decision
from peerkit.model.ids import reference


@record(
    "delivery",
    """
    of  from  act  to  who  strength
    -   -     log  =   kit  none
    """,
    subjects="to",
    lane=True,
    kit_only=True,
)
class Delivery(Record):
    """What became of one notice to one human over one channel.

    `result` is `handed-over` (the channel took it; nobody has *seen* anything) or `failed`, then `code`
    says how: a word of the channel's, or `raised:` and the type of its error. `about` is the alert or the
    drill, `climb` which asking of it this was. `went_with` is the delivery with whose notice it went, where
    several alerts asked the same humans at once: a notice may be shared, a delivery never is.
    """

    about: Operational[str]
    to: Operational[str]
    channel: Operational[str]
    result: Operational[str]
    code: Operational[str] = ""
    climb: Operational[int] = 0
    went_with: Operational[str] = ""

    @classmethod
    @act
    def log(
        cls,
        *,
        about: str,
        to: str,
        channel: str,
        result: str,
        code: str = "",
        climb: int = 0,
        went_with: str = "",
        by: Decision | None = None,
    ) -> Self:
        """A notice was tried."""
        return cls(
            about=about,
            to=to,
            channel=channel,
            result=result,
            code=code,
            climb=climb,
            went_with=went_with,
        )


@record(
    "drill",
    """
    of  from            act          to              who     strength
    -   -               begin        running         anyone  none
    -   running,passed  acknowledge  running|passed  anyone  none
    -   running         give_up      failed          kit     none
    """,
    lane=True,
)
class Drill(Record):
    """A trial of the escalation path. Passed once every step has received a notice and a human of it has
    acknowledged; that is what makes a program ready, for thirty days.

    `steps` are the roles of the path; `waiting` those not acknowledged yet; `asked` pairs of role and
    person as `role:person`, `seen` those of them who acknowledged. A trial of supporters has the one step
    `supporter`, which waits for each of them, since each is that step for somebody.
    """

    steps: Operational[tuple[str, ...]]
    waiting: Operational[tuple[str, ...]]
    asked: Operational[tuple[str, ...]]
    seen: Operational[tuple[str, ...]] = ()
    reference: Operational[str] = attrs.field(factory=reference)
    since: Operational[datetime | None] = None
    unreached: Operational[tuple[str, ...]] = ()
    state: Operational[str] = "running"

    @classmethod
    @act
    def begin(
        cls,
        *,
        steps: tuple[str, ...],
        asked: tuple[str, ...],
        since: datetime,
        by: Decision | None = None,
    ) -> Self:
        """Every step is about to get a notice."""
        return cls(steps=steps, waiting=steps, asked=asked, since=since)

    @act
    def acknowledge(
        self, *, roles: tuple[str, ...], seen: tuple[str, ...] = (), by: Decision | None = None
    ) -> Self:
        """A human of these steps has seen the notice; `seen` are their pairs. Also one who is late."""
        waiting = tuple(role for role in self.waiting if role not in roles)
        said = tuple(dict.fromkeys((*self.seen, *seen)))
        passed = bool(self.steps) and not waiting
        return attrs.evolve(self, waiting=waiting, seen=said, state="passed" if passed else "running")

    @act
    def give_up(self, *, unreached: tuple[str, ...] = (), by: Decision | None = None) -> Self:
        """It has not come to every step."""
        return attrs.evolve(self, unreached=unreached)

# SPDX-License-Identifier: Apache-2.0
"""What to do now and whom to phone, kept in memory since the program was opened: for when the store fails."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import attrs

from peerkit.levels import Level
from peerkit.safety import own_plan
from peerkit.safety.next_steps import Known, NextSteps

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.model.actor import Actor
    from peerkit.model.program import Program
    from peerkit.safety.shelf import Shelf
    from peerkit.safety.standing import Seen, Standing

OF = ("program", "appointment")
SHELF = ("questionnaire", "redaction")


@attrs.frozen
class Watch:
    """What `warnings` looks at: the alerts' last position, how many are open, and how many of them have
    reached nobody."""

    position: int = -1
    open: int = 0
    unreached: int = 0


class Net:
    """Kept by a kit from `open` on, and refreshed whenever the settings or the offices were read anew.

    Whatever fails while it is read (a plugin's storage may raise anything) leaves what was known before.
    """

    def __init__(self, known: Known, position: int) -> None:
        self._known = known
        self._position = position
        self.watch = Watch()
        self.seen: Seen | None = None
        """Whom the last alarm's path could ask."""
        self._shelf: tuple[int, Program | None, Shelf] | None = None

    @classmethod
    def read(cls, kit: Any) -> Self:
        """Read it from the store. What cannot be read is left out; opening never fails for it."""
        net = cls(Known(), -1)
        net.fresh(kit)
        return net

    def fresh(self, kit: Kit) -> Known:
        """What is known, read again if it was changed; what was known before if the store fails."""
        with suppress(Exception):
            kit.feed.look()
            position = kit.feed.last(OF)
            if position != self._position:
                self._known, self._position = _known(kit, self._known), position
        return self._known

    def shelf(self, kit: Kit) -> Shelf:
        """The program's questionnaires, made anew if one or the settings were changed; those that were known
        before if the store fails, and then at least what peerkit and the plugins bring."""
        from peerkit.safety.shelf import Shelf, supplied

        program, held = self.fresh(kit).program, self._shelf
        with suppress(Exception):
            position = kit.feed.last(SHELF)
            if held is None or held[0] != position or held[1] is not program:
                own = kit._heads_of(SHELF[0])
                made = Shelf(supplied(kit.plugins), own, program, before=None if held is None else held[2])
                held = self._shelf = (position, program, made)
        return Shelf(supplied(kit.plugins), program=program) if held is None else held[2]

    def steps(
        self,
        kit: Kit,
        standing: Standing,
        *,
        about: str = "",
        reader: Actor | None = None,
        alone: bool | None = False,
    ) -> NextSteps:
        """The steps for what was stored about somebody, in front of `reader` (None: nobody knows who reads
        them). Never raises: what was stored is stored."""
        return self.fresh(kit).steps(
            standing.level,
            alone=alone,
            reached=standing.reached,
            on_call=standing.on_call,
            rung=standing.rung,
            hand=standing.hand,
            reference=standing.reference,
            alert=standing.alert,
            plan=own_plan.first(kit, reader, about),
        )

    def unsaved(self, now: datetime, level: Level, *, alone: bool | None = False) -> NextSteps:
        """The steps for what could not be stored, from memory alone."""
        on_call = None if self._known.anybody(now) else False
        return self._known.steps(level, alone=alone, on_call=on_call, saved=False)


def _known(kit: Kit, before: Known) -> Known:
    from peerkit.safety.reading import offices_of

    program, offices = before.program, None
    with suppress(Exception):
        program = kit.program
    with suppress(Exception):
        offices = offices_of(kit)
    return Known(program, before.offices) if offices is None else Known.of(program, offices)

# SPDX-License-Identifier: Apache-2.0
"""A warm line is no crisis line. Who answers one, or shows its number, says so and names lines that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from peerkit.levels import Level
from peerkit.model.program import Line
from peerkit.safety.next_steps import lines_said

if TYPE_CHECKING:
    from peerkit.kit import Kit

WARM = (
    "This is a warm line: you talk with somebody who has been through something of their own. "
    "It is not a crisis line. "
    "If you might be in danger, call or write to one of these now."
)


@attrs.frozen
class WarmLine:
    """What is said on a warm line, and whom to call instead: the program's lines, then its region's."""

    say: str
    call: tuple[Line, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it as sentences."""
        return (self.say, *lines_said(self.call))

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def warm_line(kit: Kit) -> WarmLine:
    """See `Kit.warm_line`."""
    return WarmLine(WARM, kit.net.fresh(kit).steps(Level.TALK).call)

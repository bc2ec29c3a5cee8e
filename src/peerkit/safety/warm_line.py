# SPDX-License-Identifier: Apache-2.0
"""A warm line is no crisis line. Who answers one, or shows its number, says so and names lines that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from peerkit.levels import Level
from peerkit.model.program import Line
from peerkit.safety.next_steps import line_said
from peerkit.texts import Message, _, for_locale

if TYPE_CHECKING:
    from peerkit.kit import Kit

WARM = _(
    "This is a warm line: you talk with somebody who has been through something of their own. "
    "It is not a crisis line. If you might be in danger, call or write to one of these now."
)


@attrs.frozen
class WarmLine:
    """What is said on a warm line, and whom to call instead: the program's lines, then its region's."""

    call: tuple[Line, ...]
    language: str = "en"

    @property
    def sentences(self) -> tuple[Message, ...]:
        """All of it as sentences."""
        say = for_locale(self.language)
        named = (attrs.evolve(line, name=say(line.name)) for line in self.call)
        return (say(WARM), *(say(line_said(line)) for line in named))

    def in_language(self, locale: str) -> WarmLine:
        """The same, said in another language: `kit.warm_line().in_language("fr")`."""
        return attrs.evolve(self, language=for_locale(locale).locale)

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def warm_line(kit: Kit) -> WarmLine:
    """See `Kit.warm_line`."""
    return WarmLine(kit.net.fresh(kit).steps(Level.TALK).call)

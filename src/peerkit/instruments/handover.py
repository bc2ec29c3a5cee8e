# SPDX-License-Identifier: Apache-2.0
"""What a result says to whoever holds the screen: whom to tell and how soon, never what somebody has.

By name and number, from the program's own policy, the safety lane says it (`NextSteps`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from peerkit.levels import Level
from peerkit.texts import Message, _

HANDOVER: Mapping[Level, Message] = MappingProxyType(
    {
        Level.NONE: _("Nobody has to be told. What the answers mean is for the person to say."),
        Level.TALK: _("Talk about it now with the person, and offer to look for more help together."),
        Level.TODAY: _("Tell the supervisor before the day ends, and tell the person that you do."),
        Level.NOW: _("Stay with the person, and reach the people on call now."),
    }
)

UNFINISHED = _(
    "This is not finished: a question has no answer, so it says nothing yet. Nobody has to answer it."
)
"""In the place of "nobody has to be told" where a question that was to be asked has no answer."""

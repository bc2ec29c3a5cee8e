# SPDX-License-Identifier: Apache-2.0
"""What `peerkit_suggest` is asked, and what `peerkit_observe` is given."""

from __future__ import annotations

import attrs

from peerkit.hooks.ideas import several
from peerkit.hooks.proposals import View
from peerkit.model.base import Record
from peerkit.ports import Envelope


@attrs.frozen
class Question:
    """What suggestions are asked for: `topic` is `match`, `goal`, `service` or `words`. `barriers` are codes
    of what is short in the person's life (`BARRIERS`, or a need's own code), as whoever asks was told."""

    topic: str
    view: View
    about: Record | None = None
    text: str = attrs.field(default="", repr=False)
    locale: str = "en"
    barriers: tuple[str, ...] = attrs.field(default=(), converter=several)


@attrs.frozen
class Page:
    """A page of the feed for an observer: envelopes, and the cursor it stands at afterwards."""

    envelopes: tuple[Envelope, ...]
    cursor: str

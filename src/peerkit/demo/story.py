# SPDX-License-Identifier: Apache-2.0
"""A story as a value: chapters of lines, each with its instant and its place in the feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import attrs

from peerkit.texts import Message, verbatim

NOTHING = verbatim("")


class Tone(StrEnum):
    """What sort of line it is."""

    act = "act"
    """Somebody did something."""
    refused = "refused"
    """Somebody tried something, and a rule or a right stood against it."""
    alarm = "alarm"
    """The safety lane."""
    kit = "kit"
    """peerkit's own doing: routes, tasks, what left."""


@attrs.frozen
class Line:
    """One sentence or a few. `by` says whose decision it was and how it was given."""

    at: datetime
    position: int
    text: Message
    by: Message = NOTHING
    tone: Tone = Tone.act


@attrs.frozen
class Chapter:
    """What happened on one day of the program's own calendar."""

    title: Message
    topics: tuple[Message, ...]
    lines: tuple[Line, ...]


@attrs.frozen
class Story:
    """What a feed tells: nothing in it comes from anywhere else.

    `counts` are records by kind; `refusals`, `alerts` and `referrals` are plain objects for programs.
    """

    program: str
    timezone: str
    cast: tuple[tuple[str, Message], ...]
    chapters: tuple[Chapter, ...]
    counts: Mapping[str, int]
    refusals: tuple[Mapping[str, Any], ...]
    alerts: tuple[Mapping[str, Any], ...]
    referrals: tuple[Mapping[str, Any], ...]
    seen: tuple[Message, ...] = ()
    """Who read what about whom, in sentences: the persons can read that too."""

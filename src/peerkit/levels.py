# SPDX-License-Identifier: Apache-2.0
"""How fast a human must know: the four levels of the safety lane.

A level is a duty of peerkit's, not a statement about the person. It says who is told and how soon,
never how somebody is.
"""

from __future__ import annotations

import enum


class Level(enum.StrEnum):
    """Who must know, and how soon. Totally ordered: `none < talk < today < now`.

    A level compares with another level and with the text of one (`level >= "today"`); comparing it
    with anything else is a `TypeError`, since alphabetical order would put `now` below `talk`.
    """

    NONE = "none"
    """Nobody has to be told."""

    TALK = "talk"
    """Whoever holds the screen: they are there, and talk about it with the person."""

    TODAY = "today"
    """The supervisor, before the day ends."""

    NOW = "now"
    """The escalation path, at once, and on until somebody acknowledges."""

    def __lt__(self, other: str) -> bool:
        return _RANK[self] < _rank(other)

    def __le__(self, other: str) -> bool:
        return _RANK[self] <= _rank(other)

    def __gt__(self, other: str) -> bool:
        return _RANK[self] > _rank(other)

    def __ge__(self, other: str) -> bool:
        return _RANK[self] >= _rank(other)


# Enum members hash and compare equal as their text, so the text of a level finds its rank too.
_RANK: dict[str, int] = {level: rank for rank, level in enumerate(Level)}


def _rank(other: object) -> int:
    rank = _RANK.get(other) if isinstance(other, str) else None
    if rank is None:
        raise TypeError("a level compares with none, talk, today and now only")
    return rank


def worst(*levels: Level) -> Level:
    """Give the most urgent of some levels; `none` for no level at all."""
    return max(levels, default=Level.NONE)

# SPDX-License-Identifier: Apache-2.0
"""The person's own words beside what is written about them."""

from __future__ import annotations

from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, record, ref
from peerkit.model.decision import Decision


@record(
    "reply",
    """
    of  from   act        to          who     strength
    -   -      give       given       person  said
    -   given  take_back  taken_back  person  none
    """,
    subjects="person",
    refs="about",
)
class Reply(Record):
    """What the person says to something that is written about them, in their words; never edited.

    `about` is the id of the record that it answers, any one about them that they may read; `of` is that
    one's kind. It stands beside it (`s.find(Reply, about=record)`), and is read by the person and by
    whoever may read what it answers, nobody else. There may be several; each new word is a reply of its own.
    """

    person: Operational[str]
    about: Operational[str]
    of: Operational[str]
    words: Own[str] = ""
    state: Operational[str] = "given"

    @classmethod
    @act
    def give(cls, about: Record, *, person: Ref, words: str, by: Decision | None = None) -> Self:
        """The person answers a record about them."""
        if not words.strip():
            raise Malformed("a reply has words", where="reply.words")
        return cls(person=ref(person), about=ref(about), of=about.kind, words=words)

    @act
    def take_back(self, *, by: Decision | None = None) -> Self:
        """The person takes their words back. What they said stays in its history until it is erased."""
        return attrs.evolve(self, words="")

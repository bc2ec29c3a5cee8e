# SPDX-License-Identifier: Apache-2.0
"""Words that a person wants somebody outside to have, on their way."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, one_of, record, ref
from peerkit.model.decision import Decision

STOPPED = ("consent_withdrawn", "person_asked", "person_died", "no_longer_needed")
"""Why a notice stops before it goes."""


@record(
    "notice",
    """
    of  from    act        to       who         strength
    -   -       queue      queued   person      said
    -   queued  hand_over  gone     kit         none
    -   queued  stop       stopped  person|kit  none
    """,
    subjects="person",
    refs="recipient",
)
class Notice(Record):
    """Words that the person wants somebody outside to have, on their way: "I will not come on Monday".

    Delivery takes it through the gate to the recipient's address, at `due` at the earliest, for the purpose
    `notice`: consent is asked at each attempt. Withdrawing it, or an instruction not to share, stops it in
    the same commit. Notices of the safety lane are another thing and are never stopped.
    """

    person: Operational[str]
    recipient: Operational[str]
    words: Own[str]
    due: Operational[datetime | None] = None
    reason: Operational[str] = ""
    state: Operational[str] = "queued"

    @classmethod
    @act
    def queue(
        cls,
        *,
        person: Ref,
        recipient: Ref,
        words: str,
        due: datetime | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The person wants it said; it goes as soon as delivery runs, or when it is `due`."""
        if not words.strip():
            raise Malformed("a notice has words", where="notice.words")
        due = when.instant(due, "notice.due")
        return cls(person=ref(person), recipient=ref(recipient), words=words, due=due)

    @act
    def hand_over(self, *, by: Decision | None = None) -> Self:
        """The recipient's channel took it. Whether anybody read it, nobody here knows."""
        return self

    @act
    def stop(self, *, reason: str = "person_asked", by: Decision | None = None) -> Self:
        """It does not go: the person asked, consent ended, or the person died."""
        return attrs.evolve(self, reason=one_of(reason, STOPPED, "notice.reason"))

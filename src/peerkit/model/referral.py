# SPDX-License-Identifier: Apache-2.0
"""Referrals: a loop that is closed by an answer.

The states and reasons follow the referral workflow of HL7, *SDOH Clinical Care* implementation
guide (Gravity Project, release 2.2, 2024), in plain words.
"""

from __future__ import annotations

from typing import Self

import attrs

from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, one_of, record, ref
from peerkit.model.decision import Decision

DECLINE_REASONS = ("full", "not_eligible", "not_offered", "out_of_area", "no_contact", "other")
"""Why a service says no."""

OUTCOMES = ("received", "partly", "not_received", "unreachable", "no_longer_needed")
"""What came of it, as the service or the supporter knows."""

ANSWERS = ("yes", "partly", "no", "no_longer_needed", "prefer_not_to_say")
"""The person's own answer to: did you get what you needed?"""


@record(
    "referral",
    """
    of  from                   act             to         who         strength
    -   -                      begin           draft      person      said
    -   draft                  change_words    =          person      said
    -   draft                  send            sent       person      said
    -   sent                   hand_over       =          kit         none
    -   sent                   accepted        accepted   anyone      none
    -   sent,accepted          declined        declined   anyone      none
    -   draft,sent,accepted    recall          recalled   person|kit  none
    -   sent,accepted          record_outcome  outcome    anyone      none
    -   sent,accepted,outcome  answer          closed     person      said
    -   outcome,declined       close           closed     anyone      none
    """,
    subjects="person",
)
class Referral(Record):
    """A way to somebody else's help, at the person's wish.

    `need` is what is looked for, `words` what the person wants them told. Once sent, delivery takes it
    through the gate to the recipient's address (`handed_over`). It closes with the
    person's own answer, or by a named human once its outcome is known; silence becomes overdue.
    """

    person: Operational[str]
    service: Operational[str]
    recipient: Operational[str]
    need: Own[str]
    words: Own[str] = ""
    reason: Operational[str] = ""
    handed_over: Operational[bool] = False
    outcome: Operational[str] = ""
    answered: Operational[str] = ""
    own_answer: Own[str] = ""
    state: Operational[str] = "draft"

    @classmethod
    @act
    def begin(
        cls,
        *,
        person: Ref,
        service: Ref,
        recipient: Ref,
        need: str,
        words: str = "",
        by: Decision | None = None,
    ) -> Self:
        """A referral is written, with the person."""
        return cls(person=ref(person), service=ref(service), recipient=ref(recipient), need=need, words=words)

    @act
    def change_words(self, *, words: str, by: Decision | None = None) -> Self:
        """The person wants something else said."""
        return attrs.evolve(self, words=words)

    @act
    def send(self, *, by: Decision | None = None) -> Self:
        """It goes out, if consent covers it."""
        return self

    @act
    def hand_over(self, *, by: Decision | None = None) -> Self:
        """The recipient's channel took it. Whether anybody read it, only their answer shows."""
        return attrs.evolve(self, handed_over=True)

    @act
    def accepted(self, *, by: Decision | None = None) -> Self:
        """The service says yes."""
        return self

    @act
    def declined(self, *, reason: str, by: Decision | None = None) -> Self:
        """The service says no, with a coded reason."""
        return attrs.evolve(self, reason=one_of(reason, DECLINE_REASONS, "referral.reason"))

    @act
    def recall(self, *, reason: str = "", by: Decision | None = None) -> Self:
        """It is taken back, by the person or because consent ended."""
        return attrs.evolve(
            self, reason=one_of(reason, ("", "consent_withdrawn", "person_asked"), "referral.reason")
        )

    @act
    def record_outcome(self, *, outcome: str, by: Decision | None = None) -> Self:
        """What came of it."""
        return attrs.evolve(self, outcome=one_of(outcome, OUTCOMES, "referral.outcome"))

    @act
    def answer(self, answer: str, *, words: str = "", by: Decision | None = None) -> Self:
        """The person answers: did you get what you needed?"""
        return attrs.evolve(self, answered=one_of(answer, ANSWERS, "referral.answered"), own_answer=words)

    @act
    def close(self, *, by: Decision | None = None) -> Self:
        """A named human closes it: its outcome is known, or the service declined."""
        return self

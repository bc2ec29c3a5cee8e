# SPDX-License-Identifier: Apache-2.0
"""Referrals: a loop that is closed by an answer.

States and reasons follow the tasks of HL7, *SDOH Clinical Care* implementation guide (Gravity Project,
release 2.2, 2024), in plain words: sent is its *requested*, declined *rejected*, recalled *cancelled*,
under way *in-progress*, an outcome *completed* or *failed*. That a referral closes only with an outcome is
Refernet's rule; that the person says best what came of it is peerkit's.
"""

from __future__ import annotations

from datetime import date
from typing import Self

import attrs

from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, one_of, record, ref
from peerkit.model.decision import Decision

DECLINE_REASONS = ("full", "not_eligible", "not_offered", "out_of_area", "papers", "no_contact", "other")
"""Why a service says no."""

HOLD_REASONS = ("waiting_list", "more_to_ask", "papers", "person_asked", "service_closed", "other")
"""Why it rests for a while."""

OUTCOMES = ("received", "partly", "not_received", "unreachable", "no_longer_needed")
"""What came of it, as the service or the supporter knows."""

ANSWERS = ("yes", "partly", "no", "no_longer_needed", "prefer_not_to_say")
"""The person's own answer to: did you get what you needed?"""

ELIGIBLE = ("yes", "unsure", "not_asked")
"""Whether the service is for this person, as the two found out before it was written. A plain no is no
referral: look for another service."""

RUNNING = ("sent", "received", "accepted", "under_way", "on_hold")
"""States in which a service has it in hand, or should."""


@record(
    "referral",
    """
    of  from                                      act             to         who         strength
    -   -                                         begin           draft      person      said
    -   -                                         go_alone        going      person      said
    -   -                                         reroute         draft      person      said
    -   draft                                     change_words    =          person      said
    -   draft                                     send            sent       person      said
    -   sent                                      hand_over       =          kit         none
    -   sent                                      received        received   anyone      none
    -   sent,received                             accepted        accepted   anyone      none
    -   sent,received,accepted,on_hold            start           under_way  anyone      none
    -   received,accepted,under_way               hold            on_hold    anyone      none
    -   sent,received,accepted,under_way,on_hold  introduce       =          anyone      none
    -   sent,received,accepted,on_hold            declined        declined   anyone      none
    -   draft,sent,received,accepted,under_way,on_hold,going  recall  recalled  person|kit  none
    -   sent,received,accepted,under_way,on_hold,going  record_outcome  outcome  anyone  none
    -   sent,received,accepted,under_way,on_hold,going,outcome  answer  closed  person  said
    -   outcome,declined                          close           closed     anyone      none
    """,
    subjects="person",
    refs="service recipient follows",
)
class Referral(Record):
    """A way to somebody else's help, at the person's wish.

    `need` is what is looked for, `words` what the person wants them told. Once sent, delivery takes it
    through the gate to the recipient's address (`handed_over`). `warm` says that somebody goes along or
    makes the first contact with the person; `introduced` on which day that was. It closes with the person's
    own answer, or by a named human once its outcome is known; silence becomes overdue. `going` is a way
    that the person goes by themselves: nothing leaves the program for it. `follows` is the referral that it
    goes on from.
    """

    person: Operational[str]
    service: Operational[str]
    recipient: Operational[str] = ""
    need: Own[str]
    words: Own[str] = ""
    eligible: Operational[str] = "not_asked"
    queue: Operational[bool] = False
    warm: Operational[bool] = False
    introduced: Operational[date | None] = None
    follows: Operational[str] = ""
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
        eligible: str = "not_asked",
        queue: bool = False,
        warm: bool = False,
        by: Decision | None = None,
    ) -> Self:
        """A referral is written, with the person. Refused where the directory says that the service is gone
        or full: with `queue` the person wants to wait for a place all the same. Where it says whom the
        service is for, the two have read that, and `eligible` says what they found: `yes`, or `unsure`."""
        return cls(
            person=ref(person),
            service=ref(service),
            recipient=ref(recipient),
            need=need,
            words=words,
            eligible=one_of(eligible, ELIGIBLE, "referral.eligible"),
            queue=queue,
            warm=warm,
        )

    @classmethod
    @act
    def go_alone(
        cls,
        *,
        person: Ref,
        service: Ref,
        need: str,
        words: str = "",
        queue: bool = False,
        by: Decision | None = None,
    ) -> Self:
        """The person goes there by themselves. Nothing is sent and no consent is needed; they are asked all
        the same whether they got what they needed. Nobody is sent to a closed door: as `begin`, refused where
        the service is gone, or full unless the person wants to wait (`queue`)."""
        return cls(
            person=ref(person),
            service=ref(service),
            need=need,
            words=words,
            queue=queue,
            state="going",
        )

    @classmethod
    @act
    def reroute(
        cls,
        referral: Referral,
        *,
        service: Ref,
        recipient: Ref,
        eligible: str = "not_asked",
        queue: bool = False,
        by: Decision | None = None,
    ) -> Self:
        """The same need, to another service: a draft with the same words, once the first has come to
        nothing."""
        return cls(
            person=referral.person,
            service=ref(service),
            recipient=ref(recipient),
            need=referral.need,
            words=referral.words,
            eligible=one_of(eligible, ELIGIBLE, "referral.eligible"),
            queue=queue,
            warm=referral.warm,
            follows=referral.id,
        )

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
    def received(self, *, by: Decision | None = None) -> Self:
        """The service says that it is there, and nothing yet of whether it can help."""
        return self

    @act
    def accepted(self, *, by: Decision | None = None) -> Self:
        """The service says yes."""
        return self

    @act
    def start(self, *, by: Decision | None = None) -> Self:
        """The person is being helped now."""
        return attrs.evolve(self, reason="")

    @act
    def hold(self, *, reason: str, by: Decision | None = None) -> Self:
        """It rests for a while, with a coded reason."""
        return attrs.evolve(self, reason=one_of(reason, HOLD_REASONS, "referral.reason"))

    @act
    def introduce(self, *, on: date, by: Decision | None = None) -> Self:
        """Somebody of the program made the two known to each other, that day: a warm hand-over."""
        return attrs.evolve(self, introduced=when.day(on, "referral.introduced"))

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

    @property
    def open(self) -> bool:
        """Whether anything may still come of it."""
        return self.state in {"draft", "going", *RUNNING}

# SPDX-License-Identifier: Apache-2.0
"""A program in which somebody may decide some things in another's place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import Authority, Consent, Decision, Recipient, Referral, Refused, Service

ALL = ("identity", "contact", "own")
GIVEN = {"classes": ALL, "purpose": "referral"}


class House:
    """Maya, whom Kai supports; Dana, who may decide some things in her place; and a clinic."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.maya, self.dana, self.kai = world.maya, world.dana, world.supporter("kai")
        world.match(self.maya, self.kai)
        self.clinic = world.save(Recipient.add(name="Example clinic (fictional)"))
        self.library = world.save(Service.list(entry={"name": "Example library (fictional)"}))

    @property
    def today(self) -> Any:
        return self.world.watch.at.date()

    def authority(self, *, actor: Any = None, **details: Any) -> Authority:
        asked: dict[str, Any] = {
            "person": self.maya,
            "human": self.dana,
            "areas": ("sharing", "referral"),
            "basis": "power_of_attorney",
            "paper": "the blue folder",
            "look_on": self.today + timedelta(days=180),
        }
        made: Authority = self.world.save(Authority.record(**(asked | details)), actor=actor)
        return made

    def word(self, how: str = "paper", whose: Any = None, **details: Any) -> Decision:
        details |= {"evidence": "the green letter"} if how == "paper" else {}
        return Decision.of(whose or self.dana, how=how, on_behalf_of=self.maya, **details)

    def give(self, *, by: Decision | None = None, actor: Any = None, **details: Any) -> Consent:
        asked: dict[str, Any] = {"person": self.maya, "recipient": self.clinic} | GIVEN | details
        made: Consent = self.world.save(Consent.give(by=by or self.word(), **asked), actor=actor or self.kai)
        return made

    def own(self, consent: Consent) -> Consent:
        saved: Consent = self.world.save(consent, actor=self.maya)
        return saved

    def referral(self) -> Referral:
        spoken = Decision.of(self.maya, how="spoken")
        made = Referral.begin(
            person=self.maya, service=self.library, recipient=self.clinic, need="food", by=spoken
        )
        saved: Referral = self.world.save(made, actor=self.kai)
        return saved

    def opens(self) -> bool:
        """Whether anything may go to the clinic: a referral of hers is sent."""
        sent = self.referral().send(by=Decision.of(self.maya, how="spoken"))
        try:
            self.world.save(sent, actor=self.kai)
        except Refused as no:
            return "no-consent" not in no.codes
        return True

    def refused(self, do: Any) -> tuple[str, ...]:
        with pytest.raises(Refused) as caught:
            do()
        return caught.value.codes

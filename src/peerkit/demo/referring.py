# SPDX-License-Identifier: Apache-2.0
"""Two referrals: one that Maya takes back, one that is closed by her answer."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from peerkit import Consent, Recipient, Referral, Refused
from peerkit.demo import cast, shelf

if TYPE_CHECKING:
    from peerkit.demo.play import Stage
    from peerkit.model.directory import Service

CLASSES = ("identity", "contact", "own")
"""What a referral hands over."""


def withdrawn(stage: Stage) -> None:
    """Without consent nothing goes. With it, it goes; and it comes back when she takes it back."""
    kit, clock = stage.kit, stage.clock
    service = shelf.find(kit, stage.as_(stage.tomas), "tenants housing", "housing", "legal", "home")
    recipient = _recipient(stage, service)
    clock.pass_minutes(5)
    with kit.session(stage.as_(stage.maya)) as s:
        drafted = s.save(
            Referral.begin(
                person=stage.maya,
                service=service,
                recipient=recipient,
                eligible="yes",  # whom it is for, she has read with Tomas
                need="somebody who knows about leases",
                words="My landlord wants me out by spring. I would like to know if he may.",
            )
        )
    clock.pass_minutes(10)
    with suppress(Refused), kit.session(stage.as_(stage.tomas)) as s:
        s.save(s.get(Referral, drafted).send(by=stage.spoken(stage.maya)))
    clock.pass_minutes(20)
    with kit.session(stage.as_(stage.maya)) as s:
        given = s.save(
            Consent.give(person=stage.maya, recipient=recipient, classes=CLASSES, purpose="referral")
        )
    clock.pass_minutes(5)
    _send(stage, drafted.id)
    stage.later(10, 15)
    with kit.session(stage.as_(stage.tomas)) as s:
        s.save(s.get(Referral, drafted).accepted())
    stage.later(20, 40)
    with kit.session(stage.as_(stage.maya)) as s:
        s.save(s.get(Consent, given).withdraw())


def answered(stage: Stage) -> None:
    """A spoken yes, for this one time. What came of it, and what Maya says of it."""
    kit, clock = stage.kit, stage.clock
    service = shelf.find(kit, stage.as_(stage.tomas), "food pantry", "food", "meals")
    recipient = _recipient(stage, service)
    clock.pass_minutes(5)
    with kit.session(stage.as_(stage.tomas)) as s:
        drafted = s.save(
            Referral.begin(
                person=stage.maya,
                service=service,
                recipient=recipient,
                eligible="yes",
                need="groceries until the end of the month",
                words="Please nothing with nuts.",
                by=stage.spoken(stage.maya),
            )
        )
        s.save(
            Consent.give_once(
                person=stage.maya,
                recipient=recipient,
                referral=drafted,
                classes=CLASSES,
                by=stage.spoken(stage.maya),
            )
        )
    clock.pass_minutes(2)
    _send(stage, drafted.id)
    stage.later(11, days=3)
    with kit.session(stage.as_(stage.tomas)) as s:
        s.save(s.get(Referral, drafted).record_outcome(outcome="received"))
    stage.later(18)
    with kit.session(stage.as_(stage.maya)) as s:
        words = "Yes. And they asked whether I want to help out on Tuesdays."
        s.save(s.get(Referral, drafted).answer("yes", words=words))


def _recipient(stage: Stage, service: Service) -> str:
    with stage.kit.session(stage.as_(stage.robin)) as s:
        name = service.organization or service.name
        address = f"{cast.CHANNEL}:{service.id}"  # nothing leaves this machine
        return s.save(Recipient.add(name=name, address=address, service=service)).id


def _send(stage: Stage, referral: str) -> None:
    """It is sent by her word; then whoever delivers hands it over, and the gate is asked anew."""
    with stage.kit.session(stage.as_(stage.tomas)) as s:
        s.save(s.get(Referral, referral).send(by=stage.spoken(stage.maya)))
    stage.clock.pass_minutes(1)
    stage.deliver()

# SPDX-License-Identifier: Apache-2.0
"""Where the host meets peerkit: one kit a process, and one function a job."""

from __future__ import annotations

import functools
import os

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

import peerkit
from bookings.models import Booking
from peerkit import Actor, Kit, Meeting, Refused


# --8<-- [start:kit]
@functools.cache
def _kit(pid: int) -> Kit:
    del pid  # a kit does not go through a fork, so each worker has its own
    return peerkit.open(settings.PEERKIT_URL)


def kit() -> Kit:
    """This process's kit, opened when it is first needed. It is safe to use from every thread."""
    return _kit(os.getpid())


def actor(user: User) -> Actor:
    """Who is signed in, as peerkit knows them. The host vouches; `kit.link` said so once."""
    return kit().actor_for("django", str(user.pk))


# --8<-- [end:kit]


# --8<-- [start:plan]
def plan_meeting(pk: int) -> None:
    """Ask peerkit for the meeting that a booking is for. Called once the booking is committed.

    The key makes it safe to call again: after a crash, after a timeout, twice by mistake.
    """
    booking = Booking.objects.get(pk=pk)
    who = actor(booking.booked_by)

    def work(s: peerkit.kit.Session) -> None:
        s.save(
            Meeting.plan(
                person=booking.person,
                supporter=who.person,
                local=timezone.make_naive(booking.starts),
                timezone=settings.TIME_ZONE,
                place=booking.room,
            )
        )

    try:
        receipt = kit().run(work, actor=who, key=f"booking-{pk}")
    except Refused as refused:
        booking.state, booking.because = "refused", ", ".join(refused.codes)
    else:
        booking.state = "planned"
        [booking.meeting] = [record for kind, record, _ in receipt.records if kind == "meeting"]
    booking.save()


def finish_pending() -> None:
    """For a timer: whatever a crash left between the host's commit and peerkit's is done now, once."""
    for pk in Booking.objects.filter(state="pending").values_list("pk", flat=True):
        plan_meeting(pk)


# --8<-- [end:plan]

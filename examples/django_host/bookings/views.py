# SPDX-License-Identifier: Apache-2.0
"""The host's views. Each is a transaction of the host's; peerkit has its own."""

from __future__ import annotations

import functools
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bookings import peer
from bookings.models import Booking
from peerkit import UnsavedScreen


# --8<-- [start:book]
@require_POST
@transaction.atomic
def book(request: HttpRequest) -> JsonResponse:
    """Book a room for two people to meet in.

    The host commits first. Only then is peerkit asked: what the host takes back was never there, and
    what peerkit refuses stands in the booking, where a human sees it.
    """
    starts = timezone.make_aware(datetime.fromisoformat(request.POST["starts"]))
    booking = Booking.objects.create(
        room=request.POST["room"], starts=starts, booked_by=request.user, person=request.POST["person"]
    )
    if request.POST["room"] == "Attic":
        raise ValueError("the attic is being repaired")  # the host changes its mind: everything rolls back
    transaction.on_commit(functools.partial(peer.plan_meeting, booking.pk))
    return JsonResponse({"booking": booking.pk}, status=201)


# --8<-- [end:book]


# --8<-- [start:answer]
@require_POST
@transaction.atomic
def answer(request: HttpRequest) -> JsonResponse:
    """One answer of a screen, and what to do now.

    Never behind a commit: it is stored when the call returns, and stays when this view fails and the host
    rolls back. If even the store fails, the steps are there all the same.
    """
    asked, posted = peer.actor(request.user), request.POST
    try:
        with peer.kit().session(actor=asked) as s:
            screen = s.screening("asq", posted["person"], screen=posted.get("screen", ""))
            steps = screen.answer(posted["item"], posted["value"] == "yes")
    except UnsavedScreen as unsaved:
        return JsonResponse({"steps": unsaved.steps.sentences}, status=503)
    if posted.get("note") == "break":
        raise ValueError("something else of this view fails")
    return JsonResponse({"screen": screen.id, "steps": steps.sentences if steps is not None else []})


# --8<-- [end:answer]

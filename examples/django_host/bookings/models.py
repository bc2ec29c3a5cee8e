# SPDX-License-Identifier: Apache-2.0
"""What the host keeps: a room at a time. What two people meet for is not the host's business."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Booking(models.Model):
    """A room at a time. `meeting` is the id of peerkit's record, once there is one.

    `pending` means that peerkit has not been asked yet, or that nobody heard its answer.
    """

    room = models.CharField(max_length=80)
    starts = models.DateTimeField()
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    person = models.CharField(max_length=36)
    state = models.CharField(max_length=10, default="pending")  # pending, planned, refused
    meeting = models.CharField(max_length=36, default="")
    because = models.CharField(max_length=200, default="")

    def __str__(self) -> str:
        """The room and the time."""
        return f"{self.room}, {timezone.localtime(self.starts):%Y-%m-%d %H:%M}"

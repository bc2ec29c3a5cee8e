# SPDX-License-Identifier: Apache-2.0
"""The module's section of the report: family members who walk with somebody, and groups.

Ontario counts family initiatives under a code of their own (`0FI`), apart from peer and self-help initiatives
(`PSH`). Source: function codes of the Common Data Set for Mental Health (CDS-MH), version 4, as the record
system OSCAR lists them.
"""

from __future__ import annotations

from collections.abc import Iterator

from peerkit import Activity, Relationship
from peerkit.hooks import Cell, Period, ReportSection
from peerkit_families.walking import FAMILY, FORMAT, WALKING
from peerkit_families.words import _


def families(period: Period) -> Iterator[Cell]:
    """The cells. Whom family members love is counted nowhere: nobody knows of them here."""
    now: set[str] = set()
    begun: set[str] = set()
    ended: set[str] = set()
    for walk in period.find(Relationship):
        if walk.seeking_as != FAMILY:
            continue
        states = [
            (one.at, one.record.state) for one in period.history(Relationship, walk.id) if one.at < period.end
        ]
        walked = [state in WALKING for _at, state in states]
        if walked and walked[-1]:
            now.add(walk.person)
        for before, after, (at, _state) in zip([False, *walked], walked, states, strict=False):
            if at >= period.start and before != after:
                (begun if after else ended).add(walk.person)
    yield Cell("walking", _("family members who walk with somebody on the last day"), people=now)
    yield Cell("begun", _("family members who began to"), people=begun)
    yield Cell("ended", _("family members with whom it ended"), people=ended)
    held = [one for one in period.find(Activity) if one.format == FORMAT and _held(period, one)]
    counted = [one.headcount for one in held if one.headcount is not None]
    yield Cell("groups", _("groups for families that took place"), number=len(held), group="groups")
    yield Cell("heads", _("how many came to them, where it was counted"), number=sum(counted), group="heads")


def _held(period: Period, one: Activity) -> bool:
    if one.state != "held":
        return False
    return period.first <= one.starts.astimezone(period.zone).date() <= period.last


SECTION = ReportSection(
    "families", _("Families and caregivers (in Ontario: family initiatives, 0FI)"), families
)

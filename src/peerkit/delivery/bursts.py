# SPDX-License-Identifier: Apache-2.0
"""Alerts of one delivery run that ask the same humans share a notice. Never a record: each has a `Delivery`
of its own, climbs by itself and is acknowledged by itself.

The first one goes at once. Whatever comes to the same humans later in the run is held, claimed as it is, and
told together: "3 alerts wait for you", which says nothing of anybody. So a notice never stands for an alert
that came to its human after it was sent, and what a process that died was holding is carried by the next
one. Nothing is shared between runs: an alert that comes a minute later must not drown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.sending import Notice, Told, log, tell
from peerkit.errors import Conflict
from peerkit.levels import Level
from peerkit.model.safety import Alert
from peerkit.model.sending import Delivery
from peerkit.ports import Condition, Query
from peerkit.safety.lane import CLAIM
from peerkit.safety.reading import OPEN, get
from peerkit.texts import many

if TYPE_CHECKING:
    from peerkit.delivery.carrying import Carried, Carrying
    from peerkit.kit import Kit

LONGEST = timedelta(seconds=15)
"""How long an alert is held at most, while others of its run are sent. Own choice, well within a lease."""


@attrs.define
class Burst:
    """What one run told whom, and which alerts wait to be told together."""

    told: dict[str, bool] = attrs.field(factory=dict)
    """Whom it has told, and whether urgently."""
    held: list[tuple[Carrying, Alert]] = attrs.field(factory=list)
    since: datetime | None = None
    carried: list[Carried] = attrs.field(factory=list)
    """What was done for each alert of the run."""

    def takes(self, one: Carrying, alert: Alert) -> bool:
        """Hold this alert, if this run has told everybody whom it asks, as urgently as it would."""
        urgent = alert.level == Level.NOW
        if not all(asked in self.told and self.told[asked] >= urgent for asked in alert.asked):
            return False
        self.since = one.kit.clock.now() if self.since is None else self.since
        self.held.append((one, alert))
        return True

    def heard(self, alert: Alert, taken: Iterable[Delivery]) -> None:
        """These were handed over."""
        urgent = alert.level == Level.NOW
        for delivery in taken:
            self.told[delivery.to] = urgent or self.told.get(delivery.to, False)

    def over(self, now: datetime) -> bool:
        """Whether something has been held for long enough."""
        return self.since is not None and abs(now - self.since) >= LONGEST

    def let_go(self, kit: Kit) -> list[tuple[str, Exception]]:
        """Tell each human of all that is held for them, in one notice for what is urgent and one for the
        rest, and write each alert's own deliveries. The ids of alerts for which that failed, and how: their
        claims run out, and the next run carries them."""
        held, self.held, self.since = self.held, [], None
        failed: list[tuple[str, Exception]] = []
        said: dict[tuple[str, bool], list[Told]] = {}
        first: dict[tuple[str, bool, str], str] = {}
        for one, before in held:
            try:
                self._let_go(kit, one, before, said, first)
            except Exception as error:  # noqa: BLE001  # the others go on
                failed.append((one.alert_id, error))
        return failed

    def _let_go(
        self,
        kit: Kit,
        one: Carrying,
        before: Alert,
        said: dict[tuple[str, bool], list[Told]],
        first: dict[tuple[str, bool, str], str],
    ) -> None:
        if not _ours(kit, one):
            return  # another process carries it, or whoever raised it or handed it back
        alert = get(kit, Alert, one.alert_id)
        if alert is None or (alert.state, alert.climbs) != ("open", before.climbs):
            one.again()  # somebody has it by now: the claim is given free
            return
        urgent = alert.level == Level.NOW
        deliveries: list[Delivery] = []
        for human in alert.asked:
            if (human, urgent) not in said:
                said[human, urgent] = tell(kit, human, _notice(kit, alert, human), one.usable)
            notice = Notice(alert.id, alert.reference, alert.climbs)
            deliveries += [
                log(kit, notice, human, told, first.get((human, urgent, told[0]), ""))
                for told in said[human, urgent]
            ]
        try:
            handed = one.sent(alert, deliveries)
        except Conflict:  # the claim went to another process, which tells them again
            return
        for made in deliveries:
            first.setdefault((made.to, urgent, made.channel), made.id)
        if not handed:
            one.again()


def _ours(kit: Kit, one: Carrying) -> bool:
    name = CLAIM + one.alert_id
    return kit.storage.marks(name).get(name) == one.lease.text


def _notice(kit: Kit, alert: Alert, human: str) -> Notice:
    """How many open alerts ask this human now. Of one alone it is what any notice says."""
    asked = (OPEN, Condition("asked", "has", human))
    waiting = kit.storage.count(Query(Alert.kind, asked))
    if waiting < 2:
        return Notice(alert.id, alert.reference, alert.climbs, level=Level(alert.level))
    text = many(
        "{n} alert waits for you. Please open your work app.",
        "{n} alerts wait for you. Please open your work app.",
        waiting,
    )
    return Notice(alert.id, "", alert.climbs, text, Level(alert.level))

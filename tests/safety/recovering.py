# SPDX-License-Identifier: Apache-2.0
"""What must hold of an alarm when a process on its way was killed: at once, and after delivery went on.
`acts` are those that returned, as `phase.act`; what comes back are sentences of what does not hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peerkit.testing import TimeMachine

ORDER = ("none", "talk", "today", "now")
LEVELS = {"low": "talk", "hurt": "today", "unsafe": "now", "worse": "now"}
"""What the answers of the made-up form give."""


def at_once(kit: Any, acts: list[str]) -> list[str]:
    """Before anything recovers: what returned is there, and nothing is there in part."""
    stored = [a.item for a in sorted(kit._find_all("answer"), key=lambda a: a.number)]
    said = [item for item in LEVELS if {f"screen.{item}", f"answered.{item}"} & set(acts)]
    alerts = [a for a in kit._find_all("alert") if a.screen]
    checks = {
        f"answers that returned are not stored: {said}, {stored}": stored[: len(said)] == said,
        f"{len(stored)} answers, {len(alerts)} alerts": len(alerts) == min(len(stored), 1),
    }
    if len(alerts) == 1:
        response = next((r for r in kit._find_all("safety_response") if r.alert == alerts[0].id), None)
        checks[f"{alerts[0].level} after {stored}"] = ORDER.index(alerts[0].level) >= max(
            (ORDER.index(LEVELS[item]) for item in stored), default=0
        )
        was = {act.name for v in kit.storage.history("alert", alerts[0].id) for act in v.envelope.acts}
        checks |= _in_hand(alerts[0], response, was, acts)
    return [told for told, holds in checks.items() if not holds]


def _in_hand(alert: Any, response: Any, was: set[str], acts: list[str]) -> dict[str, bool]:
    """What humans did with it: whole where it returned, whole or not at all where it did not."""
    done = response is not None
    met = {act.removeprefix("needs.meet-") for act in acts if act.startswith("needs.meet-")}
    return {
        "what somebody said they cannot is lost": "cannot.cannot" not in acts or bool(alert.unable),
        "an acknowledgement is lost": "taken.acknowledge" not in acts or "acknowledge" in was,
        "what was handed on is lost": "handed-on.hand_on" not in acts or "hand_on" in was,
        "what was taken over is lost": "taken-over.acknowledge" not in acts or "take_over" in was,
        "what spoke again is lost": "answered.worse" not in acts or "speak_again" in was,
        "what was taken anew is lost": "taken-anew.acknowledge" not in acts or not alert.unheard,
        "acknowledged in part": alert.state != "acknowledged" or bool(alert.holder and alert.due),
        "acted on in part": (alert.state in {"acting", "closed"}) == done,
        "acted, and it is not there": "acts.act" not in acts or (done and bool(response.actions)),
        "met, and it is not": not met
        or (done and met <= {need.id for need in response.needs if need.state == "met"}),
        "closed in part": (alert.state == "closed") == (done and response.state == "complete"),
        "closed, and it is not": "closes.close" not in acts or alert.state == "closed",
        "closed, and nobody did that": alert.state != "closed" or "reminded.deliver" in acts,
    }


def afterwards(kit: Any, acts: list[str], sent: set[str], clock: TimeMachine) -> list[str]:
    """When delivery went on: one alert each, delivered, and shown; what is open climbs."""
    alerts, concerns = kit._find_all("alert"), kit._find_all("concern")
    screens = [a.level for a in alerts if a.screen]
    shown = {line.reference for line in kit.alerts()}
    checks = {
        f"the screen has {screens}": screens == ["now"],
        "a concern and its alert are not one": [a.concern for a in alerts if a.concern]
        == [c.id for c in concerns],
        "a concern that returned is not there": "concern.concern" not in acts or len(concerns) == 1,
        "a drill that returned is not there": "drill.drill" not in acts or len(kit._find_all("drill")) == 1,
        "a claim is left": not kit.storage.marks("claim:"),
        "never delivered": {a.reference for a in alerts} <= sent,
        "handed on, and they were not told": all(_told(kit, a) for a in alerts),
        "open, and not shown": {a.reference for a in alerts if a.state != "closed"} <= shown,
    }
    wrong = [told for told, holds in checks.items() if not holds]
    still = [alert for alert in alerts if alert.state != "closed" and not _goes_on(kit, alert, clock)]
    return wrong + [f"{alert.state} and due {alert.due}, and nobody is asked again" for alert in still]


def _told(kit: Any, alert: Any) -> bool:
    """Whether whoever it was handed on to, or had it in hand when it spoke again, got a notice after that."""
    for one in kit.storage.history("alert", alert.id):
        if any(act.name in {"hand_on", "speak_again"} for act in one.envelope.acts):
            to = kit.codec.decode(one).offered or kit.codec.decode(one).holder
            if not to:  # it was open: the next of the path is asked
                continue
            ids = [delivery.id for delivery in kit._find_all("delivery") if delivery.to == to]
            sent = [kit.storage.get("delivery", id_).envelope.position for id_ in ids]
            if not any(position > one.envelope.position for position in sent):
                return False
    return True


def _goes_on(kit: Any, alert: Any, clock: TimeMachine) -> bool:
    """Whether an open alert climbs when its time is over; one that was acted on reminds."""
    if alert.due is None:
        return False
    clock.set(max(clock.now(), alert.due + timedelta(minutes=1)))
    kit.deliver()
    [after] = [a for a in kit._find_all("alert") if a.id == alert.id]
    if alert.state == "acting":
        return after.due is not None and after.due > alert.due
    return bool(after.climbs > alert.climbs)

# SPDX-License-Identifier: Apache-2.0
"""How humans take notices: soon, late, never; they come, cannot, act, forget, close."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peerkit.delivery import confirm_time
from peerkit.errors import Refused
from peerkit.kit import Kit
from year.world import Life, Year, minutes

NEEDS = ("supervisor_knows", "person_told", "handed_over", "followed_up", "debrief_offered")
NEVER, LATE = 0.12, 0.13
CANNOT, SEES_ONLY = 0.10, 0.06
FORGETS, LEAVES_OPEN, INCOMPLETE = 0.07, 0.05, 0.15


def listen(year: Year) -> None:
    """From now on a notice that was handed over lies in somebody's hand."""

    def heard(who: str, reference: str, urgent: bool) -> None:  # noqa: FBT001  # as the channel calls it
        if who and reference and who not in year.cast.gone and (who, reference) not in year.reacting:
            year.reacting.add((who, reference))
            year.begin("reacts", reacts(year, who, reference, urgent=urgent))

    year.on_notice = heard


def reacts(year: Year, who: str, reference: str, *, urgent: bool) -> Life:
    """Somebody got a notice."""
    chance = year.dice.between(0, 1)
    night = not 7 <= year.local.hour < 22
    if chance < NEVER * (2 if night else 1):
        yield timedelta(hours=3)
        year.reacting.discard((who, reference))  # the next notice finds them again
        return
    slow = 1 if urgent else 8
    late = chance > 1 - LATE
    yield year.dice.minutes(20, 150) if late else year.dice.minutes(1, 9 * slow)
    year.reacting.discard((who, reference))
    if who in year.cast.gone:
        return
    chance = year.dice.between(0, 1)
    if chance < CANNOT:
        yield from cannot(year, who, reference)
    elif chance > SEES_ONLY + CANNOT:
        yield from takes(year, who, reference)


def cannot(year: Year, who: str, reference: str) -> Life:
    """They say so; a store that fails is asked again."""
    for _ in range(5):
        done = year.attempt("cannot", lambda kit: _ack(kit, who, reference, can_come=False))
        if done or done.why in {"killed", "store"}:
            year.ledger.did(year.now, reference, "cannot", who, sure=bool(done))
        if done or done.why in {"refused", "gone"}:
            return
        yield minutes(3)


def _ack(kit: Kit, who: str, reference: str, *, can_come: bool = True) -> Any:
    with kit.session(actor=who) as s:
        return s.acknowledge(reference, can_come=can_come)


def takes(year: Year, who: str, reference: str) -> Life:
    """They acknowledge, and mostly do something about it."""
    taken = None
    for _ in range(8):
        done = year.attempt("acknowledge", lambda kit: _ack(kit, who, reference))
        if done:
            taken = done.value
            break
        if done.why == "killed":
            year.ledger.did(year.now, reference, "acknowledge", who, sure=False)
        if done.why in {"refused", "gone"}:
            return
        yield minutes(2)
    if taken is None or getattr(taken, "holder", None) != who:
        return  # somebody else has it; or it was a drill
    year.ledger.did(year.now, taken.id, "acknowledge", who)
    if year.dice.happens(FORGETS):
        year.happened["acknowledged, and nothing done"] += 1
        return
    yield year.dice.minutes(3, 50)
    yield from acts(year, who, taken.id)


def acts(year: Year, who: str, alert: str) -> Life:
    """Something is done; then it is closed, or left as it is."""
    consent = year.dice.happens(0.9)
    done = yield from respond(
        year, who, alert, "act", words="Went there.", consent=consent, reason="" if consent else "danger"
    )
    if not done:
        return
    if year.dice.happens(LEAVES_OPEN):
        year.happened["acted on, and not closed"] += 1
        return
    yield year.dice.minutes(15, 900)
    yield from closes(year, who, alert)


def closes(year: Year, who: str, alert: str) -> Life:
    """Somebody closes it, whole or not."""
    if year.dice.happens(0.9):
        yield from respond(year, who, alert, "settle", words="Talked with everybody.", quiet=True)
    if year.dice.happens(INCOMPLETE):
        reasons = dict.fromkeys(("acted", *NEEDS), "unreachable")
        yield from respond(year, who, alert, "close_incomplete", reasons=reasons)
        return
    for need in NEEDS:
        yield from respond(year, who, alert, "meet", need=need, quiet=True)
    yield from respond(year, who, alert, "close")


def respond(year: Year, who: str, alert: str, act: str, *, quiet: bool = False, **details: Any) -> Any:
    """One act; a store that fails is asked again. Whether it was stored."""
    if who in year.cast.gone:
        return False

    def do(kit: Kit) -> Any:
        with kit.session(actor=who) as s:
            return s.respond(alert, act, **details)

    for _ in range(5):
        done = year.attempt(f"respond {act}", do)
        if done or done.why in {"killed", "store"}:
            year.ledger.did(year.now, alert, act, who, sure=bool(done))
        if done:
            return True
        if quiet or done.why in {"refused", "gone"}:
            if isinstance(done.value, Refused):
                year.stumbled[f"respond {act}: {done.value.objections[0].code}"] += 1
            return False
        yield minutes(4)
    return False


def daily_look(year: Year) -> Life:
    """Twice a working day a coordinator looks at what is open, and whether the clock is doubted."""
    while True:
        hour = year.local.hour
        yield timedelta(hours=(9 - hour) % 24 if hour < 9 or hour >= 15 else 15 - hour) or timedelta(hours=6)
        if year.local.weekday() >= 5:
            continue
        here = [one for one in year.cast.coordinators if one not in year.cast.gone]
        who = year.dice.pick(here)
        _looks_at_the_clock(year, who)
        found = year.attempt("look", lambda kit, who=who: kit.alerts(who))
        for alert in found.value or ():
            year.begin("looks", _sees(year, who, alert), year.dice.minutes(1, 60))


def _looks_at_the_clock(year: Year, who: str) -> None:
    """Where it is doubted, such as after an older copy was put back, and is right, they say so."""
    doubted = {"clock-behind", "clock-ahead"}
    health = year.attempt("health", lambda kit: kit.health())
    if year.app.wrist.off or not health or doubted.isdisjoint(one.code for one in health.value.problems):
        return
    if year.attempt("confirm the time", lambda kit: confirm_time(kit, kit._actor(who))):
        year.happened["the time was confirmed"] += 1


def _sees(year: Year, who: str, alert: Any) -> Life:
    if alert.state == "open" and alert.level != "talk" and year.dice.happens(0.5):
        yield from takes(year, who, alert.id)
    elif alert.state == "acting" and year.dice.happens(0.6):
        yield from closes(year, who, alert.id)

# SPDX-License-Identifier: Apache-2.0
"""Saying when the program is deaf: in every receipt, in every command, and as a whole in `health`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.concerns import unasked
from peerkit.delivery.drilling import last_passed
from peerkit.delivery.observing import places
from peerkit.delivery.problem import Problem
from peerkit.delivery.put_back import holding, put_back
from peerkit.delivery.timekeeping import Time, heartbeat, silent, tell
from peerkit.delivery.whom import whom
from peerkit.model.people import Person
from peerkit.model.program import Program
from peerkit.model.safety import Alert
from peerkit.paging import every
from peerkit.ports import Compacting, Query
from peerkit.safety.net import Watch
from peerkit.safety.raising import OPEN
from peerkit.safety.reading import UNREACHED, decoded, get, unreached, unseen
from peerkit.texts import Message, _, many

if TYPE_CHECKING:
    from peerkit.kit import Kit

STANDS_ON = {
    "appointment": ("held",),
    "break_glass": (
        "open",
        "closed",
    ),  # closed too: may the person be shown it?
    "concern": ("open",),
    "leave": ("planned",),
    "peer_supporter": ("active",),
    "relationship": ("enquiry", "proposed", "agreed", "paused"),
}
"""What rights and the escalation path derive from, and the states in which it counts."""

UNSHOWN = frozenset({"uncovered-now", "never-delivered", "no-drill"})
"""Problems that are not grave, and with which nobody may say that alarms reach somebody."""


@attrs.frozen
class Health:
    """Whether alarms reach anybody."""

    problems: tuple[Problem, ...]
    open_alerts: int
    due_alerts: int
    heartbeat: datetime | None
    drilled: datetime | None

    @property
    def ok(self) -> bool:
        """Whether nothing grave is wrong."""
        return not any(problem.grave for problem in self.problems)

    @property
    def shown(self) -> bool:
        """Whether it is shown that alarms reach somebody: nothing grave is wrong, somebody can be reached
        now, somebody delivers, and a drill has passed."""
        return self.ok and not any(problem.code in UNSHOWN for problem in self.problems)

    @property
    def ready(self) -> bool:
        """Whether nothing at all is wrong, a passed drill included."""
        return not self.problems

    @property
    def deaf(self) -> bool:
        """Whether alerts are due and nobody delivers."""
        return any(problem.code == "deaf" for problem in self.problems)


def health(kit: Kit) -> Health:
    """Look at everything that an alarm depends on. Only a store that cannot be read at all raises."""
    time, beat = tell(kit), heartbeat(kit)
    alerts = _open(kit)
    due = sum(1 for alert in alerts if alert is None or time.is_due(alert))
    drilled = last_passed(kit)
    program = _program(kit)
    problems = [
        *_delivering(kit, time, beat, due, len(alerts)),
        *_unreached(kit),
        *unasked(kit),
        *_clock(time),
        *whom(kit, time, drilled.since if drilled is not None else None, program),
        *_parts(kit),
    ]
    if not kit.in_office():
        told = _(
            "nobody is a coordinator in office, nor on call: what is to be done about people is asked of "
            "nobody. Whoever runs the program names one: `peerkit next-coordinator NAME`"
        )
        problems.append(Problem("nobody-in-office", told))
    if kit.unlogged:
        told = _("reads that could not wait are not logged yet: the store takes no writes")
        problems.append(Problem("reads-unlogged", told, grave=False))
    if any(alert is None for alert in alerts):
        problems.append(
            Problem("unreadable-alert", _("an open alert cannot be read by this peerkit: update it"))
        )
    if dark := _unreadable(kit):
        named = ", ".join(f"{kind} {id_}" for kind, id_ in dark[:5]) + (", …" if len(dark) > 5 else "")
        told = many(
            "{n} record that rights or the escalation path derive from cannot be read ({which}); it gives "
            "nobody a right or a place on the path: update peerkit, or write it anew",
            "{n} records that rights or the escalation path derive from cannot be read ({which}); they give "
            "nobody a right or a place on the path: update peerkit, or write them anew",
            len(dark),
            which=named,
        )
        problems.append(Problem("unreadable-record", told))
    problems += [*_erasures(kit), *_questionnaires(kit), *put_back(kit, time.now)]
    since = drilled.since if drilled is not None else None
    return Health(tuple(problems), len(alerts), due, beat, since)


def _open(kit: Kit) -> list[Alert | None]:
    return [decoded(kit, Alert, row) for row in every(kit.storage, Query(Alert.kind, (OPEN,)))]


def _unreadable(kit: Kit) -> list[tuple[str, str]]:
    """Kind and id of what rights and the path stand on and what cannot be read; who holds an office, too."""
    people = {office.person for office in kit._find_all("appointment", state="held")}
    found = [
        (one.of, one.id)
        for kind, states in STANDS_ON.items()
        for state in states
        for one in kit._heads_of(kind, state=state)
        if one.kind != kind
    ]
    for person in sorted(people):
        stored = kit.storage.get(Person.kind, person)
        if stored is not None and stored.body is not None and decoded(kit, Person, stored) is None:
            found.append((Person.kind, person))
    return found


def _questionnaires(kit: Kit) -> Iterator[Problem]:
    if faults := kit.net.shelf(kit).faults:
        told = many(
            "{n} questionnaire, or wording of one, cannot be used: look at `peerkit instruments`",
            "{n} questionnaires, or wordings of one, cannot be used: look at `peerkit instruments`",
            len(faults),
        )
        yield Problem("unreadable-instrument", told, grave=False)
    for instrument, rule in kit.net.shelf(kit).unraised:
        sentence = _(
            "the settings raise {rule}, and nothing is raised: there is no such questionnaire, no such rule "
            "in it, or its own level is higher. Look at `peerkit instruments`, and at raised in the settings",
            rule=f"{instrument}.{rule}",
        )
        yield Problem("not-raised", sentence)


_PENDING = {
    "reader": _(
        "somebody still reads an old view of the file. The next write or `peerkit deliver` finishes it once "
        "they let go"
    ),
    "size": _(
        "the file is too large to finish it while others wait. Run `peerkit erase --finish` at an hour at "
        "which writers can wait"
    ),
}


def _erasures(kit: Kit) -> Iterator[Problem]:
    waits = kit.storage.unfinished() if isinstance(kit.storage, Compacting) else ""
    if waits:
        why = _PENDING.get(waits, waits)
        told = _("an erasure is pending, old pages may still hold copies: {why}", why=why)
        yield Problem("erasure-pending", told, grave=False)


def _program(kit: Kit) -> Program | None:
    try:
        return kit.program
    except Exception:  # noqa: BLE001  # that is what is found out here
        return None


def _delivering(kit: Kit, time: Time, beat: datetime | None, due: int, open_alerts: int) -> Iterator[Problem]:
    if due and silent(beat, time.now):
        yield Problem("deaf", _deaf(due))
    elif silent(beat, time.now) and open_alerts:
        yield Problem("no-delivery", _("an alert is open and nobody delivers: run `peerkit deliver`"))
    elif beat is None and kit.storage.capabilities.durable:
        sentence = _("nobody has ever delivered here: run `peerkit deliver`")
        yield Problem("never-delivered", sentence, grave=False)


def _deaf(due: int) -> Message:
    return many(
        "{n} alert is due and nobody delivers: run `peerkit deliver` now, and look at `peerkit alerts`",
        "{n} alerts are due and nobody delivers: run `peerkit deliver` now, and look at `peerkit alerts`",
        due,
    )


def _unreached(kit: Kit) -> Iterator[Problem]:
    for _alert, reference in unreached(kit):
        sentence = _(
            "the open alert {reference} has reached nobody: look at `peerkit alerts`, and see that somebody "
            "can be asked",
            reference=reference,
        )
        yield Problem("unreached-alert", sentence)
    for id_ in unseen(kit):
        alert = get(kit, Alert, id_)
        if alert is not None:
            sentence = _(
                "the open alert {reference} was shown on a console only, which nobody may see: look at "
                "`peerkit alerts`, and run `peerkit deliver` where people have another channel (email)",
                reference=alert.reference,
            )
            yield Problem("unseen-alert", sentence)


def _nobody(n: int) -> Message:
    return many(
        "{n} open alert has reached nobody: look at `peerkit alerts`, and see that somebody can be asked",
        "{n} open alerts have reached nobody: look at `peerkit alerts`, and see that somebody can be asked",
        n,
    )


def _clock(time: Time) -> Iterator[Problem]:
    if time.put_back:
        sentence = _(
            "this clock was put back: what is due is due by a wrong time. Set it right, or a coordinator "
            "confirms that it is right now"
        )
        yield Problem("clock-behind", sentence)
    if time.ahead:
        sentence = _(
            "this clock is a day ahead of the last delivery: a coordinator confirms that it is right"
        )
        yield Problem("clock-ahead", sentence, grave=False)
    if time.apart:
        sentence = _(
            "the clocks of two machines are apart: alarms go by one of them while that one delivers. Set "
            "both right"
        )
        yield Problem("clocks-apart", sentence, grave=False)


def _parts(kit: Kit) -> Iterator[Problem]:
    for record in kit.plugins:
        if record.status == "failed":
            sentence = _("plugin {plugin} failed: {why}", plugin=record.label, why=record.error)
            yield Problem("plugin", sentence, grave=record.configured)
        elif record.status == "proposed" and record.configured:
            sentence = _(
                "plugin {plugin} {why}: what it would judge is refused until then",
                plugin=record.label,
                why=record.error,
            )
            yield Problem("plugin", sentence)
    alarming = {record.name for record in kit.plugins if record.worries}
    for place in places(kit):
        if place.parked:
            sentence = _(
                "the observer of plugin {plugin} is parked after {failures} failures: {why}",
                plugin=place.name,
                failures=place.failures,
                why=place.reason,
            )
            yield Problem("observer-parked", sentence, grave=place.worried or place.name in alarming)


# -- for every receipt -----------------------------------------------------------------------------------


def warnings(kit: Kit, *, looked: bool = False) -> tuple[str, ...]:
    """What every receipt says: alerts are due and nobody delivers; an open alert has reached nobody. One look
    at the feed's position (none if the caller has just `looked`), and no more while no alert is open; never
    an error, since what it stands beside is committed."""
    with suppress(Exception):
        if not looked:
            kit.feed.look()
        return _warnings(kit)
    return (_("whether alerts are due could not be found out: look at `peerkit health`"),)


def _warnings(kit: Kit) -> tuple[str, ...]:
    return (*_alarms(kit), *holding(kit))


def _alarms(kit: Kit) -> tuple[str, ...]:
    position = kit.feed.last((Alert.kind,))
    if not position:
        return ()
    watch = kit.net.watch
    if watch.position != position:
        here = kit.storage.count(Query(Alert.kind, (OPEN,)))
        unreached = kit.storage.count(Query(Alert.kind, UNREACHED)) if here else 0
        watch = kit.net.watch = Watch(position, here, unreached)
    nobody = (_nobody(watch.unreached),) if watch.unreached else ()
    if not watch.open or not silent(heartbeat(kit), (time := tell(kit)).now):
        return nobody
    due = [alert for alert in _open(kit) if alert is None or time.is_due(alert)]
    return (_deaf(len(due)), *nobody) if due else nobody

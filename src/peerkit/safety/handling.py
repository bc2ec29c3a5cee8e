# SPDX-License-Identifier: Apache-2.0
"""What humans do with an alert: see it, take it, say that they cannot, act, close.

These acts may be refused, unlike what raises an alarm: an acknowledgement by somebody who may not know of it
would silence it. Every time in them comes from the kit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.timekeeping import alarm_time
from peerkit.errors import Malformed, NotFound, Objection, PeerkitError, Refused
from peerkit.levels import Level
from peerkit.model.actor import Actor
from peerkit.model.base import Record, Ref
from peerkit.model.ids import EPOCH
from peerkit.model.response import NEEDS, Action
from peerkit.model.safety import Alert, Concern, Drill, SafetyResponse
from peerkit.model.work import Task
from peerkit.paging import every
from peerkit.ports import ANY, Mark, Query
from peerkit.safety import once
from peerkit.safety.duties import reported
from peerkit.safety.entitled import drill_of, may_know, mine, only_notes
from peerkit.safety.lane import CLAIM, Lease, again, derived, with_id
from peerkit.safety.raising import OPEN, Rise, send
from peerkit.safety.reading import decoded, get
from peerkit.safety.settling import settled, to_settle

if TYPE_CHECKING:
    from peerkit.kit import Kit

FOLLOW_UP = timedelta(days=1)
"""After how long an alert that was acted on and not closed reminds, and by when whoever closed one is to have
debriefed. Own choice."""

ACTS = ("act", "meet", "close", "close_incomplete", "settle")
"""What `respond` records."""


@attrs.frozen
class AlertLine:
    """What may be said of an open alert to nobody in particular: no person, no words."""

    reference: str
    level: Level
    due: datetime | None
    step: str
    """The role that is asked now, or what became of it: `acknowledged`, `acting`, or `unheard` where it spoke
    again since; empty: not yet asked."""


def alerts(kit: Kit, actor: Actor | None = None) -> tuple[AlertLine, ...] | tuple[Alert, ...]:
    """Open alerts, the most urgent first: lines without content, or for an actor those they may see.

    What an actor sees is logged as read, later where the store takes no writes. Alerts that a concern about
    the actor opened are not among them, nor those about somebody whom an open concern is about that names the
    actor, nor those about somebody behind a wall, unless they were asked for want of anybody else.
    One that this peerkit cannot read has its id for a reference, and the step `unreadable`.
    """
    grants = kit.grants(actor) if actor is not None else None
    allow = kit.rights.allow(Alert.kind, Alert.subject_fields[0], grants) if grants is not None else None
    rows = list(every(kit.storage, Query(Alert.kind, (OPEN,), allow=allow)))
    pairs = [(row, decoded(kit, Alert, row)) for row in rows]
    if actor is None or grants is None:
        dark = [AlertLine(row.envelope.id, Level.NOW, None, "unreadable") for row, a in pairs if a is None]
        return (*dark, *(_line(a) for a in _sorted([a for _, a in pairs if a is not None])))
    seen = [
        (row, a)
        for row, a in pairs
        if a is not None
        and may_know(kit, actor.person, a)
        and (actor.person in a.told or not kit.rights.hides(row.envelope, grants))
    ]
    kit.log_read(actor, Alert, [row for row, _ in seen], glass=grants.glass, urgent=True)
    return tuple(_sorted([made for _, made in seen]))


def _line(alert: Alert) -> AlertLine:
    in_hand = "unheard" if alert.unheard else alert.state
    step = alert.rung if alert.state == "open" else in_hand
    return AlertLine(alert.reference, Level(alert.level), alert.due, step)


def _sorted(found: list[Alert]) -> list[Alert]:
    levels = list(Level)
    return sorted(found, key=lambda a: (-levels.index(Level(a.level)), a.due is None, a.due or EPOCH))


# -- taking it -----------------------------------------------------------------------------------------


def acknowledge(kit: Kit, actor: Actor, alert_id: str, *, can_come: bool = True) -> Alert | Drill:
    """Say: I have seen this and take it; or, with `can_come=False`, I cannot: it climbs at once.

    Takes an alert's id or reference, and a drill's. The kit sets the action deadline. If somebody has taken
    it already, it stays theirs, unless they hand it on to this actor; `holder` of what comes back says whose
    it is. NotFound for who may not know of it; Refused for a system, for whom it is about, and for the one
    who raised it while others are there to be asked.
    """
    drill = drill_of(kit, alert_id)
    if drill is not None:
        from peerkit.delivery.drilling import acknowledge as seen

        return again(lambda: seen(kit, actor, drill))
    if can_come:
        return again(lambda: _acknowledge(kit, actor, alert_id))
    return _cannot(kit, actor, alert_id)


def _acknowledge(kit: Kit, actor: Actor, alert_id: str) -> Alert:
    alert = mine(kit, actor, alert_id, "acknowledge")
    in_hand = alert.state in {"acknowledged", "acting"}
    if in_hand and not alert.unheard and alert.offered != actor.person:
        return alert
    now = alarm_time(kit)
    if said_before(once.current(), "acknowledge", alert.id):
        return alert  # it was taken before; if it speaks again, that is for who says so anew
    with once.noting("acknowledge", alert.id) as marks:
        kit.write([_taken(kit, alert, actor, now), *_undone(kit, alert)], actor=actor, marks=marks)
    return get(kit, Alert, alert.id) or alert


def _taken(kit: Kit, alert: Alert, actor: Actor, now: datetime) -> Alert:
    program = kit.net.fresh(kit).program
    due = now + timedelta(minutes=program.action_minutes if program is not None else 60)
    if alert.offered == actor.person and not alert.unheard:
        return alert.take_over(since=now, due=due)
    return alert.acknowledge(holder=actor.person, since=now, due=due)


def _undone(kit: Kit, alert: Alert) -> list[SafetyResponse]:
    """What was done before an alert spoke again meets no condition of closing it."""
    _id, held = _last(kit, alert)
    met = alert.unheard and held is not None and any(need.state == "met" for need in held.needs)
    return [held.reopen()] if met and held is not None and held.state == "open" else []


def _cannot(kit: Kit, actor: Actor, alert_id: str) -> Alert:
    def write() -> Rise:
        alert = mine(kit, actor, alert_id, "cannot")
        now = alarm_time(kit)
        if said_before(once.current(), "cannot", alert.id):
            return Rise(alert)  # it climbed with that; once more would pass over whoever is asked now
        lease = Lease.take(now)
        made = alert.cannot(who=actor.person, since=now)
        mark = Mark(CLAIM + alert.id, lease.text, ANY)
        with once.noting("cannot", alert.id) as marks:
            kit.write([made], actor=actor, marks=[mark, *marks])
        return Rise(made, (mark,), lease)

    rising = again(write)
    send(kit, rising)
    found = get(kit, Alert, rising.alert.id) if rising.alert is not None else None
    if found is None:
        raise NotFound("there is no alert of that id for this actor")
    return found


# -- doing something -------------------------------------------------------------------------------------


def respond(
    kit: Kit,
    actor: Actor,
    alert_id: str,
    act: str,
    *,
    words: str = "",
    need: str = "",
    consent: bool | None = None,
    reason: str = "",
    report: Ref = "",
    reasons: Mapping[str, str] | None = None,
    outcome: str = "",
) -> Record:
    """Record what was done about an alert: one of `ACTS`.

    `act`: something was done (`words`; `consent`: whether the person agreed; `reason`: why all the same;
    `report`: the actor's own `DutyReport`, if that is what was done: who reads the response sees its id).
    `meet`: a condition of closing is met (`need`, one of `NEEDS`); the time in which something has to be done
    runs on, unless it is `acted`, with words. `close`: all of them are. Or
    `close_incomplete` with a coded reason in `reasons` for each that is not. Either may say what it came to
    (`outcome`, one of `OUTCOMES`): alarms that were none are counted from that. `settle`: a human decided
    about those whom the alert's concern names. Who responds to an open alert, or to one that is handed on to
    them, takes it with that. An `act` of whoever asked a screen's questions, while somebody else has its
    alert in hand, is noted beside: it moves no time, and meets no condition.

    Gives back the `SafetyResponse`, or the `Concern` for `settle`. Malformed for what is missing, Refused
    and NotFound as `acknowledge`.
    """
    if act not in ACTS:
        raise Malformed(f"it is one of {', '.join(ACTS)}", where="respond.act")
    if act == "settle":
        return again(lambda: _settle(kit, actor, alert_id, words))
    _whole(act, words=words, need=need, report=report, outcome=outcome)
    named = reported(kit, actor, report, act)

    def note(response: SafetyResponse) -> SafetyResponse:
        return response.did(who=actor.person, words=words, consent=consent, reason=reason, report=named)

    def change(response: SafetyResponse) -> SafetyResponse:
        who = actor.person
        if act == "act":
            made = note(response)
            return made.meet("acted", who=who) if "acted" in made.unmet else made
        if act == "meet":
            return response.meet(need, who=who, words=words)
        if act == "close":
            return response.complete(outcome=outcome)
        return response.close_incomplete(reasons=reasons or {}, outcome=outcome)

    told = hashlib.sha256(f"{act}\0{need}\0{alert_id}".encode()).hexdigest()[:16]
    seen: list[Alert] = []
    acts = act == "act" or (need == "acted" and bool(words.strip()))  # what was done stands written down
    ways = _Ways(change, note, beside=act == "act", acts=acts, closes=act.startswith("close"))
    return again(lambda: _respond(kit, actor, alert_id, ways, told, seen=seen))


def _whole(act: str, *, words: str, need: str, report: Ref, outcome: str) -> None:
    """Refuses what lacks what its act needs."""
    if act == "act" and not (words.strip() or report):  # it stops the clock
        raise Malformed("say what was done, in words", where="respond.words")
    if act == "meet" and need not in NEEDS:
        raise Malformed(f"it is one of {', '.join(NEEDS)}", where="respond.need")
    if outcome and not act.startswith("close"):
        raise Malformed("what it came to is said when it is closed", where="respond.outcome")


@attrs.frozen
class _Ways:
    """What a response becomes: by whoever takes the alert in hand, or as a note `beside`."""

    change: Callable[[SafetyResponse], SafetyResponse]
    note: Callable[[SafetyResponse], SafetyResponse]
    beside: bool
    acts: bool
    """Whether something was done, which moves the deadline."""
    closes: bool


def _respond(
    kit: Kit,
    actor: Actor,
    alert_id: str,
    ways: _Ways,
    told: str,
    *,
    seen: list[Alert],
) -> SafetyResponse:
    since = kit.feed.look()
    alert = mine(kit, actor, alert_id, "act_on", beside=ways.beside)
    noted = ways.beside and only_notes(kit, actor, alert)
    change = ways.note if noted else ways.change
    run, what = once.current(), f"respond:{told}"
    earlier = [] if run is None else run.earlier(what)
    for said in earlier:
        if run is not None and (held := _done_before(kit, said, change)) is not None and run.same(said):
            return held
    if run is not None:
        run.new(beside=earlier)
    if noted:
        response = change(kit.new(lambda: _response(kit, alert, alert.holder)))
        with once.noting(what, response.id, response.version) as marks:
            kit.write([response], actor=actor, marks=marks)
        return get(kit, SafetyResponse, response.id) or response
    now = alarm_time(kit)
    seen.append(alert)
    if alert.unheard or (alert.state == "open" and _handed_back(kit, alert, seen[0])):
        raise Refused([Objection("speaks-again", _SPEAKS_AGAIN, "alert", alert.id)])
    before = alert
    if alert.state == "open" or alert.offered == actor.person:
        alert = _taken(kit, alert, actor, now)
    acted = alert.act_on(since=now, due=now + FOLLOW_UP)  # first: it says so if another has closed it
    response = change(kit.new(lambda: _response(kit, alert, actor.person)))
    alert = acted.close() if ways.closes else acted if ways.acts else alert  # a condition moves no deadline
    written = [
        response,
        *([alert] if alert is not before else ()),
        *((*_debrief(kit, response, alert.holder), *to_settle(kit, alert)) if ways.closes else ()),
    ]
    with once.noting(what, response.id, response.version) as marks:
        kit.write(written, actor=actor, marks=marks, seen=(frozenset({(Alert.kind, alert.id)}), since))
    return get(kit, SafetyResponse, response.id) or response


_SPEAKS_AGAIN = (
    "this alert became more urgent, spoke again or was handed back since somebody had it in hand: look at it "
    "anew, and acknowledge it first"
)


def _handed_back(kit: Kit, alert: Alert, seen: Alert) -> bool:
    """Whether an open alert was in hand when something was last recorded about it, or when this act began
    (`seen`). What a human did about it then is nothing that is done now."""
    if seen.state != "open":
        return True
    response = get(kit, SafetyResponse, derived(alert.id, "response"))
    return response is not None and response.state == "open"


def _debrief(kit: Kit, response: SafetyResponse, owner: str) -> list[Task]:
    """Whoever had an alert in hand is asked to debrief, in the commit that closes it; not after `talk`."""
    if all(need.id != "debrief_offered" for need in response.needs):
        return []
    id_, due = derived(response.id, f"debrief:{response.version}"), kit.clock.now() + FOLLOW_UP
    if kit.storage.get(Task.kind, id_) is not None:
        return []
    return [with_id(id_, lambda: Task.give(owner=owner, what="debrief", due=due, about=response))]


def said_before(run: once.Once | None, what: str, alert: str) -> bool:
    """Whether this run has said that of this alert before."""
    if run is None:
        return False
    earlier = [one for one in run.earlier(what) if one.id == alert]
    if any(run.same(one) for one in earlier):
        return True
    run.new(beside=[])
    return False


def _done_before(
    kit: Kit, said: once.Said, change: Callable[[SafetyResponse], SafetyResponse]
) -> SafetyResponse | None:
    """The response, if what is recorded now is what was recorded then: done to what stood there before, it
    gives what stands there since."""
    versions = [
        decoded(kit, SafetyResponse, one) for one in kit.storage.history(SafetyResponse.kind, said.id)
    ]
    if said.start >= len(versions) or (since := versions[said.start]) is None:
        return None
    before = versions[said.start - 1] if said.start else None
    try:
        if before is not None and before.state != "open":
            before = before.reopen()
        now = change(before if before is not None else _blank(since))
    except PeerkitError:
        return None
    same = [_told(one) for one in now.actions] == [_told(one) for one in since.actions]
    same = same and now.needs == since.needs and now.outcome == since.outcome
    return get(kit, SafetyResponse, said.id) if same else None


def _blank(since: SafetyResponse) -> SafetyResponse:
    """A response as it is begun."""
    return SafetyResponse.begin(
        alert=since.alert, person=since.person, holder=since.holder, needs=tuple(n.id for n in since.needs)
    )


def _told(action: Action) -> tuple[object, ...]:
    return (action.who, action.words, action.consent, action.reason, action.report)


def _response(kit: Kit, alert: Alert, holder: str) -> SafetyResponse:
    id_, held = _last(kit, alert)
    if held is not None:
        return held if held.state == "open" else held.reopen()
    begin = partial(SafetyResponse.begin, alert=alert.id, person=alert.person, holder=holder)
    return with_id(id_, lambda: begin(needs=needs_of(alert)))


def _last(kit: Kit, alert: Alert) -> tuple[str, SafetyResponse | None]:
    """The response about an alert, or the id of the next one."""
    id_ = derived(alert.id, "response")
    while (stored := kit.storage.get(SafetyResponse.kind, id_)) is not None:
        held = decoded(kit, SafetyResponse, stored)
        if held is not None:
            return id_, held
        id_ = derived(id_, "again")  # erased, or not to be read here: nothing is built on it
    return id_, None


def needs_of(alert: Alert) -> tuple[str, ...]:
    """The conditions of closing an alert of its level."""
    return ("acted",) if alert.level == Level.TALK else NEEDS


def _settle(kit: Kit, actor: Actor, alert_id: str, words: str) -> Concern:
    alert = mine(kit, actor, alert_id, "act_on")
    held = get(kit, Concern, alert.concern)
    if held is None:
        raise NotFound("this alert comes from no concern")
    if not kit.rights.may("settle", held, kit.grants(actor)) or actor.person in held.names:
        raise Refused([Objection("no-right", "this actor may not settle the concern", held.kind, held.id)])
    if held.state == "open":
        kit.write([held.settle(outcome=words), *settled(kit, alert)], actor=actor)
    return get(kit, Concern, held.id) or held

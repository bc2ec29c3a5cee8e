# SPDX-License-Identifier: Apache-2.0
"""What a screen holds, for whoever must look: who answered what, which rules spoke and why; and who sits with
the person, for whoever has their alert in hand.

What anybody answered is read through the session, so within its rights, and is logged as read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.errors import Malformed, NotFound, Refused
from peerkit.instruments import Instrument
from peerkit.instruments.answers import State, read
from peerkit.instruments.conditions import Has, Total, View, concerned, holds, leaves
from peerkit.instruments.definition import Item, Rule
from peerkit.instruments.triage import bounds, reading
from peerkit.levels import Level, worst
from peerkit.model.people import Person
from peerkit.model.response import SafetyResponse
from peerkit.model.safety import Alert, Answer, Concern, RiskScreen
from peerkit.ports import Condition
from peerkit.safety import asking
from peerkit.safety.handling import needs_of
from peerkit.safety.lane import derived
from peerkit.safety.raising import IN_HAND
from peerkit.safety.reading import asked_in_alarms, decoded, get, heads
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session

WHY: Mapping[str, Message] = {
    "unreadable": _("an answer that cannot be read"),
    "unknown-item": _("an answer to a question that the questionnaire does not have"),
    "failed": _("the answers could not be judged, so a human must look"),
    "unknown-instrument": _("nobody here knows the questions, so a human must look"),
    asking.CHANGED: _("another edition of the questionnaire judges the answers, so a human must look"),
    "total-differs": _("a total that is not what the answers come to"),
}
"""Why a screen alarms where it is none of its questionnaire's own rules."""


@attrs.frozen
class Said:
    """One answer, as it was given. `item` is None where the questionnaire has no such question: then `asked`
    is what was named instead."""

    number: int
    item: Item | None
    state: State
    value: Any = attrs.field(repr=False)
    asked: Any = attrs.field(default=None, repr=False)


@attrs.frozen
class Spoke:
    """A rule that spoke: its id, its level, and why, as part of a sentence without anybody's answer."""

    rule: str
    level: Level
    why: Message


@attrs.frozen
class Look:
    """A screen with its answers, in the order in which they were given; a later one to the same question
    corrects the one before. `level` is the highest that there was, the open alert's too."""

    screen: RiskScreen
    instrument: Instrument | None
    begun: datetime
    said: tuple[Said, ...] = attrs.field(repr=False)
    level: Level
    spoke: tuple[Spoke, ...]
    alert: Alert | None = None


def look(s: Session, screen: str) -> Look:
    """A screen by its id. NotFound if it is not there for this actor; what was read is logged."""
    kit = s.kit
    found = s.get(RiskScreen, screen)
    asked = asking.instrument_of(kit, found.instrument, found.edition, found.sha256)
    instrument = asked.instrument
    answers = _answers(s, found)
    alert = _alert(s, found)
    given = {one.item or f"\0{one.number}": one.value for one in answers}
    band = asking.age_band(kit, found.person)
    judged = asking.UNKNOWN if answers else None
    if instrument is not None:
        judged = instrument.judge(given, ended=found.state != "open", age_band=band)
        judged = asking.in_doubt(judged, given, asked.obstacles)
    rules, levels = ((), {}) if judged is None else (judged.alerts, judged.levels)
    level = Level.NONE if judged is None else judged.level
    if alert is not None:
        rules, level = tuple(dict.fromkeys((*alert.rules, *rules))), worst(level, Level(alert.level))
    return Look(
        screen=found,
        instrument=instrument,
        begun=found.occurred or kit.storage.history(RiskScreen.kind, found.id)[0].envelope.at,
        said=tuple(_said(instrument, one) for one in answers),
        level=level,
        spoke=spoke(instrument, rules, given, band, levels),
        alert=alert,
    )


def spoke(
    instrument: Instrument | None,
    rules: Iterable[str],
    given: Mapping[str, Any],
    band: str | None,
    levels: Mapping[str, Level],
) -> tuple[Spoke, ...]:
    """Rules of a questionnaire by their ids, in its own order, each with what made it speak. `levels` are
    those of what is none of its own rules; what only the alert names may have been the worst."""
    known = {} if instrument is None else {rule.id: rule for rule in instrument.triage}
    worst_there = Level.NOW if instrument is None else worst(instrument.worst, Level.TALK)
    view = None if instrument is None else _view(instrument, given, band)
    found: list[Spoke] = []
    for one in sorted(rules, key=lambda rule: [*known, rule].index(rule)):
        rule = known.get(one)
        if rule is not None and view is not None:
            found.append(Spoke(one, rule.level, _why(rule, view)))
        else:
            why = WHY.get(one, _("a rule that nobody here knows"))
            found.append(Spoke(one, levels.get(one, worst_there), why))
    return tuple(found)


def _why(rule: Rule, view: View) -> Message:
    items = concerned(rule.when, view)
    reasons: list[Message | str] = []
    if items:
        named = ", ".join(items)
        reasons.append(
            many("the answer to {items}", "the answers to {items}", len(items), items=verbatim(named))
        )
    if any(isinstance(part, Total) and holds(part, view) for part in leaves(rule.when)):
        reasons.append(_("what the answers come to"))
    if open_ := [one for one in rule.waits_for if not _answered(view, one)]:
        reasons.append(_("no answer to {items}", items=verbatim(", ".join(open_))))
    if not reasons and any(isinstance(part, Has) for part in leaves(rule.when)):
        reasons.append(_("a question that was left open"))
    return joined(reasons, "; ") if reasons else _("the answers taken together")


def _answered(view: View, item: str) -> bool:
    return item in view.answers and view.answers[item].state is State.ANSWERED


def _view(instrument: Instrument, given: Mapping[str, Any], band: str | None) -> View:
    group = instrument.ages.group(band)
    taken = reading(instrument, given, group)
    return View(taken.answers, taken.shown, group, bounds(instrument, taken, over=True))


def _said(instrument: Instrument | None, one: Answer) -> Said:
    item = instrument.by_id.get(one.item) if instrument is not None else None
    state = read(item.answers, one.value).state if item is not None else State.UNREADABLE
    return Said(one.number, item, state, one.value, one.item or one.asked)


def _answers(s: Session, screen: RiskScreen) -> list[Answer]:
    found: list[Answer] = []
    after: str | None = None
    while True:
        page = s.find(Answer, screen=screen.id, order="number", limit=1000, after=after)
        found += page.readable
        if (after := page.after) is None:
            return found


def _alert(s: Session, screen: RiskScreen) -> Alert | None:
    """The screen's alert about whom it is about now, if there is one that this actor may read."""
    with suppress(Refused):
        found = [one for one in s.find(Alert, screen=screen.id).readable if one.person == screen.person]
        return found[-1] if found else None
    return None


def screen_of(s: Session, named: str) -> str:
    """The id of a screen by its own, or by its alert's id or reference. NotFound if there is none of that
    name for this actor; Malformed for an alert that comes from a concern."""
    wanted = named.removeprefix("risk_screen/").removeprefix("alert/")
    alert = alert_named(s, wanted)
    if alert is None:
        return wanted
    if alert.screen:
        return alert.screen
    told = _(
        "this alert comes from a concern, not from a screen: peerkit inspect concern/{id} --reason WORDS",
        id=alert.concern,
    )
    raise Malformed(told, where="SCREEN")


def alert_named(s: Session, named: str) -> Alert | None:
    """The alert of an id or a reference, if this actor may read it."""
    if not named:
        return None
    found = get(s.kit, Alert, named)
    found = found or next(iter(heads(s.kit, Alert, Condition("reference", "==", named))), None)
    if found is None:
        return None
    with suppress(NotFound, Refused):
        return s.get(Alert, found.id)
    return None


def unmet(kit: Kit, alert: Alert) -> tuple[str, ...]:
    """The conditions of closing an alert that are still open: all of them where nobody has begun."""
    response = get(kit, SafetyResponse, derived(alert.id, "response"))
    if response is None or response.state != "open":
        return needs_of(alert)
    return response.unmet


def took_place(kit: Kit, alert: Alert) -> datetime | None:
    """When that took place of which an alert speaks; None where nobody knows. It tells nothing of what was
    answered."""
    held = get(kit, RiskScreen, alert.screen) or get(kit, Concern, alert.concern)
    if held is None:
        return None
    return held.occurred or kit.storage.history(held.kind, held.id)[0].envelope.at


@attrs.frozen
class Colleague:
    """Somebody who works here: their name, and the addresses over which they may be reached."""

    name: str = attrs.field(repr=False)
    reach: tuple[str, ...] = attrs.field(repr=False)


def colleague(s: Session, alert: Alert, human: str) -> Colleague | None:
    """Somebody whom alarms may ask, for whoever has the alert in hand: the two have to find each other now,
    whatever else of that one's record stays shut. It is logged as read. None for everybody else, and across
    a wall."""
    kit = s.kit
    mine = alert.holder == s.actor.person and alert.state in IN_HAND
    if not mine or human in kit.grants(s.actor).walled:
        return None
    works = {one for people in asked_in_alarms(kit, kit.clock.now()).values() for one in people}
    stored = kit.storage.get(Person.kind, human) if human in works else None
    found = decoded(kit, Person, stored)
    if stored is None or found is None:
        return None
    kit.log_read(s.actor, Person, [stored], urgent=True)
    return Colleague(found.name, tuple(a for a in found.reach if a.partition(":")[0] not in found.not_by))

# SPDX-License-Identifier: Apache-2.0
"""Phrases of the safety lane: screens, alerts, how they climbed, who answered, what was done."""

from __future__ import annotations

from typing import Any

from peerkit.demo.feed import Feed
from peerkit.demo.phrases import NOTHING, Seen, phrase, quoted
from peerkit.ports import Envelope
from peerkit.texts import Message, _, joined, listed, many, verbatim
from peerkit.texts.labels import label

LEVELS = {
    "talk": _("whoever holds the screen talks about it"),
    "today": _("a supervisor knows before the day ends"),
    "now": _("somebody comes at once"),
}

SAID = {True: _("yes"), False: _("no"), None: _("skipped")}


@phrase("risk_screen.begin")
def _begin(seen: Seen) -> Message:
    name = f"{seen.now.instrument.upper()} {seen.now.edition}".strip()
    return _(
        "{actor} begins a safety check-in with {person}: {name}.",
        actor=seen.actor,
        person=seen.name(seen.now.person),
        name=name,
    )


@phrase("risk_screen.finish")
def _finish(_seen: Seen) -> Message:
    return _("The check-in is over. Every answer had been stored as it was given.")


@phrase("risk_screen.abandon")
def _abandon(_seen: Seen) -> Message:
    return _("Nobody went on with the check-in; what was answered stands.")


@phrase("answer.give")
def _answer(seen: Seen) -> Message:
    value = seen.now.value
    shown = SAID[value] if value is None or isinstance(value, bool) else verbatim(value)
    return _(
        "{person} answers {question}: {answer}.",
        person=seen.name(seen.now.person),
        question=seen.now.item or _("a question"),
        answer=shown,
    )


@phrase("concern.voice")
def _concern(seen: Seen) -> Message:
    who = seen.name(seen.now.author) if seen.now.author else _("Somebody")
    words = quoted(seen.now.words)
    if not seen.now.about:
        return _("{who} is worried: {words}", who=who, words=words)
    about = seen.name(seen.now.about)
    return _("{who} is worried about {about}: {words}", who=who, about=about, words=words)


@phrase("alert.open")
def _open(seen: Seen) -> Message:
    opened = _(
        "An alert opens in the same moment: {level}, {what}.",
        level=label("", "level", seen.now.level),
        what=LEVELS[seen.now.level],
    )
    return joined([opened, _asked(seen)])


@phrase("alert.raise_level")
def _raise(seen: Seen) -> Message:
    if seen.before is not None and seen.before.level == seen.now.level:
        return _("The alert speaks again, and begins anew.")
    return _(
        "That answer raises it: {level}, {what}. It begins anew.",
        level=label("", "level", seen.now.level),
        what=LEVELS[seen.now.level],
    )


@phrase("alert.speak_again")
def _speak_again(seen: Seen) -> Message:
    name = seen.name(seen.now.holder)
    return _("Another urgent answer: {name} has the alert in hand, is told, and takes it anew.", name=name)


def _asked(seen: Seen) -> Message:
    if not seen.now.asked:
        return NOTHING
    asked = listed([seen.name(one) for one in seen.now.asked])
    return _("{asked} holds the screen, and is the first step.", asked=asked)


@phrase("alert.climb")
def _climb(seen: Seen) -> Message:
    asked = _("nobody, since nobody can be reached")
    if seen.now.asked:
        named = listed([seen.name(one) for one in seen.now.asked])
        asked = _("{names} ({role})", names=named, role=role_words(seen.now.rung))
        if seen.now.due:
            asked = _("{names}, who has until {when}", names=asked, when=seen.clock(seen.now.due))
    skipped = [one.partition(":") for one in seen.now.skipped]
    passed = [
        _("{names} ({role})", names=role_words(role), role=label("alert", "skipped", why))
        for role, _colon, why in skipped
    ]
    over = _("Passed over: {steps}.", steps=listed(passed)) if passed else ""
    went = _("It goes to {asked}.", asked=asked)
    if seen.before is not None and seen.before.rung and seen.before.since is not None:
        waited = round((seen.envelope.at - seen.before.since).total_seconds() / 60)
        went = _(
            "Nobody has answered in {minutes} minutes: it climbs to {asked}.", minutes=waited, asked=asked
        )
    again = seen.before is not None and seen.now.round > seen.before.round
    anew = _("It has begun again, with every coordinator.") if again else ""
    return joined([went, over, anew])


def role_words(role: str) -> Message:
    """A step of the path, as one says it."""
    return label("", "role", role)


@phrase("alert.acknowledge")
def _acknowledge(seen: Seen) -> Message:
    until = _("Something has to be done by {when}.", when=seen.clock(seen.now.due)) if seen.now.due else ""
    return joined([_("{name}: I have seen it, and I take it.", name=seen.name(seen.now.holder)), until])


@phrase("alert.cannot")
def _cannot(seen: Seen) -> Message:
    return _("{name}: I cannot come. It climbs at once.", name=seen.actor)


@phrase("alert.lapse")
def _lapse(_seen: Seen) -> Message:
    return _("Acknowledged, and then nothing was done: it climbs on.")


@phrase("alert.act_on", "alert.remind", "safety_response.begin", "safety_response.reopen")
def _silent(_seen: Seen) -> Message:
    return NOTHING  # what was done is told by the response itself


@phrase("alert.close")
def _close(seen: Seen) -> Message:
    return _("{actor} closes the alert.", actor=seen.actor)


@phrase("safety_response.did")
def _did(seen: Seen) -> Message:
    action = seen.now.actions[-1]
    agreed = {
        True: _("{person} agreed to it.", person=seen.name(seen.now.person)),
        False: _("It was done without agreement."),
    }
    told = _("{name}: {words}", name=seen.name(action.who), words=quoted(action.words))
    return joined([told, agreed.get(action.consent, "")])


@phrase("safety_response.meet")
def _meet(seen: Seen) -> Message:
    before = {need.id: need.state for need in getattr(seen.before, "needs", ())}
    met = [
        label("safety_response", "need", need.id)
        for need in seen.now.needs
        if need.state == "met" and before.get(need.id) != "met" and need.id != "acted"
    ]
    return also(met) if met else NOTHING


def also(done: list[Message]) -> Message:
    """What closing an alert needs and is done now. `together` makes one of two such lines."""
    return _("Also done: {done}.", done=joined(done, "; "))


def together(one: Message, other: Message) -> Message:
    """Two lines of `also` as one."""
    return also([one.values["done"], other.values["done"]])


@phrase("safety_response.complete")
def _complete(seen: Seen) -> Message:
    return _("All {number} things that closing an alert needs are done.", number=len(seen.now.needs))


@phrase("safety_response.close_incomplete")
def _incomplete(seen: Seen) -> Message:
    left = [
        _(
            "{need} ({reason})",
            need=label("safety_response", "need", need.id),
            reason=label("safety_response", "reason", need.reason),
        )
        for need in seen.now.needs
        if need.state != "met"
    ]
    return _("{actor} closes it with something left undone: {what}.", actor=seen.actor, what=listed(left))


def notices(feed: Feed, logs: list[Any]) -> Message:
    """What became of what went out together. A referral that was handed over says so itself."""
    letters = [one for one in logs if getattr(feed.newest.get(one.about), "kind", "") == "referral"]
    alarms = [one for one in logs if one not in letters]
    went = [one.to for one in alarms if one.result == "handed-over"]
    lost = [
        _("{name} ({why})", name=feed.name(one.to), why=one.code or _("failed"))
        for one in logs
        if one.result != "handed-over"
    ]
    whom = listed([feed.name(one) for one in dict.fromkeys(went)])
    said = many(
        "A notice without content handed over for {whom}.",
        "Notices without content handed over for {whom}.",
        len(went),
        whom=whom,
    )
    return joined([said if went else "", _("Not handed over: {whom}.", whom=listed(lost)) if lost else ""])


@phrase("drill.begin")
def _drill(seen: Seen) -> Message:
    steps = listed([role_words(one) for one in seen.now.steps])
    return _(
        "{actor} begins a drill: every step of the path gets a notice ({steps}).",
        actor=seen.actor,
        steps=steps,
    )


@phrase("drill.acknowledge")
def _drilled(seen: Seen) -> Message:
    roles = [one for one in seen.before.waiting if one not in seen.now.waiting] if seen.before else []
    passed = _("The drill is passed: the program is ready.") if seen.now.state == "passed" else ""
    steps = listed([role_words(one) for one in roles])
    return joined([_("{actor} has seen it ({steps}).", actor=seen.actor, steps=steps), passed])


@phrase("drill.give_up")
def _given_up(seen: Seen) -> Message:
    if not seen.now.unreached:
        return _("The drill did not reach every step: nobody said so in time.")
    steps = listed([role_words(one) for one in seen.now.unreached])
    return _("The drill did not reach every step: {steps}.", steps=steps)


def details(feed: Feed, envelope: Envelope) -> dict[str, Any]:
    """What a program wants to know of an alert's version besides its acts."""
    record: Any = feed.of(envelope)
    if envelope.kind != "alert" or record is None:
        return {}
    return {
        "level": record.level,
        "step": record.rung,
        "round": record.round,
        "asked": [str(feed.name(one)) for one in record.asked],
        "holder": str(feed.name(record.holder)) if record.holder else None,
        "due": record.due,
        "skipped": list(record.skipped),
    }

# SPDX-License-Identifier: Apache-2.0
"""Phrases of the safety lane: screens, alerts, how they climbed, who answered, what was done."""

from __future__ import annotations

from typing import Any

from peerkit.demo.feed import Feed
from peerkit.demo.phrases import Seen, listed, phrase, quoted
from peerkit.ports import Envelope

LEVELS = {
    "talk": "whoever holds the screen talks about it",
    "today": "a supervisor knows before the day ends",
    "now": "somebody comes at once",
}

NEEDS = {
    "supervisor_knows": "the supervisor knows",
    "acted": "something was done",
    "person_told": "{person} knows who was told",
    "handed_over": "it is handed over to those who walk on with {person}",
    "followed_up": "somebody asked again later",
    "debrief_offered": "those who were there were offered a talk about it",
}


@phrase("risk_screen.begin")
def _begin(seen: Seen) -> str:
    name = f"{seen.now.instrument.upper()} {seen.now.edition}".strip()
    return f"{seen.actor} begins a safety check-in with {seen.name(seen.now.person)}: {name}."


@phrase("risk_screen.finish")
def _finish(_: Seen) -> str:
    return "The check-in is over. Every answer had been stored as it was given."


@phrase("risk_screen.abandon")
def _abandon(_: Seen) -> str:
    return "Nobody went on with the check-in; what was answered stands."


@phrase("answer.give")
def _answer(seen: Seen) -> str:
    said = {True: "yes", False: "no", None: "skipped"}
    value = seen.now.value
    shown = said[value] if value is None or isinstance(value, bool) else str(value)
    return f"{seen.name(seen.now.person)} answers {seen.now.item or 'a question'}: {shown}."


@phrase("concern.voice")
def _concern(seen: Seen) -> str:
    about = f" about {seen.name(seen.now.about)}" if seen.now.about else ""
    who = seen.name(seen.now.author) if seen.now.author else "Somebody"
    return f"{who} is worried{about}: {quoted(seen.now.words)}"


@phrase("alert.open")
def _open(seen: Seen) -> str:
    return f"An alert opens in the same moment: {seen.now.level}, {LEVELS[seen.now.level]}.{_asked(seen)}"


@phrase("alert.raise_level")
def _raise(seen: Seen) -> str:
    if seen.before is not None and seen.before.level == seen.now.level:
        return "The alert speaks again, and begins anew."
    return f"That answer raises it: {seen.now.level}, {LEVELS[seen.now.level]}. It begins anew."


def _asked(seen: Seen) -> str:
    if not seen.now.asked:
        return ""
    return f" {listed([seen.name(one) for one in seen.now.asked])} holds the screen, and is the first step."


@phrase("alert.climb")
def _climb(seen: Seen) -> str:
    asked = listed([seen.name(one) for one in seen.now.asked]) or "nobody who can be reached"
    until = f", until {seen.clock(seen.now.due)}" if seen.now.due else ""
    skipped = [one.partition(":") for one in seen.now.skipped]
    passed = f" Passed over: {listed([f'{role} ({why})' for role, _, why in skipped])}." if skipped else ""
    again = (
        " It begins again, with every coordinator."
        if seen.before and seen.now.round > seen.before.round
        else ""
    )
    if seen.before is not None and seen.before.rung:
        waited = (
            round((seen.envelope.at - seen.before.since).total_seconds() / 60) if seen.before.since else 0
        )
        lead = f"Nobody has answered in {waited} minutes: it climbs to the"
    else:
        lead = "It goes to the"
    return f"{lead} {seen.now.rung or 'next step'}, {asked}{until}.{passed}{again}"


@phrase("alert.acknowledge")
def _acknowledge(seen: Seen) -> str:
    until = f" Something has to be done by {seen.clock(seen.now.due)}." if seen.now.due else ""
    return f"{seen.name(seen.now.holder)}: I have seen it, and I take it.{until}"


@phrase("alert.cannot")
def _cannot(seen: Seen) -> str:
    return f"{seen.actor}: I cannot come. It climbs at once."


@phrase("alert.lapse")
def _lapse(_: Seen) -> str:
    return "Acknowledged, and then nothing was done: it climbs on."


@phrase("alert.act_on", "alert.remind", "safety_response.begin", "safety_response.reopen")
def _silent(_: Seen) -> str:
    return ""  # what was done is told by the response itself


@phrase("alert.close")
def _close(seen: Seen) -> str:
    return f"{seen.actor} closes the alert."


@phrase("safety_response.did")
def _did(seen: Seen) -> str:
    action = seen.now.actions[-1]
    agreed = {True: f" {seen.name(seen.now.person)} agreed to it.", False: " It was done without agreement."}
    return f"{seen.name(action.who)}: {quoted(action.words)}{agreed.get(action.consent, '')}"


@phrase("safety_response.meet")
def _meet(seen: Seen) -> str:
    before = {need.id: need.state for need in getattr(seen.before, "needs", ())}
    person = seen.name(seen.now.person)
    met = [
        NEEDS.get(need.id, need.id).format(person=person)
        for need in seen.now.needs
        if need.state == "met" and before.get(need.id) != "met" and need.id != "acted"
    ]
    return f"Also done: {listed(met)}." if met else ""


@phrase("safety_response.complete")
def _complete(seen: Seen) -> str:
    return f"Everything that closing needs is done: {listed([n.id for n in seen.now.needs])}."


@phrase("safety_response.close_incomplete")
def _incomplete(seen: Seen) -> str:
    left = [f"{need.id} ({need.reason.replace('_', ' ')})" for need in seen.now.needs if need.state != "met"]
    return f"{seen.actor} closes it with something left undone: {listed(left)}."


@phrase("delivery.log")
def _delivery(seen: Seen) -> str:
    who = seen.name(seen.now.to)
    if seen.now.result == "handed-over":
        return f"A notice without content is handed over for {who}."
    return f"A notice for {who} did not go out ({seen.now.code or 'failed'})."


@phrase("drill.begin")
def _drill(seen: Seen) -> str:
    return f"{seen.actor} begins a drill: every step of the path gets a notice ({listed(seen.now.steps)})."


@phrase("drill.acknowledge")
def _drilled(seen: Seen) -> str:
    roles = [one for one in seen.before.waiting if one not in seen.now.waiting] if seen.before else []
    passed = " The drill is passed: the program is ready." if seen.now.state == "passed" else ""
    return f"{seen.actor} has seen it, as {listed(roles)}.{passed}"


@phrase("drill.give_up")
def _given_up(seen: Seen) -> str:
    return f"The drill did not reach every step: {listed(seen.now.unreached) or 'nobody said so in time'}."


def details(feed: Feed, envelope: Envelope) -> dict[str, Any]:
    """What a program wants to know of an alert's version besides its acts."""
    record: Any = feed.of(envelope)
    if envelope.kind != "alert" or record is None:
        return {}
    return {
        "level": record.level,
        "step": record.rung,
        "round": record.round,
        "asked": [feed.name(one) for one in record.asked],
        "holder": feed.name(record.holder) if record.holder else None,
        "due": record.due,
        "skipped": list(record.skipped),
    }

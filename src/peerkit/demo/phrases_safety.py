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

ROLES = {"on-call": "on call", "outside": "a body outside"}

SKIPPED = {
    "nobody": "nobody holds it",
    "away": "away",
    "barred": "may not know of it",
    "spared": "raised it, and is there",
    "unreachable": "cannot be reached",
    "quiet": "rests now",
}
"""Why a step of the path was passed over."""

NEEDS = {
    "supervisor_knows": "the supervisor knows",
    "acted": "something was done",
    "person_told": "{person} knows who was told",
    "handed_over": "it is handed over to those who walk on with {person}",
    "followed_up": "somebody looked in again",
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
    asked = listed([seen.name(one) for one in seen.now.asked]) or "nobody, since nobody can be reached"
    role = f" ({role_words(seen.now.rung)})" if seen.now.asked else ""
    until = f", who has until {seen.clock(seen.now.due)}" if seen.now.due and seen.now.asked else ""
    skipped = [one.partition(":") for one in seen.now.skipped]
    passed = [f"{role_words(role)} ({SKIPPED.get(why, why)})" for role, _, why in skipped]
    over = f" Passed over: {listed(passed)}." if passed else ""
    lead = "It goes to"
    if seen.before is not None and seen.before.rung and seen.before.since is not None:
        waited = round((seen.envelope.at - seen.before.since).total_seconds() / 60)
        lead = f"Nobody has answered in {waited} minutes: it climbs to"
    again = seen.before is not None and seen.now.round > seen.before.round
    anew = " It has begun again, with every coordinator." if again else ""
    return f"{lead} {asked}{role}{until}.{over}{anew}"


def role_words(role: str) -> str:
    """A step of the path, as one says it."""
    return ROLES.get(role, role)


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
    return f"All {len(seen.now.needs)} things that closing an alert needs are done."


@phrase("safety_response.close_incomplete")
def _incomplete(seen: Seen) -> str:
    left = [f"{need.id} ({need.reason.replace('_', ' ')})" for need in seen.now.needs if need.state != "met"]
    return f"{seen.actor} closes it with something left undone: {listed(left)}."


def notices(feed: Feed, logs: list[Any]) -> str:
    """What became of what went out together. A referral that was handed over says so itself."""
    letters = [one for one in logs if getattr(feed.newest.get(one.about), "kind", "") == "referral"]
    alarms = [one for one in logs if one not in letters]
    went = [feed.name(one.to) for one in alarms if one.result == "handed-over"]
    lost = [f"{feed.name(one.to)} ({one.code or 'failed'})" for one in logs if one.result != "handed-over"]
    many = "A notice" if len(went) == 1 else "Notices"
    said = [f"{many} without content handed over for {listed(list(dict.fromkeys(went)))}."] if went else []
    return " ".join([*said, *([f"Not handed over: {listed(lost)}."] if lost else [])])


@phrase("drill.begin")
def _drill(seen: Seen) -> str:
    steps = listed([role_words(one) for one in seen.now.steps])
    return f"{seen.actor} begins a drill: every step of the path gets a notice ({steps})."


@phrase("drill.acknowledge")
def _drilled(seen: Seen) -> str:
    roles = [one for one in seen.before.waiting if one not in seen.now.waiting] if seen.before else []
    passed = " The drill is passed: the program is ready." if seen.now.state == "passed" else ""
    return f"{seen.actor} has seen it ({listed([role_words(one) for one in roles])}).{passed}"


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

# SPDX-License-Identifier: Apache-2.0
"""Phrases of what goes out, of what peerkit adds, and of what was refused."""

from __future__ import annotations

from typing import Any

from peerkit.demo.feed import Feed
from peerkit.demo.phrases import Seen, day, listed, phrase, quoted

CLASS_WORDS = {"identity": "who they are", "contact": "how to reach them", "own": "their own words"}

TASKS = {
    "match": "find somebody who fits",
    "ask-after-referral": "ask whether the referral helped",
    "hear-from-service": "hear whether the service can help",
    "look-after-referral": "look how it goes on with the referral",
    "go-along": "go along to the service",
    "find-another-service": "look for another service",
    "hand-over-referral": "hand the referral over",
    "consent-for-referral": "ask about consent for the referral",
    "reassign": "find somebody new",
    "cover": "stand in",
}

REASONS = {
    "not-theirs": "It is not theirs to decide.",
    "unexplained": "No act explains the change: a record changes only by what somebody does.",
    "no-consent": "No consent lets anybody have it.",
    "too-weak": "The way in which it was decided is not strong enough for it.",
    "no-right": "They have no right to it.",
    "lifecycle": "It is not the time for it.",
    "no-room": "The supporter walks beside as many people as they wish already.",
}
"""A sentence for the codes of objections; the code itself stands beside it."""

TRIED = {
    "goal_plan.adopt": "adopt a goal for {whom}",
    "goal_plan.achieve": "call a goal of {whom}'s done",
    "referral.send": "send {whom}'s referral",
}


@phrase("recipient.add")
def _recipient(seen: Seen) -> str:
    return f"{seen.actor} notes down {seen.now.name} as somebody to refer to."


@phrase("referral.begin")
def _begin(seen: Seen) -> str:
    told = f" They are to be told: {quoted(seen.now.words)}" if seen.now.words else ""
    return f"A referral to {seen.name(seen.now.service)} is written, for {quoted(seen.now.need)}.{told}"


@phrase("referral.send")
def _send(seen: Seen) -> str:
    return f"{seen.name(seen.now.person)}'s referral is sent to {seen.name(seen.now.recipient)}."


@phrase("referral.accepted")
def _accepted(seen: Seen) -> str:
    return f"{seen.name(seen.now.recipient)} says yes to it."


@phrase("referral.declined")
def _declined(seen: Seen) -> str:
    return f"{seen.name(seen.now.recipient)} says no: {seen.now.reason.replace('_', ' ')}."


@phrase("referral.recall")
def _recall(seen: Seen) -> str:
    why = {"consent_withdrawn": "the consent it stood on is gone", "person_asked": "they asked for it"}
    because = f": {why[seen.now.reason]}" if seen.now.reason in why else ""
    return f"{seen.name(seen.now.person)}'s referral to {seen.name(seen.now.recipient)} is recalled{because}."


@phrase("referral.record_outcome")
def _outcome(seen: Seen) -> str:
    words = {
        "received": "received what was asked for",
        "partly": "received part of it",
        "not_received": "did not receive it",
        "unreachable": "could not be reached",
        "no_longer_needed": "no longer needs it",
    }
    return f"As far as {seen.actor} knows, {seen.name(seen.now.person)} {words[seen.now.outcome]}."


@phrase("referral.answer")
def _answer(seen: Seen) -> str:
    said = seen.now.answered.replace("_", " ")
    own = f" {quoted(seen.now.own_answer)}" if seen.now.own_answer else ""
    person = seen.name(seen.now.person)
    return f"Did you get what you needed? {person}: {said}.{own} With that the loop is closed."


@phrase("referral.close")
def _close(seen: Seen) -> str:
    return f"{seen.actor} closes the referral."


@phrase("consent.give", "consent.give_once")
def _consent(seen: Seen) -> str:
    what = listed([CLASS_WORDS.get(one, one) for one in seen.now.classes])
    span = ", for this one referral" if seen.now.referral else ", for referrals, until it is taken back"
    return f"{seen.name(seen.now.person)} lets {seen.name(seen.now.recipient)} know {what}{span}."


@phrase("consent.refuse")
def _refuse(seen: Seen) -> str:
    return f"{seen.name(seen.now.person)} says that nothing may go to {seen.name(seen.now.recipient)}."


@phrase("consent.withdraw")
def _withdraw(seen: Seen) -> str:
    return f"{seen.name(seen.now.person)} takes that consent back. It acts at once."


@phrase("referral.hand_over")
def _handed(seen: Seen) -> str:
    return f"The referral is handed over to {seen.name(seen.now.recipient)}."


def let_out(feed: Feed, rows: list[Any]) -> str:
    """What the gate let out together: one sentence for each person and recipient."""
    said: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        held = said.setdefault((row.person, row.recipient), [])
        held += [
            CLASS_WORDS[one] for one in row.classes if one in CLASS_WORDS and CLASS_WORDS[one] not in held
        ]
    return " ".join(
        f"The gate is asked anew, and lets out to {feed.name(to)}: {listed(what)}. "
        f"{feed.name(person)} can read that."
        for (person, to), what in said.items()
    )


# -- peerkit's own doing ---------------------------------------------------------------------------


@phrase("route.begin", "route.move")
def _route(seen: Seen) -> str:
    person, holder = seen.name(seen.now.person), seen.name(seen.now.holder)
    if person == holder:
        return ""
    then = (
        f"; should that lapse, {seen.name(seen.now.fallback)}"
        if seen.now.fallback not in {"", seen.now.holder}
        else ""
    )
    word = "is now" if seen.act == "move" else "is"
    return f"{person}'s named human {word} {holder}{then}."


@phrase("route.stand_in")
def _stand_in(seen: Seen) -> str:
    covers = listed(list(dict.fromkeys(seen.name(one.cover) for one in seen.now.absences)))
    person, holder = seen.name(seen.now.person), seen.name(seen.now.holder)
    return (
        f"While {holder} is away, {covers} stands in for {person}."
        if covers
        else f"{holder} is not away now."
    )


@phrase("route.stop")
def _stop(seen: Seen) -> str:
    return f"{seen.name(seen.now.person)} is done here; the door stays open."


@phrase("task.give")
def _task(seen: Seen) -> str:
    due = f", by {day(seen.now.due.astimezone(seen.feed.zone))}" if seen.now.due else ""
    return f"A task for {seen.name(seen.now.owner)}{due}: {_what(seen.now.what)}."


@phrase("task.done", "task.drop")
def _task_over(seen: Seen) -> str:
    word = "is done" if seen.act == "done" else "is no longer needed"
    return f"{seen.name(seen.now.owner)}'s task, to {_what(seen.now.what)}, {word}."


def _what(code: str) -> str:
    return TASKS.get(code, code.replace("-", " "))


def refusal(feed: Feed, refused: Any) -> str:
    """What somebody tried, and why it was refused: from codes and acts, since nothing else is kept."""
    record: Any = feed.newest.get(refused.records[0]) if refused.records else None
    whom = feed.name(getattr(record, "person", "")) if record is not None else "somebody"
    tried = [
        TRIED.get(act, act.replace("_", " ").replace(".", ": ")).format(whom=whom) for act in refused.acts
    ]
    if not tried:
        tried = [f"change {whom}'s {kind.replace('_', ' ')} past all acts" for kind in refused.kinds]
    reasons = " ".join(REASONS.get(code, "A rule stands against it.") for code in refused.codes)
    return (
        f"Refused: {feed.name(refused.who)} tried to {listed(tried)}. {reasons} [{', '.join(refused.codes)}]"
    )

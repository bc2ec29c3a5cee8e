# SPDX-License-Identifier: Apache-2.0
"""Phrases of what goes out, of what peerkit adds, and of what was refused."""

from __future__ import annotations

from typing import Any

from peerkit.demo.feed import Feed
from peerkit.demo.phrases import NOTHING, Seen, coded, phrase, quoted
from peerkit.texts import Message, _, joined, listed, verbatim
from peerkit.texts.dates import day
from peerkit.texts.labels import label

CLASS_WORDS = {
    "identity": _("who they are"),
    "contact": _("how to reach them"),
    "own": _("their own words"),
}

TRIED = {
    "goal_plan.adopt": _("adopt a goal for {whom}"),
    "goal_plan.achieve": _("call a goal of {whom}'s done"),
    "referral.send": _("send {whom}'s referral"),
}


@phrase("recipient.add")
def _recipient(seen: Seen) -> Message:
    return _("{actor} notes down {name} as somebody to refer to.", actor=seen.actor, name=seen.now.name)


@phrase("referral.begin")
def _begin(seen: Seen) -> Message:
    service, need = seen.name(seen.now.service), quoted(seen.now.need)
    written = _("A referral to {service} is written, for {need}.", service=service, need=need)
    told = _("They are to be told: {words}", words=quoted(seen.now.words)) if seen.now.words else ""
    return joined([written, told])


@phrase("referral.send")
def _send(seen: Seen) -> Message:
    return _(
        "{person}'s referral is sent to {recipient}.",
        person=seen.name(seen.now.person),
        recipient=seen.name(seen.now.recipient),
    )


@phrase("referral.accepted")
def _accepted(seen: Seen) -> Message:
    return _("{recipient} says yes to it.", recipient=seen.name(seen.now.recipient))


@phrase("referral.declined")
def _declined(seen: Seen) -> Message:
    reason = label("referral", "reason", seen.now.reason)
    return _("{recipient} says no: {reason}.", recipient=seen.name(seen.now.recipient), reason=reason)


@phrase("referral.recall")
def _recall(seen: Seen) -> Message:
    names = {"person": seen.name(seen.now.person), "recipient": seen.name(seen.now.recipient)}
    if not seen.now.reason:
        return _("{person}'s referral to {recipient} is recalled.", **names)
    why = label("referral", "reason", seen.now.reason)
    return _("{person}'s referral to {recipient} is recalled: {why}.", why=why, **names)


@phrase("referral.record_outcome")
def _outcome(seen: Seen) -> Message:
    return _(
        "As far as {actor} knows, of {person}: {outcome}.",
        actor=seen.actor,
        person=seen.name(seen.now.person),
        outcome=label("referral", "outcome", seen.now.outcome),
    )


@phrase("referral.answer")
def _answer(seen: Seen) -> Message:
    said = label("referral", "answered", seen.now.answered)
    person = seen.name(seen.now.person)
    asked = _("Did you get what you needed? {person}: {said}.", person=person, said=said)
    return joined([asked, quoted(seen.now.own_answer or ""), _("With that the loop is closed.")])


@phrase("referral.close")
def _close(seen: Seen) -> Message:
    return _("{actor} closes the referral.", actor=seen.actor)


@phrase("consent.give", "consent.give_once")
def _consent(seen: Seen) -> Message:
    names = {
        "person": seen.name(seen.now.person),
        "recipient": seen.name(seen.now.recipient),
        "what": listed([CLASS_WORDS.get(one, label("", "class", one)) for one in seen.now.classes]),
    }
    if seen.now.referral:
        return _("{person} lets {recipient} know {what}, for this one referral.", **names)
    return _("{person} lets {recipient} know {what}, for referrals, until it is taken back.", **names)


@phrase("consent.refuse")
def _refuse(seen: Seen) -> Message:
    return _(
        "{person} says that nothing may go to {recipient}.",
        person=seen.name(seen.now.person),
        recipient=seen.name(seen.now.recipient),
    )


@phrase("consent.withdraw")
def _withdraw(seen: Seen) -> Message:
    return _("{person} takes that consent back. It acts at once.", person=seen.name(seen.now.person))


@phrase("referral.hand_over")
def _handed(seen: Seen) -> Message:
    return _("The referral is handed over to {recipient}.", recipient=seen.name(seen.now.recipient))


def let_out(feed: Feed, rows: list[Any]) -> Message:
    """What the gate let out together: one sentence for each person and recipient."""
    said: dict[tuple[str, str], list[Message]] = {}
    for row in rows:
        held = said.setdefault((row.person, row.recipient), [])
        held += [
            CLASS_WORDS[one] for one in row.classes if one in CLASS_WORDS and CLASS_WORDS[one] not in held
        ]
    return joined(
        [
            _(
                "The gate is asked anew, and lets out to {recipient}: {what}. {person} can read that.",
                recipient=feed.name(to),
                what=listed(what),
                person=feed.name(person),
            )
            for (person, to), what in said.items()
        ]
    )


# -- peerkit's own doing ---------------------------------------------------------------------------


@phrase("route.begin", "route.move")
def _route(seen: Seen) -> Message:
    names = {"person": seen.name(seen.now.person), "holder": seen.name(seen.now.holder)}
    if seen.now.person == seen.now.holder:
        return NOTHING
    moved = seen.act == "move"
    if seen.now.fallback in {"", seen.now.holder}:
        now = _("{person}'s named human is now {holder}.", **names)
        return now if moved else _("{person}'s named human is {holder}.", **names)
    names["fallback"] = seen.name(seen.now.fallback)
    now = _("{person}'s named human is now {holder}; should that lapse, {fallback}.", **names)
    return now if moved else _("{person}'s named human is {holder}; should that lapse, {fallback}.", **names)


@phrase("route.stand_in")
def _stand_in(seen: Seen) -> Message:
    covers = [seen.name(one) for one in dict.fromkeys(one.cover for one in seen.now.absences)]
    person, holder = seen.name(seen.now.person), seen.name(seen.now.holder)
    if not covers:
        return _("{holder} is not away now.", holder=holder)
    return _(
        "While {holder} is away, {covers} stands in for {person}.",
        holder=holder,
        covers=listed(covers),
        person=person,
    )


@phrase("route.stop")
def _stop(seen: Seen) -> Message:
    return _("{person} is done here; the door stays open.", person=seen.name(seen.now.person))


@phrase("peer_supporter.debrief_next")
def _rhythm(seen: Seen) -> Message:
    del seen
    return verbatim("")  # a day that nobody has to hear of: the task on it is told


@phrase("task.give")
def _task(seen: Seen) -> Message:
    owner, what = seen.name(seen.now.owner), label("task", "what", seen.now.what)
    if not seen.now.due:
        return _("A task for {owner}: {what}.", owner=owner, what=what)
    due = day(seen.now.due.astimezone(seen.feed.zone))
    return _("A task for {owner}, by {day}: {what}.", owner=owner, day=due, what=what)


@phrase("task.ask_too")
def _asked_too(seen: Seen) -> Message:
    owner, what = seen.name(seen.now.owner), label("task", "what", seen.now.what)
    second = seen.name(seen.now.asked_too)
    return _(
        "{owner}'s task has waited, so {second} is asked too: {what}.", owner=owner, second=second, what=what
    )


@phrase("task.done", "task.drop")
def _task_over(seen: Seen) -> Message:
    owner, what = seen.name(seen.now.owner), label("task", "what", seen.now.what)
    if seen.act == "done":
        return _("{owner}'s task, to {what}, is done.", owner=owner, what=what)
    return _("{owner}'s task, to {what}, is no longer needed.", owner=owner, what=what)


def refusal(feed: Feed, refused: Any) -> Message:
    """What somebody tried, and why it was refused: from codes and acts, since nothing else is kept."""
    record: Any = feed.newest.get(refused.records[0]) if refused.records else None
    whom = feed.name(getattr(record, "person", "")) if record is not None else _("somebody")
    tried = [_tried(act, whom) for act in refused.acts]
    if not tried:
        tried = [
            _("change {whom}'s {kind} past all acts", whom=whom, kind=label("", "kind", k))
            for k in refused.kinds
        ]
    return _(
        "Refused: {who} tried to {what}. Because {why}. [{codes}]",
        who=feed.name(refused.who),
        what=listed(tried),
        why=coded("", "objection", refused.codes),
        codes=", ".join(refused.codes),
    )


def _tried(act: str, whom: Message) -> Message:
    if act in TRIED:
        return Message(TRIED[act].source, {"whom": whom})
    kind, _dot, name = act.partition(".")
    return _("{act} ({kind})", act=label(kind, "act", name), kind=label("", "kind", kind))

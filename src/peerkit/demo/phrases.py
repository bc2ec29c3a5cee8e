# SPDX-License-Identifier: Apache-2.0
"""What an act says of itself, in the words of peer support. One function for each kind and act.

Every sentence is made of an envelope and of what its version held, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from peerkit.demo.feed import Feed
from peerkit.ports import Envelope
from peerkit.texts import Message, _, joined, listed, verbatim
from peerkit.texts.dates import clock, day
from peerkit.texts.labels import label


@attrs.frozen
class Seen:
    """One act in one version: what the phrase is made of."""

    feed: Feed
    envelope: Envelope
    act: str
    now: Any
    before: Any

    @property
    def actor(self) -> Message:
        """Who recorded it."""
        return self.name(self.envelope.actor)

    def name(self, record_id: str) -> Message:
        """What somebody or something is called."""
        return self.feed.name(record_id)

    def clock(self, moment: datetime) -> Message:
        """An instant on the program's clock, with its day if that is another."""
        local, here = moment.astimezone(self.feed.zone), self.envelope.at.astimezone(self.feed.zone)
        shown = verbatim(clock(local))
        return shown if local.date() == here.date() else joined([day(local), shown], ", ")


Phrase = Callable[[Seen], Message]
NOTHING = verbatim("")
PHRASES: dict[str, Phrase] = {}


def phrase(*acts: str) -> Callable[[Phrase], Phrase]:
    """Registers a phrase for acts, each as `kind.act`."""

    def register(function: Phrase) -> Phrase:
        PHRASES.update(dict.fromkeys(acts, function))
        return function

    return register


def quoted(words: str) -> Message:
    """Somebody's own words, as they are."""
    return _("“{words}”", words=words) if words else NOTHING


def ended(text: Message) -> Message:
    """A sentence that ends; the words in it may have ended it already."""
    return text if text.rstrip("”").endswith((".", "?", "!", "…")) else joined([text, "."], "")


def coded(kind: str, field: str, codes: Iterable[str]) -> Message:
    """Codes, as a person reads them."""
    return listed([label(kind, field, one) for one in codes])


SAID = {
    "hopes": _("Hopes: {words}"),
    "helps": _("Helps: {words}"),
    "does_not_help": _("Does not help: {words}"),
    "boundaries": _("Boundaries: {words}"),
    "rhythm": _("Rhythm: {words}"),
}


def _said(**parts: str) -> Message:
    return joined(
        [Message(SAID[name].source, {"words": quoted(words)}) for name, words in parts.items() if words]
    )


# -- the program and its people --------------------------------------------------------------------


@phrase("program.found")
def _found(seen: Seen) -> Message:
    steps = [
        _("{step} ({minutes} min)", step=label("", "role", step.role), minutes=step.minutes)
        for step in seen.now.path
    ]
    return _(
        "{program} is founded. An alarm goes this way: {steps}; and round again until somebody has acted.",
        program=seen.now.name,
        steps=joined(steps, ", "),
    )


@phrase("person.enrol")
def _enrol(seen: Seen) -> Message:
    if seen.envelope.actor.startswith("system:"):
        return _("{name} is enrolled.", name=seen.now.name)
    return _("{actor} enrols {name}.", actor=seen.actor, name=seen.now.name)


@phrase("appointment.give")
def _appoint(seen: Seen) -> Message:
    name = seen.name(seen.now.person)
    if seen.now.role == "on-call":
        return _("{name} is on call.", name=name)
    return _("{name} takes this on: {role}.", name=name, role=label("", "role", seen.now.role))


@phrase("peer_supporter.welcome")
def _welcome(seen: Seen) -> Message:
    lived = label("peer_supporter", "experience", seen.now.experience)
    name = seen.name(seen.now.person)
    taken = _("{name} takes on the role of peer supporter, from {lived}.", name=name, lived=lived)
    supervisor = seen.now.supervisor
    return joined([taken, _("{name} supervises.", name=seen.name(supervisor)) if supervisor else ""])


# -- walking together ------------------------------------------------------------------------------


@phrase("relationship.enquire")
def _enquire(seen: Seen) -> Message:
    asked = _("{name} asks for support.", name=seen.name(seen.now.person))
    return joined([asked, quoted(seen.now.hopes)])


@phrase("relationship.propose")
def _propose(seen: Seen) -> Message:
    names = {"actor": seen.actor, "who": seen.name(seen.now.supporter), "whom": seen.name(seen.now.person)}
    if not seen.now.reasons:
        return _("{actor} proposes {who} to {whom}. Either may say no.", **names)
    reasons = listed([one.replace("_", " ") for one in seen.now.reasons])
    return _(
        "{actor} proposes {who} to {whom}, because: {reasons}. Either may say no.", reasons=reasons, **names
    )


@phrase("relationship.take_on", "relationship.agree")
def _yes(seen: Seen) -> Message:
    side = seen.now.supporter if seen.act == "take_on" else seen.now.person
    before = seen.before
    names = ("helps", "does_not_help", "boundaries", "rhythm")
    new = {name: _added(getattr(before, name, ""), getattr(seen.now, name)) for name in names}
    both = _("Now it is agreed, by both.") if seen.now.state == "agreed" else ""
    return joined([_("{name} says yes.", name=seen.name(side)), _said(**new), both])


def _added(before: str, now: str) -> str:
    return now.removeprefix(before).strip() if before else now


@phrase("relationship.reword")
def _reword(seen: Seen) -> Message:
    changed = {
        name: getattr(seen.now, name)
        for name in ("helps", "does_not_help")
        if getattr(seen.now, name) != getattr(seen.before, name, "")
    }
    return joined([_("{actor} puts the agreement in other words.", actor=seen.actor), _said(**changed)])


@phrase("relationship.decline", "relationship.pause", "relationship.resume", "relationship.end")
def _turn(seen: Seen) -> Message:
    return {
        "decline": _("{actor} says no to the match. No reason is asked.", actor=seen.actor),
        "pause": _("{actor} takes a rest from it.", actor=seen.actor),
        "resume": _("{actor} goes on with it.", actor=seen.actor),
        "end": _("{actor} ends it. No reason is asked, and the door stays open.", actor=seen.actor),
    }[seen.act]


@phrase("meeting.plan")
def _plan(seen: Seen) -> Message:
    local = datetime.fromisoformat(seen.now.local).replace(tzinfo=ZoneInfo(seen.now.timezone))
    agreed = _(
        "{two} agree to meet on {day} at {time}",
        two=_two(seen),
        day=day(local),
        time=clock(local),
    )
    return joined([joined([agreed, seen.now.place], ", "), "."], "")


def _two(seen: Seen) -> Message:
    return listed([seen.name(seen.now.supporter), seen.name(seen.now.person)])


@phrase("meeting.hold")
def _hold(seen: Seen) -> Message:
    kinds = coded("meeting", "support", seen.now.support)
    support = _("Kinds of support: {kinds}.", kinds=kinds) if seen.now.support else ""
    return joined([_("{two} met, {minutes} minutes.", two=_two(seen), minutes=seen.now.minutes), support])


@phrase("meeting.write_note")
def _note(seen: Seen) -> Message:
    note = quoted(seen.now.note)
    return {
        "yes": _("Their note, written together: {note}", note=note),
        "no": _("Their note, not written together: {note}", note=note),
        "offered_declined": _("Their note, written alone, by wish: {note}", note=note),
    }[seen.now.together]


@phrase("meeting.answer_note")
def _answer(seen: Seen) -> Message:
    answer = quoted(seen.now.answer)
    return _("{name} answers the note: {answer}", name=seen.name(seen.now.person), answer=answer)


# -- the plan --------------------------------------------------------------------------------------


@phrase("goal_plan.begin")
def _begin(seen: Seen) -> Message:
    strengths = joined([quoted(one) for one in seen.now.strengths], ", ")
    shown = _("Strengths: {words}.", words=strengths) if seen.now.strengths else ""
    begun = _("{name} begins a plan.", name=seen.name(seen.now.person))
    return joined([begun, _said(hopes=seen.now.hopes), shown])


@phrase("goal_plan.add_goal")
def _own_goal(seen: Seen) -> Message:
    name = seen.name(seen.now.person)
    return ended(_("A goal of {name}'s own: {goal}", name=name, goal=_new_goal(seen)))


@phrase("goal_plan.suggest")
def _suggest(seen: Seen) -> Message:
    suggested = ended(_("{actor} suggests: {goal}", actor=seen.actor, goal=_new_goal(seen)))
    person = seen.name(seen.now.person)
    return joined([suggested, _("It is nobody's goal until {name} adopts it.", name=person)])


@phrase("goal_plan.adopt", "goal_plan.achieve", "goal_plan.set_aside")
def _turned(seen: Seen) -> Message:
    state = {"adopt": "adopted", "achieve": "achieved", "set_aside": "aside"}[seen.act]
    before = {goal.id: goal.state for goal in getattr(seen.before, "goals", ())}
    goals = [g for g in seen.now.goals if g.state == state and before.get(g.id) not in {state, None}]
    return joined([_turned_to(seen.act, seen.name(seen.now.person), quoted(goal.words)) for goal in goals])


def _turned_to(act: str, name: Message, goal: Message) -> Message:
    return {
        "adopt": _("{name} adopts {goal}: now it is a goal.", name=name, goal=goal),
        "achieve": _("{name} says of {goal}: done.", name=name, goal=goal),
        "set_aside": _("{name} lets {goal} be.", name=name, goal=goal),
    }[act]


@phrase("goal_plan.change_goal")
def _change(seen: Seen) -> Message:
    said: list[Message] = []
    for goal, old in _changed(seen):
        words = quoted(goal.words)
        if goal.importance != old.importance:
            said.append(_("how much {goal} matters: {n} of 10", goal=words, n=goal.importance))
        elif goal.confidence != old.confidence:
            said.append(_("how sure it will work, {goal}: {n} of 10", goal=words, n=goal.confidence))
        elif goal.words != old.words:
            said.append(_("{old} in other words: {new}", old=quoted(old.words), new=words))
    name = seen.name(seen.now.person)
    return _("{name} says {what}.", name=name, what=listed(said)) if said else NOTHING


@phrase("goal_plan.add_step", "goal_plan.take_step")
def _step(seen: Seen) -> Message:
    name = seen.name(seen.now.person)
    for goal, old in _changed(seen):
        if len(goal.steps) > len(old.steps):
            step = quoted(goal.steps[-1].words)
            return ended(_("{name} plans a small step towards it: {step}", name=name, step=step))
        for step, was in zip(goal.steps, old.steps, strict=True):
            if step.done and not was.done:
                return ended(_("{name} has taken a step: {step}", name=name, step=quoted(step.words)))
    return NOTHING


@phrase("goal_plan.reword")
def _hopes(seen: Seen) -> Message:
    reworded = _("{name} puts it in other words.", name=seen.name(seen.now.person))
    return joined([reworded, _said(hopes=seen.now.hopes)])


def _new_goal(seen: Seen) -> Message:
    known = {goal.id for goal in getattr(seen.before, "goals", ())}
    return joined([quoted(goal.words) for goal in seen.now.goals if goal.id not in known])


def _changed(seen: Seen) -> list[tuple[Any, Any]]:
    old = {goal.id: goal for goal in getattr(seen.before, "goals", ())}
    return [(goal, old[goal.id]) for goal in seen.now.goals if goal.id in old and goal != old[goal.id]]


@phrase("progress.note")
def _progress(seen: Seen) -> Message:
    plan: Any = seen.feed.newest.get(seen.now.plan)
    goal = next((one.words for one in getattr(plan, "goals", ()) if one.id == seen.now.goal), "")
    return _(
        "{name} on {goal}: {words}",
        name=seen.name(seen.now.author),
        goal=quoted(goal),
        words=quoted(seen.now.words),
    )

# SPDX-License-Identifier: Apache-2.0
"""What an act says of itself, in the words of peer support. One function for each kind and act.

Every sentence is made of an envelope and of what its version held, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from peerkit.demo.feed import Feed
from peerkit.ports import Envelope


@attrs.frozen
class Seen:
    """One act in one version: what the phrase is made of."""

    feed: Feed
    envelope: Envelope
    act: str
    now: Any
    before: Any

    @property
    def actor(self) -> str:
        """Who recorded it."""
        return self.name(self.envelope.actor)

    def name(self, record_id: str) -> str:
        """What somebody or something is called."""
        return self.feed.name(record_id)

    def clock(self, moment: datetime) -> str:
        """An instant on the program's clock, with its day if that is another."""
        local, here = moment.astimezone(self.feed.zone), self.envelope.at.astimezone(self.feed.zone)
        shown = f"{local:%H:%M}"
        return shown if local.date() == here.date() else f"{day(local)}, {shown}"


Phrase = Callable[[Seen], str]
PHRASES: dict[str, Phrase] = {}


def phrase(*acts: str) -> Callable[[Phrase], Phrase]:
    """Registers a phrase for acts, each as `kind.act`."""

    def register(function: Phrase) -> Phrase:
        PHRASES.update(dict.fromkeys(acts, function))
        return function

    return register


def quoted(words: str) -> str:
    """Somebody's own words, as they are."""
    return f"“{words}”" if words else ""


def ended(text: str) -> str:
    """A sentence that ends; the words in it may have ended it already."""
    return text if text.rstrip("”").endswith((".", "?", "!", "…")) else f"{text}."


def listed(items: tuple[str, ...] | list[str]) -> str:
    """`a, b and c`, with a code's underscores as spaces."""
    words = [one.replace("_", " ") for one in items]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def day(moment: datetime) -> str:
    """`Friday 16 October`."""
    return f"{moment:%A} {moment.day} {moment:%B}"


def _said(**parts: str) -> str:
    return " ".join(
        f"{label.replace('_', ' ').capitalize()}: {quoted(words)}" for label, words in parts.items() if words
    )


# -- the program and its people --------------------------------------------------------------------


@phrase("program.found")
def _found(seen: Seen) -> str:
    path = ", then ".join(f"{step.role} ({step.minutes} min)" for step in seen.now.path)
    return (
        f"{seen.now.name} is founded. An alarm goes to the {path}, and round again until somebody has acted."
    )


@phrase("person.enrol")
def _enrol(seen: Seen) -> str:
    if seen.envelope.actor.startswith("system:"):
        return f"{seen.now.name} is enrolled."
    return f"{seen.actor} enrols {seen.now.name}."


@phrase("appointment.give")
def _appoint(seen: Seen) -> str:
    role = {"on-call": "on call", "privacy": "privacy contact"}.get(seen.now.role, seen.now.role)
    verb = "is" if role == "on call" else "becomes"
    return f"{seen.name(seen.now.person)} {verb} {role}."


@phrase("peer_supporter.welcome")
def _welcome(seen: Seen) -> str:
    lived = {
        "own": "own lived experience",
        "family": "experience as family",
        "both": "own and family experience",
    }
    supervised = f" {seen.name(seen.now.supervisor)} supervises." if seen.now.supervisor else ""
    name = seen.name(seen.now.person)
    return f"{name} takes on the role of peer supporter, from {lived[seen.now.experience]}.{supervised}"


# -- walking together ------------------------------------------------------------------------------


@phrase("relationship.enquire")
def _enquire(seen: Seen) -> str:
    return f"{seen.name(seen.now.person)} asks for support. {quoted(seen.now.hopes)}".rstrip()


@phrase("relationship.propose")
def _propose(seen: Seen) -> str:
    reasons = f", because: {listed(seen.now.reasons)}" if seen.now.reasons else ""
    who = seen.name(seen.now.supporter)
    return f"{seen.actor} proposes {who} to {seen.name(seen.now.person)}{reasons}. Either may say no."


@phrase("relationship.take_on", "relationship.agree")
def _yes(seen: Seen) -> str:
    side = seen.now.supporter if seen.act == "take_on" else seen.now.person
    before = seen.before
    names = ("helps", "does_not_help", "boundaries", "rhythm")
    new = {name: _added(getattr(before, name, ""), getattr(seen.now, name)) for name in names}
    both = " Now it is agreed, by both." if seen.now.state == "agreed" else ""
    return f"{seen.name(side)} says yes. {_said(**new)}{both}".replace("  ", " ").rstrip()


def _added(before: str, now: str) -> str:
    return now.removeprefix(before).strip() if before else now


@phrase("relationship.reword")
def _reword(seen: Seen) -> str:
    changed = {
        name: getattr(seen.now, name)
        for name in ("helps", "does_not_help")
        if getattr(seen.now, name) != getattr(seen.before, name, "")
    }
    return f"{seen.actor} puts the agreement in other words. {_said(**changed)}"


@phrase("relationship.decline", "relationship.pause", "relationship.resume", "relationship.end")
def _turn(seen: Seen) -> str:
    words = {
        "decline": "says no to the match. No reason is asked.",
        "pause": "takes a rest from it.",
        "resume": "goes on with it.",
        "end": "ends it. No reason is asked, and the door stays open.",
    }
    return f"{seen.actor} {words[seen.act]}"


@phrase("meeting.plan")
def _plan(seen: Seen) -> str:
    local = datetime.fromisoformat(seen.now.local).replace(tzinfo=ZoneInfo(seen.now.timezone))
    two = f"{seen.name(seen.now.supporter)} and {seen.name(seen.now.person)}"
    place = f", {seen.now.place}" if seen.now.place else ""
    return f"{two} agree to meet on {day(local)} at {local:%H:%M}{place}."


@phrase("meeting.hold")
def _hold(seen: Seen) -> str:
    support = f" Kinds of support: {listed(seen.now.support)}." if seen.now.support else ""
    two = f"{seen.name(seen.now.supporter)} and {seen.name(seen.now.person)}"
    return f"{two} met, {seen.now.minutes} minutes.{support}"


@phrase("meeting.write_note")
def _note(seen: Seen) -> str:
    how = {
        "yes": "written together",
        "no": "not written together",
        "offered_declined": "written alone, by wish",
    }
    return f"Their note, {how[seen.now.together]}: {quoted(seen.now.note)}"


@phrase("meeting.answer_note")
def _answer(seen: Seen) -> str:
    return f"{seen.name(seen.now.person)} answers the note: {quoted(seen.now.answer)}"


# -- the plan --------------------------------------------------------------------------------------


@phrase("goal_plan.begin")
def _begin(seen: Seen) -> str:
    strengths = (
        f" Strengths: {', '.join(quoted(one) for one in seen.now.strengths)}." if seen.now.strengths else ""
    )
    return f"{seen.name(seen.now.person)} begins a plan. {_said(hopes=seen.now.hopes)}{strengths}"


@phrase("goal_plan.add_goal")
def _own_goal(seen: Seen) -> str:
    return ended(f"A goal of {seen.name(seen.now.person)}'s own: {_new_goal(seen)}")


@phrase("goal_plan.suggest")
def _suggest(seen: Seen) -> str:
    person = seen.name(seen.now.person)
    return (
        f"{ended(f'{seen.actor} suggests: {_new_goal(seen)}')} It is nobody's goal until {person} adopts it."
    )


@phrase("goal_plan.adopt", "goal_plan.achieve", "goal_plan.set_aside")
def _turned(seen: Seen) -> str:
    state = {"adopt": "adopted", "achieve": "achieved", "set_aside": "aside"}[seen.act]
    words = {
        "adopt": "adopts {goal}: now it is a goal.",
        "achieve": "says of {goal}: done.",
        "set_aside": "lets {goal} be.",
    }
    before = {goal.id: goal.state for goal in getattr(seen.before, "goals", ())}
    goals = [g for g in seen.now.goals if g.state == state and before.get(g.id) not in {state, None}]
    return " ".join(
        f"{seen.name(seen.now.person)} {words[seen.act].format(goal=quoted(goal.words))}" for goal in goals
    )


@phrase("goal_plan.change_goal")
def _change(seen: Seen) -> str:
    said = []
    for goal, old in _changed(seen):
        if goal.importance != old.importance:
            said.append(f"how much {quoted(goal.words)} matters: {goal.importance} of 10")
        elif goal.confidence != old.confidence:
            said.append(f"how sure it will work, {quoted(goal.words)}: {goal.confidence} of 10")
        elif goal.words != old.words:
            said.append(f"{quoted(old.words)} in other words: {quoted(goal.words)}")
    return f"{seen.name(seen.now.person)} says {listed(said)}." if said else ""


@phrase("goal_plan.add_step", "goal_plan.take_step")
def _step(seen: Seen) -> str:
    name = seen.name(seen.now.person)
    for goal, old in _changed(seen):
        if len(goal.steps) > len(old.steps):
            return ended(f"{name} plans a small step towards it: {quoted(goal.steps[-1].words)}")
        for step, was in zip(goal.steps, old.steps, strict=True):
            if step.done and not was.done:
                return ended(f"{name} has taken a step: {quoted(step.words)}")
    return ""


@phrase("goal_plan.reword")
def _hopes(seen: Seen) -> str:
    return f"{seen.name(seen.now.person)} puts it in other words. {_said(hopes=seen.now.hopes)}"


def _new_goal(seen: Seen) -> str:
    known = {goal.id for goal in getattr(seen.before, "goals", ())}
    return " ".join(quoted(goal.words) for goal in seen.now.goals if goal.id not in known)


def _changed(seen: Seen) -> list[tuple[Any, Any]]:
    old = {goal.id: goal for goal in getattr(seen.before, "goals", ())}
    return [(goal, old[goal.id]) for goal in seen.now.goals if goal.id in old and goal != old[goal.id]]


@phrase("progress.note")
def _progress(seen: Seen) -> str:
    plan: Any = seen.feed.newest.get(seen.now.plan)
    goal = next((one.words for one in getattr(plan, "goals", ()) if one.id == seen.now.goal), "")
    return f"{seen.name(seen.now.author)} on {quoted(goal)}: {quoted(seen.now.words)}"

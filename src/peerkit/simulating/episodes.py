# SPDX-License-Identifier: Apache-2.0
"""What happens between two people who walk together, beside and around that: each a short history of its own.

Every function takes the world, the pair, and one way of its table in `tables.WAYS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from peerkit.model.meeting import SUPPORT, Meeting
from peerkit.model.outcomes import Feedback, Measure
from peerkit.model.people import Person
from peerkit.model.plan import GoalPlan, Progress
from peerkit.model.relationship import Relationship
from peerkit.model.reply import Reply
from peerkit.model.review import FollowUp, Review
from peerkit.model.route import Wall
from peerkit.model.signing import Signature
from peerkit.model.work import Task
from peerkit.simulating import safety, sharing, training, words
from peerkit.simulating.walking import Pair
from peerkit.simulating.world import ZONE, Life, World, days, hours, spoken


def meeting(w: World, pair: Pair, way: str) -> Life:
    """They agree on a time, and meet, or not."""
    dice = w.dice
    if way == "entered":
        yield hours(1)
        now, me = w.clock.local.replace(minute=0, second=0), pair.supporter
        w.save(me, Meeting.enter(person=pair.person, supporter=me, local=now, timezone=ZONE, minutes=40))
        return
    local = (w.clock.local + timedelta(days=dice.whole(1, 3))).replace(
        hour=dice.whole(10, 19), minute=0, second=0
    )
    made = w.save(
        pair.supporter,
        Meeting.plan(
            person=pair.person,
            supporter=pair.supporter,
            local=local,
            timezone=ZONE,
            place=dice.pick(words.PLACES),
        ),
    )
    yield hours(20)
    if way in {"cancelled", "fell_through"}:
        gone = made.cancel() if way == "cancelled" else made.fall_through()
        w.save(pair.person, gone)
        return
    if way == "moved":
        local += timedelta(days=1)
        made = w.save(pair.person, made.move(local))
    yield days(max(0.1, (local - w.clock.local) / days(1)) + 0.05)
    support = tuple(dict.fromkeys((dice.pick(SUPPORT), dice.pick(SUPPORT))))
    present = ("interpreter",) if dice.happens(0.05) else ()
    held = made.hold(support=support, present=present, minutes=dice.pick((30, 45, 60, 90)))
    if way in {"noted", "noted_together", "answered"}:
        together = {"noted": "offered_declined", "noted_together": "yes", "answered": "no"}[way]
        held = held.write_note(dice.pick(words.NOTES), together=together)
    held = w.save(pair.supporter, held)
    if way == "no_note":
        w.save(pair.supporter, held.no_note())
    if way == "answered":
        yield hours(3)
        w.save(pair.person, held.answer_note(dice.pick(words.ANSWERS)))


def plan_of(w: World, pair: Pair) -> GoalPlan:
    """The person's plan, with at least one adopted goal; they begin one if there is none."""
    held = [
        one for one in w.kit._heads_of("goal_plan", about=("person", pair.person)) if one.kind == "goal_plan"
    ]
    plan: GoalPlan
    if held:
        plan = held[-1]
    else:
        plan = GoalPlan.begin(
            person=pair.person, hopes=w.dice.pick(words.HOPES), strengths=(w.dice.pick(words.STRENGTHS),)
        )
    if not any(goal.state == "adopted" for goal in plan.goals):
        plan = w.save(pair.person, _with_a_goal(w, plan))
    return plan


def _with_a_goal(w: World, plan: GoalPlan) -> GoalPlan:
    return plan.add_goal(
        w.dice.pick(words.GOALS),
        why=w.dice.pick(words.WHY),
        area=w.dice.pick(("home", "people", "food", "learning", "")),
        importance=w.dice.pick((None, 5, 8, 10)),
        confidence=w.dice.pick((None, 3, 6, 9)),
    )


def plan(w: World, pair: Pair, way: str) -> Life:
    """Something about the person's goals."""
    held = plan_of(w, pair)
    goal = next(one for one in reversed(held.goals) if one.state == "adopted").id
    yield hours(1)
    me, other = pair.person, pair.supporter
    if way == "own_goal":
        held = w.save(me, held.reword(hopes=w.dice.pick(words.HOPES)))
        held = w.save(me, held.change_goal(goal, importance=9))
        w.save(other, Progress.note(plan=held, goal=goal, words=w.dice.pick(words.PROGRESS), author=other))
    elif way in {"suggested", "adopted"}:
        held = w.save(other, held.suggest(w.dice.pick(words.GOALS), author=other))
        yield days(2)
        if way == "adopted":
            w.save(me, w.head(GoalPlan, held.id).adopt(held.goals[-1].id))
    elif way == "step":
        held = w.save(me, held.add_step(goal, w.dice.pick(words.STEPS)))
        yield days(3)
        held = w.head(GoalPlan, held.id)
        step = held.goal(goal).steps[-1].id
        w.save(other, held.take_step(goal, step, by=spoken(me)))
        w.save(me, Progress.note(plan=held, goal=goal, words=w.dice.pick(words.PROGRESS), author=me))
    elif way == "set_aside":
        w.save(me, held.set_aside(goal))
    elif way == "achieved":
        w.save(me, held.achieve(goal))
    elif way == "scaled":
        held = w.save(me, held.write_scale(goal, words.SCALE, baseline=-1))
        yield days(2)
        level = w.dice.whole(-2, 2)
        w.save(me, Progress.place(plan=held, goal=goal, level=level, words=w.dice.pick(words.PROGRESS)))
    else:
        w.save(me, held.decline_scaling(goal))


def review(w: World, pair: Pair, way: str) -> Life:
    """They look back together on a day, or would rather not."""
    held = plan_of(w, pair)
    on = w.today + timedelta(days=6)
    made = w.save(pair.person, Review.plan(held, on=on, every=30 if way == "declined" else 0))
    yield days(2)
    if way == "moved":
        made = w.save(pair.person, made.move(on + timedelta(days=2)))
    if way == "stopped":
        w.save(pair.person, made.stop())
        return
    yield days(8)
    made = w.head(Review, made.id)
    w.save(pair.person, made.decline() if way == "declined" else made.hold())


def signing(w: World, pair: Pair, way: str) -> Life:
    """The two sign what stands."""
    if way == "plan":
        held = plan_of(w, pair)
        what: GoalPlan | Relationship = w.head(GoalPlan, held.id)
    else:
        what = w.head(Relationship, pair.relation)
    yield hours(1)
    w.save(pair.person, Signature.sign(what, signer=pair.person, signed_as="person"))
    w.save(pair.supporter, Signature.sign(what, signer=pair.supporter, signed_as="supporter"))


def measure(w: World, pair: Pair, way: str) -> Life:
    """Somebody asks with a questionnaire, or does not, and the person fills it in, or does not."""
    me, what = pair.person, "example-wellbeing"
    yield hours(1)
    if way == "taken":
        w.save(me, Measure.take(person=me, instrument=what, round="baseline", score=w.dice.whole(5, 25)))
        yield days(20)
        w.save(me, Measure.take(person=me, instrument=what, round="follow-up", score=w.dice.whole(5, 25)))
    elif way == "declined":
        w.save(me, Measure.decline(person=me, instrument=what, round="baseline"))
    else:
        w.save(pair.supporter, Measure.not_ask(person=me, instrument=what, round="baseline"))


def reply(w: World, pair: Pair, way: str) -> Life:
    """The person answers what stands about them."""
    written = w.head(Relationship, pair.relation)
    yield days(1)
    who, by = (pair.supporter, spoken(pair.person)) if way == "spoken" else (pair.person, None)
    made = w.save(who, Reply.give(written, person=pair.person, words=w.dice.pick(words.REPLIES), by=by))
    if way == "taken_back":
        yield days(2)
        w.save(pair.person, made.take_back())


def feedback(w: World, pair: Pair, way: str) -> Life:
    """What the person says of the support they had."""
    if way == "declined":
        w.save(pair.person, Feedback.decline(person=pair.person))
        return
    about = pair.supporter if w.dice.happens(0.5) or way == "shared" else None
    made = w.save(
        pair.person, Feedback.give(person=pair.person, words=w.dice.pick(words.FEEDBACK), about=about)
    )
    yield days(1)
    if way == "not_quoted":
        w.save(pair.person, made.refuse_quotes())
    elif way in {"quoted", "quoting_stopped"}:
        made = w.save(pair.person, made.let_quote("somebody in the program"))
        if way == "quoting_stopped":
            yield days(9)
            w.save(pair.person, made.stop_quoting())
    elif way == "shared":
        made = w.save(pair.person, made.share(pair.supporter))
        yield days(9)
        w.save(pair.person, made.unshare(pair.supporter))


def follow_up(w: World, pair: Pair, way: str) -> Life:
    """The person lets themselves be asked again in three months, and may think otherwise of it."""
    made = w.save(pair.person, FollowUp.agree(person=pair.person, on=w.today + timedelta(days=93)))
    yield days(10)
    if way == "withdrawn":
        w.save(pair.person, w.head(FollowUp, made.id).withdraw())
        return
    w.begin(w.tried(_asked_again(w, made.id, pair.person, way), "follow_up", way), days(85), name="follow_up")


def _asked_again(w: World, id_: str, me: str, way: str) -> Life:
    made = w.head(FollowUp, id_)
    if way == "declined":
        w.save(me, made.decline())
    else:
        w.save(w.cast.coordinator, made.ask())
    yield days(0)


def rest(w: World, pair: Pair, way: str) -> Life:
    """They rest for a while."""
    held = w.head(Relationship, pair.relation)
    until = w.today + timedelta(days=10) if way == "until_a_day" else None
    w.save(pair.person, held.pause(until=until))
    yield days(12)
    held = w.head(Relationship, pair.relation)
    if held.state == "paused":
        w.save(pair.person, held.resume())


def agreement(w: World, pair: Pair, way: str) -> Life:
    """They put the agreement otherwise, or say what they learned; or the person is reached otherwise."""
    yield hours(1)
    if way == "reworded":
        held = w.head(Relationship, pair.relation)
        w.save(pair.person, held.reword(helps=w.dice.pick(words.HELPS)))
    elif way == "learned":
        who = pair.person if w.dice.happens(0.5) else pair.supporter
        w.save(who, w.head(Relationship, pair.relation).learn(w.dice.pick(words.LEARNED)))
    else:
        w.save(pair.person, w.head(Person, pair.person).update(hours="sat 10:00-16:00", not_by=("mail",)))


def reading(w: World, pair: Pair, way: str) -> Life:
    """Somebody reads about the person, which is written down unless it is they themselves."""
    who = {"own": pair.person, "supporter": pair.supporter}.get(way, w.cast.coordinator)
    yield hours(1)
    with w.session(who) as s:
        s.get(Person, pair.person)
        s.find(Relationship, person=pair.person)
        if who != w.cast.coordinator:
            s.find(Meeting, person=pair.person, limit=10)
            s.find(GoalPlan, person=pair.person)


def glass(w: World, pair: Pair, way: str) -> Life:
    """Somebody opens the person's record without their word, since it could not wait."""
    reader = next((one for one in w.cast.supporters if one != pair.supporter), w.cast.on_call)
    w.clock.go(w.dice.minutes(1, 3))
    made = w.kit.break_glass(pair.person, reason="They stand at the door, and nobody answers.", actor=reader)
    with w.session(reader) as s:
        s.get(Person, pair.person)
        s.find(Meeting, person=pair.person, limit=5)
    w.save(reader, w.head(type(made), made.id).close())
    yield hours(5)
    made = w.head(type(made), made.id)
    if way == "told_later":
        later = w.clock.now() + days(4)  # somebody is a day late: meanwhile the person is shown it
        made = w.save(w.cast.coordinator, made.tell_later(reason="endangers_person", tell_by=later))
        yield days(5)
        made = w.head(type(made), made.id)
    made = w.save(w.cast.coordinator, made.tell())
    finding = "not_sound" if way == "not_sound" else "sound"
    w.save(w.cast.coordinator, made.review(reviewer=w.cast.coordinator, finding=finding))


def wall(w: World, pair: Pair, way: str) -> Life:
    """The person and another human keep apart."""
    others = [one for one in w.cast.supporters if one != pair.supporter]
    if not others:
        return
    made = w.save(
        pair.person,
        Wall.put_up(person=pair.person, human=w.dice.pick(others), because="friend", note="A cousin."),
    )
    yield days(12)
    if way == "taken_down":
        w.save(pair.person, made.take_down())


def double(w: World, pair: Pair, way: str) -> Life:
    """Somebody writes the person down a second time; the two records are joined, and parted where that was
    wrong."""
    name = w.head(Person, pair.person).name
    away = w.save(w.cast.coordinator, Person.enrol(name=name, watched=way == "joined", not_by=("sms",)))
    yield days(2)
    w.save(w.cast.coordinator, Relationship.enquire(person=away, by=spoken(away.id)))
    yield days(3)
    w.clock.go(w.dice.minutes(1, 3))
    joined = w.kit.merge(pair.person, away, reason="One number, one birthday.", actor=w.cast.coordinator)
    yield days(3)
    if way == "parted":
        w.kit.split(joined.merge, reason="They are sisters.", actor=w.cast.coordinator)
        yield days(1)
    for one in w.kit._heads_of("relationship", about=("person", pair.person if way == "joined" else away.id)):
        if one.id != pair.relation and one.state == "enquiry":
            w.save(w.cast.coordinator, one.end())


def erasing(w: World, pair: Pair, way: str) -> Life:
    """What the person said, or what was written of a meeting, is removed for ever, at their wish."""
    held = w.kit._heads_of("meeting", about=("person", pair.person), state="held") if way == "meeting" else []
    if not held:
        held = [w.save(pair.person, Feedback.give(person=pair.person, words=w.dice.pick(words.FEEDBACK)))]
    yield days(1)
    if held:
        w.clock.go(w.dice.minutes(1, 3))
        w.kit.erase(held[0].id, basis="wish", asked_by=pair.person, decided_by=w.cast.privacy)


def refused(w: World, pair: Pair, way: str) -> Life:
    """Somebody tries what is not theirs, and is refused."""
    import attrs

    held = plan_of(w, pair)
    yield hours(1)
    if way == "adopting_for_them":
        held = w.save(pair.supporter, held.suggest(w.dice.pick(words.GOALS), author=pair.supporter))
        w.refused(pair.supporter, lambda s: s.save(held.adopt(held.goals[-1].id)))
    elif way == "no_act":
        w.refused(pair.supporter, lambda s: s.save(attrs.evolve(held, hopes="To get back to work.")))
    else:
        sharing.send_without_consent(w, pair)


def task(w: World, pair: Pair, way: str) -> Life:
    """Something is due from somebody."""
    due = w.clock.now() + days(2)
    made = w.save(
        pair.supporter, Task.give(owner=pair.supporter, what="how-to-go-on", due=due, person=pair.person)
    )
    yield days(1)
    made = w.head(Task, made.id)
    if made.state != "open":
        return
    if way == "done":
        w.save(pair.supporter, made.done())
    elif way == "dropped":
        w.save(pair.supporter, made.drop())
    else:
        w.save(pair.supporter, made.hand_to(w.cast.coordinator))


EPISODES: Mapping[str, Callable[[World, Pair, str], Life]] = {
    "plan": plan,
    "safety_plan": safety.plan,
    "review": review,
    "signing": signing,
    "measure": measure,
    "feedback": feedback,
    "reply": reply,
    "follow_up": follow_up,
    "referral": sharing.referral,
    "sharing": sharing.sharing,
    "notice": sharing.notice,
    "screen": safety.screen,
    "concern": safety.concern,
    "duty": safety.duty,
    "rest": rest,
    "agreement": agreement,
    "reading": reading,
    "glass": glass,
    "wall": wall,
    "authority": sharing.authority,
    "double": double,
    "erasing": erasing,
    "refused": refused,
    "task": task,
    "training": training.training,
    "group": training.group,
    "interaction": training.interaction,
    "reflection": training.reflection,
}
"""What each of `tables.EPISODES` is."""

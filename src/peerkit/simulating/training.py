# SPDX-License-Identifier: Apache-2.0
"""What supporters learn and do beside walking with somebody: courses, hours, credentials, roles, groups."""

from __future__ import annotations

from datetime import timedelta

from peerkit.model.activity import Activity, Interaction, Reflection, SignUp
from peerkit.model.credential import Credential
from peerkit.model.people import PeerRole, Person
from peerkit.model.program import Program
from peerkit.model.training import Attendance, Course, Practicum
from peerkit.simulating import words
from peerkit.simulating.walking import Pair
from peerkit.simulating.world import ZONE, Life, World, days, hours, spoken
from peerkit.training import letters


def training(w: World, pair: Pair, way: str) -> Life:
    """Something that the pair's supporter learns, completes or takes on."""
    me, first, today = pair.supporter, w.cast.coordinator, w.today
    yield hours(1)
    if way == "course":
        yield from _course(w, me)
    elif way in {"hours", "hours_questioned", "letter"}:
        entry = w.save(me, Practicum.log(person=me, mentor=first, day=today, minutes=w.dice.whole(30, 180)))
        yield days(2)
        if way == "hours_questioned":
            entry = w.save(first, entry.question("Which day was that?"))
            w.save(me, entry.strike())
            return
        entry = w.save(first, entry.confirm())
        if way == "letter":
            yield days(1)
            _letter(w, me, w.head(Practicum, entry.id))
    elif way in {"role", "role_ended"}:
        what = w.dice.pick(("mentor", "facilitator", "trainer", "advisor", "researcher"))
        role = w.save(first, PeerRole.take_on(me, what, by=spoken(me)))
        yield days(25)
        w.save(me, role.lay_down()) if way == "role" else w.save(first, role.end())
    else:
        yield from _credential(w, me, way)


def _course(w: World, me: str) -> Life:
    first = w.cast.coordinator
    title = w.dice.body("Peer Support Course")
    course = w.save(first, Course.offer(title=title, delivered_by=("peers",), peer_delivered=True))
    course = w.save(first, course.revise(peer_developed=True))
    kept: list[Attendance] = []
    for session, said in enumerate((Attendance.attend, Attendance.excuse, Attendance.miss), start=1):
        yield days(4)
        kept.append(w.save(first, said(person=me, course=course, session=session, day=w.today)))
    yield days(2)
    w.save(first, kept[-1].strike())
    w.save(first, Attendance.make_up(person=me, course=course, session=2, day=w.today))
    yield days(2)
    w.save(first, course.close())


def _letter(w: World, me: str, entry: Practicum) -> None:
    program = w.head(Program, w.kit.program.id)
    content = letters.letter(w.head(Person, me), [entry], program=program, on=w.today)
    made = w.save(w.cast.coordinator, letters.issue(content))
    w.save(w.cast.coordinator, made.void())


def _credential(w: World, me: str, way: str) -> Life:
    first, today = w.cast.coordinator, w.today
    if way == "check":
        until = today + timedelta(days=300)
        done = Credential.check_done(
            person=me, what="vulnerable-sector-check", done_by="made up", on=today, until=until
        )
        w.save(first, done)
        return
    until = today + timedelta(days=8)
    held = Credential.issue(
        person=me, what="core-essentials", issued_by="made up", since=today - timedelta(days=300), until=until
    )
    held = w.save(first, held)
    yield days(10)  # it runs low, and out
    held = w.head(Credential, held.id)
    held = w.save(first, held.renew(today + timedelta(days=400)))
    if way == "suspended":
        held = w.save(first, held.suspend())
        yield days(4)
        w.save(first, held.reinstate())
    elif way == "withdrawn":
        w.save(first, held.withdraw())


def group(w: World, pair: Pair, way: str) -> Life:
    """A group or drop-in that the pair's supporter leads, and the person would like to come to."""
    me, local = pair.supporter, w.clock.local.replace(minute=0, second=0) + timedelta(days=5)
    about = w.dice.pick(("A walk together", "Soup on Thursdays", "Drawing, nothing to show"))
    if way == "entered":
        yield hours(1)
        now = w.clock.local.replace(minute=0, second=0)
        entered = Activity.enter(
            title=about, format="drop_in", facilitators=(me,), local=now, timezone=ZONE, headcount=7
        )
        w.save(me, entered)
        return
    planned = Activity.plan(
        title=about, format="arts_culture", facilitators=(me,), local=local, timezone=ZONE, sign_up=True
    )
    made = w.save(me, planned)
    yield days(1)
    coming = w.save(pair.person, SignUp.sign_up(made, person=pair.person))
    if way == "moved":
        made = w.save(me, made.move(local + timedelta(days=1)))
        made = w.save(me, made.change(place=w.dice.pick(words.PLACES)))
    yield days(1)
    if way == "cancelled":
        w.save(pair.person, coming.withdraw())
        w.save(me, w.head(Activity, made.id).cancel())
        return
    yield days(5)
    made = w.head(Activity, made.id)
    w.save(me, made.fall_through() if way == "fell_through" else made.hold(headcount=w.dice.whole(2, 15)))


def interaction(w: World, pair: Pair, way: str) -> Life:
    """Somebody calls or writes in between; who it was is written down, or not."""
    local = w.clock.local.replace(second=0)
    yield hours(1)
    made = Interaction.note(
        supporter=pair.supporter,
        channel=w.dice.pick(("call", "text", "in_passing")),
        local=local,
        timezone=ZONE,
        person=pair.person if way == "named" else None,
        minutes=w.dice.pick((0, 5, 20)),
    )
    made = w.save(pair.supporter, made)
    if way == "struck":
        w.save(pair.supporter, made.strike())


def reflection(w: World, pair: Pair, way: str) -> Life:
    """The supporter's own words, for themselves."""
    made = w.save(pair.supporter, Reflection.write(author=pair.supporter, words="I talk too soon."))
    yield days(1)
    if way == "reworded":
        w.save(pair.supporter, made.reword("I talk too soon, and less than I did."))

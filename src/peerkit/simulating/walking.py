# SPDX-License-Identifier: Apache-2.0
"""A person's life with the program: they come, wait, are matched, walk with somebody for a while, and go."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import TypeAlias

import attrs

from peerkit.codes import AGE_BANDS
from peerkit.errors import Refused
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.relationship import Relationship
from peerkit.model.route import Leave
from peerkit.simulating import tables, words
from peerkit.simulating.world import Life, World, days, hours, spoken


@attrs.define
class Pair:
    """Who walks together: a person, a supporter, and their relationship, by their ids."""

    person: str
    supporter: str
    relation: str


_Agreeing: TypeAlias = Generator[timedelta, None, Pair]
_Finding: TypeAlias = Generator[timedelta, None, str]


def come(w: World) -> str:
    """Somebody comes: a coordinator writes down their name, and little else."""
    dice = w.dice
    languages = dice.pick((("en",), ("en",), ("fr",), ("en", "fr"), ("uk",), ()))
    return w.save(
        w.cast.coordinator,
        Person.enrol(
            name=dice.person(),
            pronouns=dice.pick(("", "she/her", "he/him", "they/them", "elle")),
            age_band=dice.pick((None, *AGE_BANDS)),
            languages=languages,
            reach=("phone:555-0199",) if dice.happens(0.7) else (),
            hours=dice.pick(("", "mon-fri 10:00-20:00")),
            watched=dice.happens(0.05),
            access_needs=dice.pick(("", "", "large print", "no stairs")),
        ),
    ).id


def person(w: World, *, weeks: int | None = None, ending: str = "") -> Life:
    """Somebody's whole life with the program."""
    me = come(w)
    yield hours(w.dice.between(1, 48))
    way = w.deal("enquiries", tables.ENQUIRIES)
    ending = ending or w.deal("endings", tables.ENDINGS, takes=days(250))
    long = weeks or _weeks(w)
    pair = yield from agree(w, me, way)
    yield from walk(w, pair, long, kept=ending != "erased")
    if ending != "stays":
        yield from w.tried(end(w, pair, ending), "endings", ending)


def _weeks(w: World) -> int:
    least, most = tables.WEEKS_TOGETHER
    return w.dice.whole(least, max(least, min(most, int(w.left() / timedelta(weeks=1) * 0.5))))


def agree(w: World, me: str, way: str = "agreed", *, follows: str = "", beside: str = "") -> _Agreeing:
    """From the enquiry to the agreement, with `beside` if they are free."""
    dice, coordinator = w.dice, w.cast.coordinator
    asked = w.save(
        me,
        Relationship.enquire(
            person=me,
            hopes=dice.pick(words.HOPES),
            seeking_as="family" if way == "family" else "self",
            way=dice.pick(("one_to_one", "either")),
            interests=(dice.pick(words.GOALS),),
            follows=follows or None,
        ),
    )
    yield days(dice.between(0.5, 5))
    if way == "wish_first":
        asked = w.save(me, asked.wish(wishes="Somebody older than me, if there is anybody."))
        yield days(1)
    if way in {"person_declines", "supporter_declines"}:
        first = yield from _free(w, asked)
        asked = w.save(coordinator, asked.propose(first, reasons=(dice.pick(words.REASONS),)))
        yield days(1)
        asked = w.save(me if way == "person_declines" else first, asked.decline())
        yield days(dice.between(1, 4))
    supporter = yield from _free(w, asked, beside)
    reasons = tuple(dict.fromkeys((dice.pick(words.REASONS), dice.pick(words.REASONS))))
    cover = next((one for one in w.cast.supporters if one not in {supporter, me}), None)
    asked = w.save(coordinator, asked.propose(supporter, reasons=reasons, cover=cover))
    yield hours(dice.between(2, 30))
    yes = asked.take_on(
        part="Somebody who walks along; no counsellor.",
        helps=dice.pick(words.HELPS),
        boundaries=dice.pick(words.BOUNDARIES),
        limits="What is said stays here, unless somebody might not be there tomorrow.",
        rhythm=dice.pick(words.RHYTHM),
    )
    asked = w.save(supporter, yes)
    yield hours(dice.between(2, 30))
    yes = asked.agree(
        helps=dice.pick(words.HELPS), does_not_help=dice.pick(words.HINDERS), policy="simulated"
    )
    asked = w.save(me, yes)
    return Pair(me, supporter, asked.id)


def _free(w: World, asked: Relationship, first: str = "") -> _Finding:
    """A supporter with room, who was not declined before and whom no wall keeps apart; somebody waits until
    there is one."""
    while True:
        walls = w.kit._heads_of("wall", about=("person", asked.person), state="standing")
        apart = {*asked.declined_with, asked.person, *(wall.human for wall in walls)}
        several = [one for one in w.cast.supporters if one not in apart]
        picked = [w.dice.pick(several) for _ in range(3 if several else 0)]
        for one in (first, *picked, *several):
            if one in several and _room(w, one):
                return one
        yield days(7)


def _room(w: World, supporter: str) -> bool:
    held = [
        one
        for one in w.kit._heads_of("relationship", about=("supporter", supporter))
        if one.state in {"proposed", "agreed", "paused"}
    ]
    return len(held) < tables.SUPPORTERS_FOR


def walk(w: World, pair: Pair, weeks: int, *, kept: bool = True) -> Life:
    """Week after week: they meet, and whatever else there is; and if the supporter goes, with somebody else.

    What is not `kept`, since the person is erased in the end, counts for no way that is owed.
    """
    from peerkit.simulating.episodes import EPISODES, meeting

    for _ in range(weeks):
        yield days(w.dice.between(5, 9))
        now = w.head(Person, pair.person)
        if now.state != "here":
            return
        if not w.head(Relationship, pair.relation).walking:
            again = yield from agree(w, pair.person, follows=pair.relation)
            pair.supporter, pair.relation = again.supporter, again.relation
        if w.dice.happens(tables.MEETS):
            way = w.deal("meetings", tables.MEETINGS) if kept else w.dice.draw(tables.MEETINGS)
            yield from w.tried(meeting(w, pair, way), "meetings", way)
        if w.dice.happens(tables.HAPPENS):
            name = w.dice.draw(tables.EPISODES)
            table, takes = tables.WAYS[name], days(tables.TAKES.get(name, 30))
            way = w.deal(name, table, takes=takes) if kept else w.dice.draw(table)
            yield from w.tried(EPISODES[name](w, pair, way), name, way)


def everything(w: World) -> Life:
    """Somebody with whom all that has not come to pass with anybody yet does, so that every way is there."""
    me = come(w)
    yield hours(5)
    pair = yield from agree(w, me, beside=w.cast.supporters[0])
    for after in (0, 45, 75):  # what could not be comes again
        w.begin(_owed(w, pair), days(after), name="owed")
    yield from walk(w, pair, 1000)


def _owed(w: World, pair: Pair) -> Life:
    """Everything that is owed begins, a little apart."""
    for way in w.dice.owed("endings", tables.ENDINGS):
        w.begin(person(w, weeks=1, ending=way), name="person")
    for way in w.dice.owed("enquiries", tables.ENQUIRIES):
        w.begin(w.tried(_asking(w, way), "enquiries", way), name="person")
    for way in w.dice.owed("supporter_endings", tables.SUPPORTER_ENDINGS):
        w.begin(supporter(w, years=0.1, ending=way), name="supporter")
    for way in w.dice.owed("supporter", tables.SUPPORTER_EVENTS):
        w.begin(w.tried(_quarter(w, pair.supporter, way), "supporter", way), name="supporter")
        yield days(25)
    for name in tables.WAYS:
        w.begin(_one_by_one(w, pair, name), name=name)
        yield hours(7)
    w.begin(_one_by_one(w, pair, "meetings"), name="meetings")


def _one_by_one(w: World, pair: Pair, name: str) -> Life:
    """All owed ways of one table, one after the other."""
    from peerkit.simulating.episodes import EPISODES, meeting

    table = tables.MEETINGS if name == "meetings" else tables.WAYS[name]
    episode = meeting if name == "meetings" else EPISODES[name]
    for way in w.dice.owed(name, table):
        yield from w.tried(episode(w, pair, way), name, way)
        yield hours(5)


def _asking(w: World, way: str) -> Life:
    """Somebody comes, and asks in this way."""
    me = come(w)
    yield hours(3)
    yield from agree(w, me, way)


def end(w: World, pair: Pair, way: str) -> Life:
    """They part, or the person goes."""
    yield days(w.dice.between(1, 7))
    if w.head(Person, pair.person).state != "here":
        w.dice.again("endings", way)
        return
    if way in {"died", "not_died", "left", "erased", "came_back"}:
        yield from _gone(w, pair, way)
        return
    held = w.head(Relationship, pair.relation)
    if not held.walking:
        w.dice.again("endings", way)
        return
    if way == "handed_over":
        yield from hand_over(w, pair)
        held = w.head(Relationship, pair.relation)
        way = "moved_on"
    if way == "goals_met":
        on = w.today + timedelta(days=14)
        held = w.save(
            pair.supporter, held.plan_ending(on, goodbye="Tea at the lake.", by=spoken(pair.person))
        )
        yield days(15)
        held = w.head(Relationship, pair.relation)
    who = {"moved_away": pair.supporter, "lost_touch": w.cast.coordinator}.get(way, pair.person)
    w.save(who, held.end(ending=way))


def _gone(w: World, pair: Pair, way: str) -> Life:
    """The person dies, or says that they are done; some come back."""
    if way in {"died", "not_died"}:
        w.save(w.cast.coordinator, w.head(Person, pair.person).mark_died())
        if way == "not_died":  # it was somebody of the same name
            yield days(2)
            w.save(w.cast.coordinator, w.head(Person, pair.person).not_died())
        return
    w.save(pair.person, w.head(Person, pair.person).leave())
    if way == "left":
        return
    if way == "erased":
        yield days(w.dice.between(10, 30))
        w.clock.go(w.dice.minutes(1, 5))
        w.kit.erase(pair.person, basis="wish", asked_by=pair.person, decided_by=w.cast.privacy)
        return
    yield days(w.dice.between(20, 60))
    w.save(pair.person, w.head(Person, pair.person).come_back())
    yield days(1)
    again = yield from agree(w, pair.person, follows=pair.relation)
    yield from walk(w, again, w.dice.whole(2, 6))


def hand_over(w: World, pair: Pair) -> Life:
    """Somebody else goes on with the person, once both have said yes."""
    held = w.head(Relationship, pair.relation)
    other = next((one for one in w.cast.supporters if one != pair.supporter and _room(w, one)), None)
    if other is None:
        w.dice.again("endings", "handed_over")
        return
    asked = w.save(w.cast.coordinator, Relationship.hand_over(held, other, reasons=("a move is ahead",)))
    yield days(1)
    asked = w.save(other, asked.take_on())
    yield days(1)
    asked = w.save(pair.person, asked.agree())
    pair.supporter, pair.relation = other, asked.id
    yield days(7)


def supporter(w: World, *, years: float | None = None, ending: str = "") -> Life:
    """A supporter's life: welcome, what happens in each quarter, and the end of it."""
    dice, coordinator = w.dice, w.cast.coordinator
    me = w.save(
        coordinator,
        Person.enrol(name=dice.person(), languages=("en",), reach=("console:supporter",)),
    ).id
    yield days(dice.between(0.5, 2))
    role = w.save(
        coordinator,
        PeerSupporter.welcome(
            me,
            experience=dice.pick(("own", "own", "family", "both")),
            supervisor=w.cast.supervisor,
            languages=("en",),
            availability=dice.pick(("evenings", "weekends", "")),
            capacity=tables.SUPPORTERS_FOR,
            paid=dice.happens(0.3),
            by=spoken(me),
        ),
    )
    w.cast.supporters.append(me)
    stays = days(365 * (dice.between(*tables.SUPPORTER_YEARS) if years is None else years))
    until = w.clock.now() + stays
    while w.clock.now() < until:
        yield days(min(dice.between(45, 120), 1 + (until - w.clock.now()) / days(1)))
        way = w.deal("supporter", tables.SUPPORTER_EVENTS)
        yield from w.tried(_quarter(w, me, way), "supporter", way)
    if len(w.cast.supporters) < 3:  # somebody goes when there are others
        return
    w.cast.supporters.remove(me)
    if not ending:
        w.begin(supporter(w), name="supporter")  # and somebody else comes
    way = ending or w.deal("supporter_endings", tables.SUPPORTER_ENDINGS)
    yield days(dice.between(10, 25))
    role = w.head(PeerSupporter, role.id)
    if way == "steps_down":
        w.save(me, role.step_down())
    elif way == "ended":
        w.save(coordinator, role.end())
    elif way == "leaves":
        w.save(me, w.head(Person, me).leave())
    else:
        w.save(coordinator, w.head(Person, me).mark_died())


def _quarter(w: World, me: str, way: str) -> Life:
    now, others = w.clock.now(), [one for one in w.cast.supporters if one != me]
    cover = w.dice.pick(others) if others else w.cast.second
    if way in {"leave", "leave_cancelled"}:
        starts = now + days(7)
        leave = _planned(w, me, [cover, *others, w.cast.second], starts)
        yield days(3)
        if way == "leave_cancelled":
            w.save(me, leave.cancel())
            return
        yield days(15)
        w.save(me, w.head(Leave, leave.id).come_back())
    elif way in {"ill", "ill_covered"}:
        ends = now + days(10) if way == "ill" else None
        leave = w.save(w.cast.coordinator, Leave.fall_ill(person=me, starts=now, ends=ends, by=spoken(me)))
        yield days(2)
        if way == "ill_covered":
            leave = w.save(w.cast.coordinator, w.head(Leave, leave.id).stand_in(cover))
        yield days(6)
        w.save(me, w.head(Leave, leave.id).come_back())
    else:
        [role] = [
            one
            for one in w.kit._heads_of("peer_supporter", about=("person", me), state="active")
            if one.person == me
        ][:1] or [None]
        if role is not None and way == "described_anew":
            w.save(
                me, role.update(availability=w.dice.pick(("mornings", "evenings")), specialisms=("moving",))
            )
        elif role is not None:
            w.save(w.cast.coordinator, role.answer_to(w.cast.second))
            yield days(20)
            w.save(w.cast.coordinator, w.head(PeerSupporter, role.id).answer_to(w.cast.supervisor))


def _planned(w: World, me: str, covers: list[str], starts: datetime) -> Leave:
    """Planned with whoever can cover; who cannot is refused."""
    last: Refused | None = None
    for cover in dict.fromkeys(covers):
        try:
            return w.save(me, Leave.plan(person=me, cover=cover, starts=starts, ends=starts + days(14)))
        except Refused as fault:
            last = fault
    assert last is not None  # noqa: S101  # somebody was asked
    raise last

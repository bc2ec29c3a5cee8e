# SPDX-License-Identifier: Apache-2.0
"""The program of a simulated year: how it is founded, and what happens with the people in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import peerkit
from peerkit import Appointment, Decision, PeerSupporter, Person, Relationship
from peerkit.kit import Kit
from peerkit.model.program import Program, Step
from peerkit.model.route import Leave, Wall
from year.world import Life, Year, minutes

PATH = (("supporter", 10), ("supervisor", 15), ("on-call", 15), ("coordinator", 15))
ACTION = 60
A_COMMIT = 100
"""How many people come in one commit."""


def spoken(person: str) -> Decision:
    return Decision.of(person, how="spoken")


def settings() -> dict[str, Any]:
    return {
        "name": "A year (fictional)",
        "timezone": "America/Toronto",
        "coordinator": {"name": "Coordinator 0 (fictional)", "reach": ["mail:c0", "text:c0"]},
        "on_call": [{"name": "On call 0 (fictional)", "reach": ["text:o0", "mail:o0"]}],
        "path": [{"role": role, "minutes": many} for role, many in PATH],
        "action_minutes": ACTION,
        "notifiers": ["mail", "text"],
        "digest_at": "",
        "debrief_days": 0,
    }


def found(year: Year, people: int) -> None:
    """The program, whoever works there, and everybody whom they walk beside."""
    process, cast = year.app, year.cast
    kit = process._kit = peerkit.open(
        process.url, settings=settings(), plugins=[process.plugin], discover=False, clock=process.wrist
    )
    process.born = 1
    year.ledger.policies.append(
        (year.now, {"path": [m for _, m in PATH], "action": ACTION, "today_by": "17:00"})
    )
    held = {one.role: one for one in kit._find_all("appointment")}
    first = held["coordinator"].person
    cast.coordinators.append(first)
    cast.on_call.append(held["on-call"].person)
    cast.reach |= {"mail:c0": first, "text:c0": first, "mail:o0": cast.on_call[0], "text:o0": cast.on_call[0]}
    for role, some in (("coordinator", cast.coordinators), ("supervisor", cast.supervisors)):
        for number in range(2 if role == "coordinator" else max(2, people // 800)):
            some.append(_office(year, kit, first, role, f"{role}{number + 1}"))
    cast.on_call.append(_office(year, kit, first, "on-call", "o1"))
    many = max(4, people // 12)
    for start in range(0, many, A_COMMIT):
        with kit.session(actor=first) as s:
            for number in range(start, min(start + A_COMMIT, many)):
                cast.supporters.append(_supporter(year, s, f"s{number}"))
    for start in range(0, people, A_COMMIT):
        with kit.session(actor=first) as s:
            for number in range(start, min(start + A_COMMIT, people)):
                _person(year, s, number)


def _office(year: Year, kit: Kit, first: str, role: str, name: str) -> str:
    with kit.session(actor=first) as s:
        one = s.save(_enrolled(year, name))
        office = s.save(Appointment.give(one.id, role))
    year.cast.offices[office.id] = one.id
    return one.id


def _enrolled(year: Year, name: str) -> Person:
    reach = (f"mail:{name}", f"text:{name}") if year.dice.happens(0.7) else (f"text:{name}",)
    hours = "mon-sun 07:00-22:00" if year.dice.happens(0.3) else ""
    made = Person.enrol(name=f"{name} (fictional)", reach=reach, hours=hours, age_band="25-64")
    year.cast.reach |= dict.fromkeys(reach, made.id)
    return made


def _supporter(year: Year, s: Any, name: str) -> str:
    one = s.save(_enrolled(year, name))
    supervisor = year.dice.pick(year.cast.supervisors or year.cast.coordinators)
    s.save(PeerSupporter.welcome(one.id, supervisor=supervisor, capacity=60, by=spoken(one.id)))
    return one.id


def _person(year: Year, s: Any, number: int) -> None:
    cast = year.cast
    one = s.save(Person.enrol(name=f"P{number} (fictional)", age_band="25-64")).id
    cast.people.append(one)
    if year.dice.happens(0.85):
        supporter = cast.supporters[number % len(cast.supporters)]
        made = Relationship.enquire(person=one, by=spoken(one)).propose(supporter)
        s.save(made.agree(by=spoken(one)).take_on(by=spoken(supporter)))
        cast.pairs[one] = supporter


# -- what happens with people ----------------------------------------------------------------------


def happens(year: Year, people: int) -> None:
    """Begin everything that happens with people, at so many times a year."""
    many = len(year.cast.supporters)
    for name, life, often in (
        ("leave", _leave, 2 * many),
        ("illness", _illness, many),
        ("stepping down", _steps_down, 0.1 * many),
        ("office", _office_changes, 24),
        ("death", _death, 0.005 * people),
        ("death of who works here", _death_here, 0.004 * many),
        ("wall", _wall, 0.01 * people),
        ("merge", _merge, 0.008 * people),
        ("settings", _settings, 12),
        ("drill", _drill, 12),
        ("ending", _ending, 0.05 * people),
    ):
        year.begin(name, year.again_and_again(name, life, often))


def _here(year: Year, some: list[str]) -> str:
    return year.dice.pick([one for one in some if one not in year.cast.gone] or year.cast.coordinators)


def _coordinator(year: Year) -> str:
    return _here(year, year.cast.coordinators)


def _away(year: Year, kind: str, make: Any, who: str, lasts: timedelta) -> Life:
    """Somebody is away, and comes back or not by themselves."""
    made = year.save(kind, who, make)
    yield lasts
    if made and who not in year.cast.gone:
        id_ = made.value.id
        year.save("back", who, lambda s: s.get(Leave, id_).come_back())


def _leave(year: Year) -> Life:
    who, cover = _here(year, year.cast.supporters), _here(year, year.cast.supporters)
    if who == cover:
        return
    starts = year.app.wrist.now() + year.dice.minutes(60, 3000)
    ends = starts + year.dice.minutes(1440, 14400)
    yield from _away(
        year,
        "leave with cover",
        lambda _s: Leave.plan(person=who, cover=cover, starts=starts, ends=ends),
        who,
        ends - starts + minutes(3000),
    )


def _illness(year: Year) -> Life:
    some = year.cast.supporters if year.dice.happens(0.93) else year.cast.staff
    who, cover = _here(year, some), _here(year, year.cast.supporters)
    named = cover if year.dice.happens(0.5) and cover != who else None
    starts = year.app.wrist.now()
    yield from _away(
        year,
        "illness" + (" with cover" if named else " without cover"),
        lambda _s: Leave.fall_ill(person=who, starts=starts, cover=named),
        who,
        year.dice.minutes(600, 14400),
    )


def _steps_down(year: Year) -> Life:
    """A supporter stops; another one comes."""
    cast, who = year.cast, _here(year, year.cast.supporters)
    if len(cast.supporters) < 3 or who not in cast.supporters:
        return

    def stop(s: Any) -> Any:
        [role] = s.find(PeerSupporter, person=who, state="active")
        return role.step_down()

    if not year.save("a supporter stops", who, stop):
        return
    cast.supporters.remove(who)
    for person in [one for one, other in cast.pairs.items() if other == who]:
        del cast.pairs[person]
    yield year.dice.minutes(10, 3000)

    def come(kit: Kit) -> str:
        with kit.session(actor=_coordinator(year)) as s:
            return _supporter(year, s, f"n{year.now:%m%d%H%M%S}")

    came = year.attempt("a supporter comes", come)
    if came:
        cast.supporters.append(came.value)


def _office_changes(year: Year) -> Life:
    """An office ends, mostly with a successor, now and then before there is one."""
    cast, by = year.cast, year.cast.coordinators[0]
    role = year.dice.pick(("supervisor", "on-call"))
    holders = cast.supervisors if role == "supervisor" else cast.on_call
    held = [id_ for id_, who in cast.offices.items() if who in holders]
    if not held:
        return
    office = year.dice.pick(held)
    if year.save("an office ends", by, lambda s: s.get(Appointment, office).end()):
        who = cast.offices.pop(office)
        if who in holders:
            holders.remove(who)
    else:
        return
    yield year.dice.minutes(1, 3000)

    def follow(kit: Kit) -> tuple[str, str]:
        with kit.session(actor=by) as s:
            one = s.save(_enrolled(year, f"{role}{year.now:%m%d%H%M%S}"))
            return s.save(Appointment.give(one.id, role)).id, one.id

    for _ in range(40):
        done = year.attempt("an office is given", follow)
        if done:
            cast.offices[done.value[0]] = done.value[1]
            holders.append(done.value[1])
            return
        yield minutes(200)


def _death(year: Year) -> Life:
    who = _here(year, year.cast.people)
    if year.save("a person died", _coordinator(year), lambda s: s.get(Person, who).mark_died()):
        year.cast.gone.add(who)
        year.cast.people.remove(who) if who in year.cast.people else None
    return
    yield


def _death_here(year: Year) -> Life:
    who = _here(year, year.cast.supporters)
    if len(year.cast.supporters) > 3 and year.save(
        "somebody who works here died", _coordinator(year), lambda s: s.get(Person, who).mark_died()
    ):
        year.cast.gone.add(who)
        year.cast.supporters.remove(who)
        for person in [one for one, other in year.cast.pairs.items() if other == who]:
            del year.cast.pairs[person]
    return
    yield


def _wall(year: Year) -> Life:
    one, other = _here(year, year.cast.people), _here(year, [*year.cast.supporters, *year.cast.staff])
    made = year.save(
        "a wall", _coordinator(year), lambda _s: Wall.put_up(person=one, human=other, because="family")
    )
    yield year.dice.minutes(5000, 90000)
    if made:
        id_ = made.value.id
        year.save("a wall comes down", _coordinator(year), lambda s: s.get(Wall, id_).take_down())


def _merge(year: Year) -> Life:
    """Two records turn out to be one human's."""
    cast = year.cast
    kept, away = _here(year, cast.people), _here(year, cast.people)
    if kept == away or len(cast.people) < 10:
        return
    who = cast.coordinators[0]
    done = year.attempt("merge", lambda kit: kit.merge(kept, away, reason="The same birthday", actor=who))
    if done:
        year.happened["records merged"] += 1
        cast.gone.add(away)
        cast.people.remove(away)
        cast.pairs.pop(away, None)
        for worry in year.ledger.worries.values():
            if away in {worry.about, *worry.firsts}:
                worry.firsts.append(worry.about)
                worry.about = kept if worry.about == away else worry.about
                worry.moved = {kept if who == away else who: at for who, at in worry.moved.items()}
    return
    yield


def _settings(year: Year) -> Life:
    """The path gets other minutes, the day another end."""
    dice = year.dice
    path = [(role, dice.pick((5, 10, 15, 20))) for role, _ in PATH]
    today, action = dice.pick(("16:00", "17:00", "18:30")), dice.pick((30, 60, 90))
    made = {
        "path": tuple(Step(role=role, minutes=many) for role, many in path),
        "today_by": today,
        "action_minutes": action,
    }

    def change(s: Any) -> Any:
        return s.get(Program, year.app.kit.program.id).update(settings=made)

    if year.save("settings changed", year.cast.coordinators[0], change):
        policy = {"path": [m for _, m in path], "action": action, "today_by": today}
        year.ledger.policies.append((year.now, policy))
    return
    yield


def _drill(year: Year) -> Life:
    done = year.attempt("drill", lambda kit: kit.drill(year.cast.coordinators[0]))
    year.happened["drills"] += bool(done)
    return
    yield


def _ending(year: Year) -> Life:
    """Two stop walking together. Whoever was joined with another record of theirs may walk with two."""
    person = _here(year, list(year.cast.pairs) or year.cast.people)

    def end(s: Any) -> Any:
        held, *_more = s.find(Relationship, person=person, state="agreed")
        return held.end()

    if person in year.cast.pairs and year.save("walking together ends", person, end):
        del year.cast.pairs[person]
    return
    yield

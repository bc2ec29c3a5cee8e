# SPDX-License-Identifier: Apache-2.0
"""People: the person supported, the role of walking beside somebody, and roles beyond it."""

from __future__ import annotations

from datetime import date
from typing import Self

import attrs

from peerkit.codes import AGE_BANDS
from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import (
    Contact,
    Identity,
    Operational,
    Own,
    Record,
    Ref,
    coded,
    is_address,
    one_of,
    record,
    ref,
    tags,
)
from peerkit.model.decision import Decision

WEEK = 7 * 24
MOST_PEOPLE = 1000


@record(
    "person",
    """
    of  from              act        to              who     strength
    -   -                 enrol      here            anyone  said
    -   here              update     =               self    said
    -   here              leave      left            self    none
    -   here,left         mark_died  died            anyone  none
    -   left              come_back  here            self    said
    -   died              not_died   here            anyone  none
    -   *                 guard      =               kit     none
    -   here,left,died    merge      merged          kit     none
    -   merged            part       here|left|died  kit     none
    """,
    subjects="id",
)
class Person(Record):
    """Somebody the program knows. A supporter is a person too. Nothing about health stands here.

    Everything but the name is optional and self-described. `identity` is who they are in their own words,
    `communities` those that they count themselves to (`newcomer`, `Métis`, `first responder`); no list is
    offered and nothing is counted by them. `age_band` is `under-16`, `16-24`, `25-64` or `65+`; None: nobody
    said, which counts as young wherever that protects. `watched` means: assume that somebody
    else reads this person's device. `reach` are addresses in the order they may be used, each as
    `channel:address`; `not_by` are channels that must not be used; `hours` the weekly hours in which it suits
    them (`mon-fri 09:00-17:00`; empty: always).
    """

    name: Identity[str]
    pronouns: Identity[str] = ""
    age_band: Identity[str | None] = None
    identity: Identity[str] = ""
    communities: Identity[tuple[str, ...]] = ()
    languages: Operational[tuple[str, ...]] = ()
    reach: Contact[tuple[str, ...]] = ()
    not_by: Contact[tuple[str, ...]] = ()
    hours: Contact[str] = ""
    watched: Contact[bool] = False
    access_needs: Own[str] = ""
    into: Operational[str] = ""
    """Whom this record was merged with (`Merge`): that one is theirs since."""
    state: Operational[str] = "here"

    @classmethod
    def _checked(cls, value: Self) -> Self:
        if not value.name.strip():
            raise Malformed("a person has a name, or the word they go by", where="person.name")
        if value.age_band is not None and value.age_band not in AGE_BANDS:
            raise Malformed(f"an age band is one of {', '.join(AGE_BANDS)}, or None", where="person.age_band")
        tags(value.languages, "person.languages")
        for number, one in enumerate(value.reach):
            if not is_address(one):
                told = "an address is written as channel:address"
                raise Malformed(told, where=f"person.reach[{number}]")
        return value

    @classmethod
    @act
    def enrol(
        cls,
        *,
        name: str,
        pronouns: str = "",
        age_band: str | None = None,
        identity: str = "",
        communities: tuple[str, ...] = (),
        languages: tuple[str, ...] = (),
        reach: tuple[str, ...] = (),
        not_by: tuple[str, ...] = (),
        hours: str = "",
        watched: bool = False,
        access_needs: str = "",
        by: Decision | None = None,
    ) -> Self:
        """The program gets to know somebody; all but the name may be left out."""
        return cls._checked(
            cls(
                name=name,
                pronouns=pronouns,
                age_band=age_band,
                identity=identity,
                communities=tuple(communities),
                languages=tuple(languages),
                reach=tuple(reach),
                not_by=tuple(not_by),
                hours=when.weekly(hours, "person.hours"),
                watched=watched,
                access_needs=access_needs,
            )
        )

    @act
    def update(
        self,
        *,
        name: str | None = None,
        pronouns: str | None = None,
        age_band: str | None = None,
        identity: str | None = None,
        communities: tuple[str, ...] | None = None,
        languages: tuple[str, ...] | None = None,
        reach: tuple[str, ...] | None = None,
        not_by: tuple[str, ...] | None = None,
        hours: str | None = None,
        watched: bool | None = None,
        access_needs: str | None = None,
        by: Decision | None = None,
    ) -> Self:
        """Something about the person is said anew; what is left out stays."""
        given = {k: v for k, v in locals().items() if k not in {"self", "by", "__class__"} and v is not None}
        if hours is not None:
            given["hours"] = when.weekly(hours, "person.hours")
        return self._checked(attrs.evolve(self, **given))

    @act
    def leave(self, *, by: Decision | None = None) -> Self:
        """The person says they are done. The door stays open."""
        return self

    @act
    def come_back(self, *, by: Decision | None = None) -> Self:
        """The person is back."""
        return self

    @act
    def mark_died(self, *, by: Decision | None = None) -> Self:
        """The person has died: every message to them or about them stops at once."""
        return self

    @act
    def not_died(self, *, by: Decision | None = None) -> Self:
        """That they died was a mistake. What ended with it stays ended; somebody is there for them again."""
        return self

    @act
    def guard(self, *, watched: bool, not_by: tuple[str, ...] = (), by: Decision | None = None) -> Self:
        """What another record of them says for their safety holds here too; nothing becomes less safe."""
        channels = tuple(dict.fromkeys((*self.not_by, *not_by)))
        return attrs.evolve(self, watched=self.watched or watched, not_by=channels)

    @act
    def merge(self, *, into: Ref, by: Decision | None = None) -> Self:
        """This was a second record of somebody: theirs is the other one since."""
        return attrs.evolve(self, into=ref(into))

    @act
    def part(self, *, state: str, by: Decision | None = None) -> Self:
        """It was not: they are somebody of their own, as they were before."""
        return attrs.evolve(self, into="", state=one_of(state, ("here", "left", "died"), "person.state"))


@record(
    "peer_supporter",
    """
    of  from    act        to      who     strength
    -   -       welcome    active  person  said
    -   active  update     =       person  said
    -   active  answer_to  =       anyone  none
    -   active  step_down  ended   person  none
    -   active  end        ended   anyone  none
    -   active  debrief_next  =    kit     none
    """,
    subjects="person supervisor",
)
class PeerSupporter(Record):
    """A person's role of supporting others.

    `experience` says whose lived experience is affirmed: `own`, `family` or `both`; no story is
    asked for. `specialisms` and `skills` (listening, speaking of hope, knowing the shelters) are what they
    choose to tell, in their words. What they wish at most is theirs to set: `capacity` relationships,
    `hours_a_week` of support (0: not said), and no contact in the weekly hours `no_contact`
    (`mon-sun 20:00-09:00`, on the clock of the
    program; empty: not said). Whatever goes beyond is a task to care for the peer, never a refusal.
    `debrief_on` is the day of the next debrief in the program's rhythm.
    """

    person: Operational[str]
    experience: Operational[str]
    supervisor: Operational[str] = ""
    specialisms: Own[tuple[str, ...]] = ()
    skills: Own[tuple[str, ...]] = ()
    languages: Operational[tuple[str, ...]] = ()
    availability: Own[str] = ""
    capacity: Operational[int] = 5
    paid: Operational[bool] = False
    hours_a_week: Operational[int] = 0
    no_contact: Operational[str] = ""
    debrief_on: Operational[date | None] = None
    state: Operational[str] = "active"

    @classmethod
    @act
    def welcome(
        cls,
        person: Ref,
        *,
        experience: str = "own",
        supervisor: Ref | None = None,
        specialisms: tuple[str, ...] = (),
        skills: tuple[str, ...] = (),
        languages: tuple[str, ...] = (),
        availability: str = "",
        capacity: int = 5,
        paid: bool = False,
        by: Decision | None = None,
    ) -> Self:
        """Somebody takes on the role; they affirm lived experience themselves."""
        return cls(
            person=ref(person),
            experience=_lived(experience),
            supervisor=ref(supervisor),
            specialisms=tuple(specialisms),
            skills=tuple(skills),
            languages=tags(languages, "peer_supporter.languages"),
            availability=availability,
            capacity=_room(capacity),
            paid=paid,
        )

    @act
    def update(
        self,
        *,
        experience: str | None = None,
        specialisms: tuple[str, ...] | None = None,
        skills: tuple[str, ...] | None = None,
        languages: tuple[str, ...] | None = None,
        availability: str | None = None,
        capacity: int | None = None,
        paid: bool | None = None,
        hours_a_week: int | None = None,
        no_contact: str | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The role is described anew; what is left out stays."""
        if hours_a_week is not None and (type(hours_a_week) is not int or not 0 <= hours_a_week <= WEEK):
            told = f"hours a week are a whole number from 0 (not said) to {WEEK}"
            raise Malformed(told, where="peer_supporter.hours_a_week")
        return attrs.evolve(
            self,
            experience=self.experience if experience is None else _lived(experience),
            hours_a_week=self.hours_a_week if hours_a_week is None else hours_a_week,
            no_contact=self.no_contact if no_contact is None else when.weekly(no_contact, _NO_CONTACT),
            specialisms=self.specialisms if specialisms is None else tuple(specialisms),
            skills=self.skills if skills is None else tuple(skills),
            languages=self.languages if languages is None else tags(languages, "peer_supporter.languages"),
            availability=self.availability if availability is None else availability,
            capacity=self.capacity if capacity is None else _room(capacity),
            paid=self.paid if paid is None else paid,
        )

    @act
    def answer_to(self, supervisor: Ref | None, *, by: Decision | None = None) -> Self:
        """They have another supervisor, or none. Apart from `update`, since a supervisor reads what is
        written about the people that a supporter walks beside: nobody chooses who does alone."""
        return attrs.evolve(self, supervisor=ref(supervisor))

    @act
    def debrief_next(self, *, on: date, by: Decision | None = None) -> Self:
        """The next debrief of the rhythm is on this day."""
        return attrs.evolve(self, debrief_on=on)

    @act
    def step_down(self, *, by: Decision | None = None) -> Self:
        """The supporter lays the role down."""
        return self

    @act
    def end(self, *, by: Decision | None = None) -> Self:
        """The program ends the role."""
        return self


def _lived(experience: str) -> str:
    if experience not in {"own", "family", "both"}:
        raise Malformed("lived experience is own, family or both", where="peer_supporter.experience")
    return experience


_NO_CONTACT = "peer_supporter.no_contact"


def _room(people: int) -> int:
    if type(people) is not int or not 0 <= people <= MOST_PEOPLE:
        told = f"beside how many people at most: a whole number from 0 to {MOST_PEOPLE}"
        raise Malformed(told, where="peer_supporter.capacity")
    return people


ROLES = ("mentor", "facilitator", "trainer", "advisor", "researcher")
"""Roles beyond supporting. An open list: a program writes its own beside these. Somebody may have several,
and support others or not."""


@record(
    "peer_role",
    """
    of  from  act       to    who     strength
    -   -     take_on   held  person  said
    -   held  lay_down  over  person  none
    -   held  end       over  anyone  none
    """,
    subjects="person",
)
class PeerRole(Record):
    """What somebody with lived experience does beyond supporting others: a mentor, who confirms hours; a
    facilitator of groups; a trainer; an advisor; a researcher. They take it on themselves, the program gives
    it, and either may end it. It opens nothing about anybody else: what a mentor or a trainer writes down is
    what names them.
    """

    person: Operational[str]
    role: Operational[str]
    paid: Operational[bool] = False
    state: Operational[str] = "held"

    @classmethod
    @act
    def take_on(cls, person: Ref, role: str, *, paid: bool = False, by: Decision | None = None) -> Self:
        """They take on a role, which a coordinator gives them."""
        return cls(person=ref(person), role=coded(role, "peer_role.role"), paid=paid)

    @act
    def lay_down(self, *, by: Decision | None = None) -> Self:
        """They lay it down."""
        return self

    @act
    def end(self, *, by: Decision | None = None) -> Self:
        """The program ends it."""
        return self

# SPDX-License-Identifier: Apache-2.0
"""A whole program in which anything happens: what it needs of supporters, and who may not stand in."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import rule
from program_people import HITS, REFUSED
from program_promises import BOT
from program_sharing import SharingProgram

import peerkit
from peerkit import (
    Consent,
    Credential,
    Leave,
    Person,
    Referral,
    Refused,
    Relationship,
    Task,
    Wall,
)

NEEDS = ((), ("first-aid",), ("first-aid", "police-check"), ("first-aid|core-essentials",))
"""What a program may need of supporters."""

WHATS = ("first-aid", "police-check", "core-essentials")
ENDS = st.none() | st.integers(0, 12)
"""In how many days a credential ends; none: never."""


class NeedsProgram(SharingProgram):
    """What may happen where a program needs something of supporters."""

    def begin(self, data: st.DataObject) -> None:
        super().begin(data)
        needs = data.draw(st.sampled_from(NEEDS))
        if needs:
            for one in self.supporters():
                for what in WHATS[: 1 + len(needs) // 2]:
                    self.quietly(self.robin, lambda one=one, what=what: self.credential(one, what, None))
            self.needing(needs)

    # -- what it needs -------------------------------------------------------------------------------

    def today(self, later: int = 0) -> Any:
        zone = ZoneInfo(self.kit.program.timezone)
        return self.watch.at.astimezone(zone).date() + timedelta(days=later)

    def credential(self, person: str, what: str, days: int | None) -> Credential:
        until = None if days is None else self.today(days)
        if what == "police-check":
            return Credential.check_done(person=person, what=what, done_by="x", on=self.today(), until=until)
        return Credential.issue(person=person, what=what, issued_by="x", since=self.today(), until=until)

    def needing(self, needs: tuple[str, ...]) -> Any:
        with self.kit.session(actor=BOT) as s:
            program = s.get(peerkit.Program, self.kit.program.id)
        return self.save("need", self.robin, lambda: program.update(settings={"needs": needs}))

    @rule(needs=st.sampled_from(NEEDS))
    def need(self, needs: tuple[str, ...]) -> None:
        self.needing(needs)

    @rule(data=st.data(), what=st.sampled_from(WHATS), days=ENDS)
    def issue(self, data: st.DataObject, what: str, days: int | None) -> None:
        one = self.pick(data, self.supporters()) if data.draw(st.booleans()) else self.anybody(data)
        if one:
            self.save("issue", self.robin, lambda: self.credential(one, what, days))

    @rule(data=st.data())
    def everybody_has_it(self, data: st.DataObject) -> None:
        """Whoever supports others gets what the program needs: so matches go on where it needs something."""
        days = data.draw(ENDS)
        for one in self.supporters():
            for need in self.kit.program.needs:
                what = need.partition("|")[0]
                self.save("issue", self.robin, lambda one=one, what=what: self.credential(one, what, days))

    def held(self, *states: str) -> list[Any]:
        return self.every(Credential, *states)

    @rule(data=st.data(), days=ENDS)
    def renew(self, data: st.DataObject, days: int | None) -> None:
        one = self.pick(data, [c for c in self.held("valid", "suspended") if c.since <= self.today()])
        until = None if days is None else self.today(days)
        if one is not None:
            self.save("renew", self.robin, lambda: one.renew(until))

    @rule(data=st.data(), act=st.sampled_from(["suspend", "reinstate", "withdraw"]))
    def stop_or_go_on(self, data: st.DataObject, act: str) -> None:
        found = {"suspend": ("valid",), "reinstate": ("suspended",), "withdraw": ("valid", "suspended")}
        one = self.pick(data, self.held(*found[act]))
        done = one and self.save(f"credential {act}", self.robin, getattr(one, act))
        if done and act == "suspend" and data.draw(st.booleans()):
            self.save("credential reinstate", self.robin, done.reinstate)

    @rule(data=st.data(), ticks=st.booleans())
    def past_the_end(self, data: st.DataObject, *, ticks: bool) -> None:
        """Time goes over the last day of a credential."""
        ahead = [c for c in self.held("valid") if c.until is not None and c.until >= self.today()]
        one, supporter = self.pick(data, ahead), self.pick(data, self.supporters())
        if one is None and supporter:
            one = self.save("issue", self.robin, lambda: self.credential(supporter, "first-aid", 3))
        if one is not None:
            zone = ZoneInfo(self.kit.program.timezone)
            self.watch.at = datetime.combine(one.until + timedelta(days=1), time(0, 1), zone)
            HITS["past_the_end"] += 1
            if ticks:
                self.kit.tick()

    # -- who may not stand in ------------------------------------------------------------------------

    @rule(data=st.data(), lasts=st.none() | st.integers(1, 10))
    def ill_and_anybody_named(self, data: st.DataObject, lasts: int | None) -> None:
        """Somebody is ill, and whoever tells it names whom they like: also somebody who may not stand in."""
        walked = sorted({r.supporter for r in self.every(Relationship, "agreed", "paused")} - {""})
        one = self.pick(data, walked) or self.anybody(data)
        cover = one and self.anybody(data, but={one})
        if cover:
            ends = None if lasts is None else self.watch.at + timedelta(days=lasts)
            ill = {"person": one, "starts": self.watch.at, "ends": ends, "cover": cover}
            self.save("ill_and_anybody_named", self.dana, lambda: Leave.fall_ill(**ill))

    @rule(data=st.data())
    def wall_between(self, data: st.DataObject) -> None:
        """Whoever walks together, covers or has somebody may be the one; a coordinator knows of it."""
        one = self.anybody(data)
        other = one and (self.anybody(data, but={one}) if data.draw(st.booleans()) else self.robin)
        if other:
            self.save("wall_between", self.dana, lambda: Wall.put_up(person=one, human=other))

    @rule(data=st.data())
    def propose_with_cover(self, data: st.DataObject) -> None:
        """Whoever is named as its cover, the route of the two is somebody's who may."""
        one, person = self.pick(data, self.every(Relationship, "enquiry", "declined")), self.anybody(data)
        if one is None and person:
            one = self.save("enquire", person, lambda: Relationship.enquire(person=person))
        supporter = one and self.pick(data, self.supporters(but={one.person}))
        cover = supporter and self.anybody(data, but={one.person, supporter})
        if cover:
            self.save("propose_with_cover", self.robin, lambda: one.propose(supporter, cover=cover))

    # -- erasing -------------------------------------------------------------------------------------

    @rule(data=st.data(), kind=st.sampled_from([Credential, Consent, Referral, Wall, Relationship, Task]))
    def erase_another(self, data: st.DataObject, kind: Any) -> None:
        self.erased(data, "erase_another", self.every(kind))

    @rule(data=st.data())
    def erase_person(self, data: st.DataObject) -> None:
        self.erased(data, "erase_person", self.every(Person, "left", "died"))

    def erased(self, data: st.DataObject, name: str, some: list[Any]) -> None:
        one = self.pick(data, some)
        if one is None:
            return
        try:
            self.kit.erase(one, basis="wish", asked_by=self.robin, decided_by=self.dana)
        except Refused as no:
            REFUSED[f"{name}: {', '.join(no.codes)}"] += 1
            return
        HITS[name] += 1
        self.kept = []  # what reads as it did then is asked of what is written from here on

# SPDX-License-Identifier: Apache-2.0
"""A made-up diabetes group, day by day: who joins, notes, meets, is referred; then the program's report.

python examples/diabetes_group.py

With `--people 200 --days 365 --folder here` a larger one, with charts of what some of them noted. Everybody
in it is fictional. It needs `pip install 'peerkit-diabetes[chart]'`.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from peerkit_diabetes import DiabetesEnrolment, plugin
from peerkit_diabetes.chart import chart
from peerkit_diabetes.log import DiabetesLog, DiabetesReading
from peerkit_diabetes.noting import note

import peerkit
from peerkit import (
    Activity,
    Actor,
    Credential,
    Decision,
    GoalPlan,
    Kit,
    PeerSupporter,
    Person,
    Recipient,
    Referral,
    Refused,
    Relationship,
    Service,
    Session,
)
from peerkit.hooks import NotifierChannel
from peerkit.ports import Message
from peerkit.testing import TimeMachine

START = datetime(2027, 1, 4, 15, tzinfo=UTC)
GATES = ("core-essentials", "diabetes-review", "diabetes-session", "diabetes-application")
NEEDS = ("food", "housing", "income")
BARRIERS = ("income", "housing", "food", "transport", "access")
DONE = dict.fromkeys(
    ("supervisor_knows", "acted", "person_told", "handed_over", "followed_up", "debrief_offered"),
    "not_applicable",
)


class Letterbox:
    """A channel that takes every notice, and counts them."""

    name = "letterbox"
    real = False

    def __init__(self) -> None:
        self.taken = 0

    @peerkit.hookimpl
    def peerkit_supply(self) -> list[NotifierChannel]:
        """The channel."""
        return [NotifierChannel("letterbox", lambda _settings: self)]

    def send(self, _message: Message) -> None:
        """One more."""
        self.taken += 1


class Group:
    """A program with the module, and everybody in it."""

    def __init__(self, kit: Kit, time: TimeMachine, people: int, days: int, dice: random.Random) -> None:
        self.kit, self.time, self.days, self.dice = kit, time, days, dice
        self.robin = Actor(kit.first_coordinator)
        with kit.session(self.robin) as s:
            self.places = {need: self.place(s, need) for need in NEEDS}
        self.supporters = [self.supporter(number) for number in range(max(people // 8, 2))]
        self.arrivals = sorted((dice.randrange(max(days * 3 // 4, 1)), number) for number in range(people))
        self.waiting: list[tuple[Person, Relationship]] = []
        self.members: dict[str, Member] = {}

    @staticmethod
    def place(s: Session, need: str) -> tuple[Service, Recipient]:
        """A service of the directory, and where a referral to it goes."""
        service = s.save(Service.list(entry={"name": f"A place for {need} (fictional)", "needs": (need,)}))
        return service, s.save(Recipient.add(name=f"The place for {need}", service=service))

    def supporter(self, number: int) -> Person:
        """Most have passed every gate, some will while the year goes on, and some let one run out."""
        start = self.kit.program.day(self.time.now())
        with self.kit.session(self.robin) as s:
            one = s.save(
                Person.enrol(name=f"Supporter {number} (fictional)", reach=(f"letterbox:s{number}",))
            )
            s.save(PeerSupporter.welcome(one, capacity=20, by=Decision.of(one, how="spoken")))
            for gate in GATES if number % 6 else GATES[:-1]:
                until = start + timedelta(days=self.days // 2) if not number % 5 else None
                s.save(
                    Credential.issue(person=one, what=gate, issued_by="Riverside", since=start, until=until)
                )
            s.save(
                Credential.issue(person=one, what="group-facilitation", issued_by="Riverside", since=start)
            )
        return one

    def day(self, number: int) -> None:
        """What happens on one day."""
        while self.arrivals and self.arrivals[0][0] <= number:
            self.arrives(self.arrivals.pop(0)[1])
        if number % 14 == 0:
            self.waiting = [one for one in self.waiting if not self.joins(*one)]
        if number % 7 == 2:
            self.meets()
        for member in list(self.members.values()):
            member.lives()
        self.time.forward(days=1)
        self.kit.deliver()
        self.answered()

    def arrives(self, number: int) -> None:
        """Somebody asks for support, and two agree to walk together."""
        supporter = self.dice.choice(self.supporters)
        with self.kit.session(self.robin) as s:
            one = s.save(Person.enrol(name=f"Person {number} (fictional)"))
            walk = s.save(
                Relationship.enquire(person=one, by=Decision.of(one, how="spoken")).propose(supporter)
            )
        with self.kit.session(one) as s:
            s.save(s.get(Relationship, walk.id).agree())
        with self.kit.session(supporter) as s:
            walk = s.save(s.get(Relationship, walk.id).take_on())
        if self.dice.random() < 0.85:
            self.waiting.append((one, walk))

    def joins(self, one: Person, walk: Relationship) -> bool:
        """They take the module up, if whoever walks beside them has passed its gates."""
        try:
            with self.kit.session(one) as s:
                enrolment = s.save(DiabetesEnrolment.join(person=one, relationship=walk))
        except Refused as refused:
            if refused.codes != ("diabetes-gates",):
                raise
            return False
        self.members[one.id] = Member(self, one, walk, enrolment)
        return True

    def meets(self) -> None:
        """A group on Wednesdays, led by whoever has passed every gate."""
        leader = self.dice.choice(self.supporters)
        try:
            with self.kit.session(self.robin) as s:
                made = Activity.plan(
                    title="Food and mood",
                    format="diabetes_group",
                    facilitators=(leader,),
                    local=self.time.now().replace(tzinfo=None),
                    timezone="America/Toronto",
                )
                s.save(s.save(made).hold(headcount=self.dice.randrange(3, 15)))
        except Refused:
            pass  # whoever was to lead has let a gate run out: no group that week

    def answered(self) -> None:
        """Whom somebody chose to be told of a dangerous value takes it, comes, and closes it."""
        for supporter in self.supporters if self.kit.alerts() else ():
            for line in self.kit.alerts(Actor(supporter.id)):
                with self.kit.session(supporter) as s:
                    s.acknowledge(line.reference)
                    s.respond(line.reference, "act", words="we talked, and had juice")
                    s.respond(line.reference, "close_incomplete", reasons=DONE, outcome="talked")


class Member:
    """One person in the module, with a mind of their own."""

    def __init__(self, group: Group, one: Person, walk: Relationship, enrolment: DiabetesEnrolment) -> None:
        self.group, self.one, self.walk, self.enrolment = group, one, walk, enrolment
        self.dice, self.kit = group.dice, group.kit
        self.supporter = next(s for s in group.supporters if s.id == walk.supporter)
        self.log = self.keeps() if self.dice.random() < 0.6 else None
        self.usual = self.dice.gauss(7.5, 1.2)
        if self.dice.random() < 0.7:
            self.plans()

    def keeps(self) -> DiabetesLog:
        """A log of their own, and for some of them somebody who is told of a dangerous value."""
        log = DiabetesLog.turn_on(person=self.one).set_target("glucose", unit="mmol/L", low="4.0", high="7.0")
        if self.dice.random() < 0.4:
            log = log.watch_over(self.supporter, low="2.8", high="22.0", unit="mmol/L")
        with self.kit.session(self.one) as s:
            return s.save(log)

    def plans(self) -> None:
        """A goal that fits what is short, in words of their own."""
        short = tuple(one for one in BARRIERS if self.dice.random() < 0.3)
        with self.kit.session(self.one) as s:
            plan = s.save(GoalPlan.begin(person=self.one))
            found = s.suggest("goal", about=plan, barriers=short)
            if found:
                idea = self.dice.choice(found[:12])
                plan = plan.suggest(idea.what, source=idea.source)
                s.save(plan.adopt(plan.goals[-1].id, words="As I would put it"))

    def lives(self) -> None:
        """One day."""
        if self.log is not None and self.dice.random() < 0.45:
            self.notes(self.log)
        if self.dice.random() < 0.004:
            self.asks()
        if self.dice.random() < 0.0006:
            with self.kit.session(self.one) as s:
                s.save(s.get(DiabetesEnrolment, self.enrolment.id).leave())
            del self.group.members[self.one.id]

    def notes(self, log: DiabetesLog) -> None:
        """Glucose, as they measured it; once in a while it is dangerous."""
        value = self.dice.gauss(self.usual, 1.6)
        value = max(value if self.dice.random() > 0.004 else 2.4, 1.2)
        reading = DiabetesReading.note(
            log,
            "glucose",
            taken=self.group.time.now(),
            value=f"{value:.1f}",
            unit="mmol/L",
            moment="before_meal",
        )
        note(self.kit, reading, actor=Actor(self.one.id))

    def asks(self) -> None:
        """Something is short, and they ask to be referred."""
        need = self.dice.choice(NEEDS)
        service, recipient = self.group.places[need]
        with self.kit.session(self.one) as s:
            s.save(Referral.begin(person=self.one, service=service, recipient=recipient, need=need))


def live(url: str, people: int, days: int, seed: int) -> tuple[Kit, Group]:
    """The whole time, and the kit with what is left of it."""
    time = TimeMachine(START)
    settings = {
        "name": "Riverside (fictional)",
        "timezone": "America/Toronto",
        "region": "CA-ON",
        "coordinator": {"name": "Robin (fictional)", "reach": ["letterbox:robin"]},
        "uncovered": "Mon-Sun 00:00-24:00",
        "notifiers": ["letterbox"],
    }
    kit = peerkit.open(url, settings=settings, clock=time, plugins=[plugin, Letterbox()], discover=False)
    group = Group(kit, time, people, days, random.Random(seed))
    for number in range(days):
        group.day(number)
    return kit, group


def report(kit: Kit, group: Group, first: date, last: date) -> None:
    """The module's section of the program's report; `-` where fewer than five people would be shown."""
    with kit.session(group.robin) as s:
        counted = s.counts(first, last)
    for section in counted.sections:
        print(section.title)
        for cell in section.cells:
            print(f"  {'-' if cell.number is None else cell.number:>6}  {cell.label}")


def drawn(kit: Kit, group: Group, folder: Path, most: int) -> int:
    """Charts of some of those who keep a log."""
    made = 0
    for member in [m for m in group.members.values() if m.log is not None][:most]:
        with kit.session(member.one) as s:
            held = s.find(DiabetesReading, person=member.one.id, limit=1000).readable
        if held and member.log is not None:
            picture = chart(held, "glucose", targets=member.log.targets, timezone=kit.program.timezone)
            made += 1
            (folder / f"chart-{made}.png").write_bytes(picture)
    return made


def main() -> None:
    """Live, report, draw."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=24)
    parser.add_argument("--days", type=int, default=42)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--folder", type=Path, help="Where the store and the charts stay; nowhere, if left out."
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / 'group.db'}?synchronous=off"
        kit, group = live(url, given.people, given.days, given.seed)
        first = kit.program.day(START)
        report(kit, group, first, kit.program.day(group.time.now()))
        print(f"{drawn(kit, group, folder, 4)} charts drawn")
        print(f"open alerts: {len(kit.alerts())}; intact: {kit.verify().intact}")
        kit.close()


if __name__ == "__main__":
    main()

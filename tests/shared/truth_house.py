# SPDX-License-Identifier: Apache-2.0
"""The program of the hand-written cells: everybody in it, and everything about Maya."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import peerkit
from peerkit import (
    Activity,
    Actor,
    Alert,
    Answer,
    Appointment,
    Attendance,
    Authority,
    Concern,
    Consent,
    Course,
    Credential,
    Decision,
    Disclosure,
    DutyReport,
    Feedback,
    FollowUp,
    GoalPlan,
    Interaction,
    Leave,
    Measure,
    Meeting,
    Notice,
    PeerRole,
    PeerSupporter,
    Person,
    Practicum,
    Program,
    Progress,
    Questionnaire,
    Read,
    Recipient,
    Referral,
    Reflection,
    Refusal,
    Refused,
    Relationship,
    Reply,
    Restoration,
    Review,
    Route,
    SafetyPlan,
    Service,
    Signature,
    SignUp,
    Task,
    Wall,
    Withheld,
    training,
)
from peerkit.testing import make

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
WEEK = timedelta(weeks=1)
PEOPLE = ["robin", "maya", "theo", "kai", "noor", "lee", "vic", "sol", "dana", "pat", "sam"]
PEOPLE += ["zed", "omar", "wes", "gil"]


ARGUMENTS = {
    kind: {n for row in kind.table.values() if row.creates for n in code(kind, row.act)}
    for code in [lambda kind, act: getattr(kind, act).__wrapped__.__code__.co_varnames]
    for kind in (Concern, Answer, Alert)
}


class Watch:
    """Tuesday of the week that Kai is away, until a test says otherwise."""

    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at


class House:
    """The program of the cells, built once."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.kit = peerkit.open("memory:", clock=self.watch, discover=False)
        self.ids = {"robin": self.kit.sandbox_coordinator, "": "nobody"}
        self.records: dict[tuple[str, str], Any] = {}
        for name in PEOPLE[1:]:
            self.ids[name] = self.save(Person.enrol(name=f"{name.title()} Example (fictional)")).id
        for name, supervisor in (
            ("kai", "sol"),
            ("noor", ""),
            ("lee", ""),
            ("vic", ""),
            ("zed", ""),
            ("gil", ""),
        ):
            who = self.ids[name]
            self.keep(
                name,
                PeerSupporter.welcome(
                    who, supervisor=self.ids[supervisor] if supervisor else None, by=self.spoken(name)
                ),
            )
        for name, office in (("dana", "on-call"), ("pat", "privacy"), ("wes", "coordinator")):
            self.save(Appointment.give(self.ids[name], office))
        self.match("maya", "vic")
        self.save(self.get(self.records["relationship", "maya"]).end())
        for person, supporter in (("maya", "kai"), ("theo", "noor"), ("omar", "zed")):
            self.match(person, supporter)
        asked = self.save(Relationship.enquire(person=self.ids["maya"], by=self.spoken("maya")))
        self.keep("maya proposed", asked.propose(self.ids["lee"]))
        self.save(self.get(self.records["relationship", "theo"]).pause(), "theo")
        away = Leave.plan(
            person=self.ids["kai"], cover=self.ids["noor"], starts=AT - timedelta(days=1), ends=AT + WEEK
        )
        self.keep("kai", away, "kai")
        group = Activity.plan(
            title="Drop-in (fictional)",
            format="drop_in",
            facilitators=(self.ids["kai"],),
            local=AT.replace(tzinfo=None),
            timezone="America/Toronto",
            sign_up=True,
        )
        self.group = self.keep("kai", group, "kai")
        self.keep("kai", Reflection.write(author=self.ids["kai"], words="I listened more"), "kai")
        for name in ("maya", "theo", "omar"):
            self.papers(name)
        self.keep("owed by maya about theo", self.task("maya", "theo"))
        self.keep("owed by kai about theo", self.task("kai", "theo"))
        self.kit.write(
            [self.lane(Concern, about=self.ids["omar"], names=(self.ids["zed"],), author=self.ids["sam"])]
        )
        self.duties("kai", "maya")
        self.learning("kai")
        for kind in (Program, Route, Refusal):
            self.look(kind)
        self.keep("", Service.list(entry={"name": "Example library (fictional)"}))
        put_back = make(Restoration).finish()
        self.kit.write([put_back])
        self.records["restoration", ""] = self.get(put_back)
        self.unusual()

    def unusual(self) -> None:
        """What happens to few: a wall, a broken glass, a no to sharing, two records of one human."""
        maya = self.ids["maya"]
        self.save(Wall.put_up(person=maya, human=self.ids["wes"]))
        self.keep(
            "maya refused", Consent.refuse(person=maya, recipient=self.clinic, purpose="report"), "maya"
        )
        words = {
            "person": maya,
            "recipient": self.clinic,
            "classes": ("identity", "own"),
            "purpose": "notice",
        }
        self.save(Consent.give(**words), "maya")
        notice = Notice.queue(person=maya, recipient=self.clinic, words="Not on Monday")
        self.keep("maya", notice, "maya")
        list(self.kit.disclose(GoalPlan, to=self.clinic, purpose="report", actor=self.ids["kai"]))
        self.look(Withheld)
        known = self.get(self.records["referral", "maya sent"])
        alone = self.save(Referral.go_alone(person=maya, service=known.service, need="a coat"), "maya")
        self.keep("maya outcome", alone.record_outcome(outcome="received"), "kai")
        twin = self.save(Person.enrol(name="Maya E. (fictional)"))
        joined = self.kit.merge(maya, twin, reason="the same bicycle", actor=self.ids["robin"])
        self.records["merge", "maya"] = joined.merge
        for of in ("maya told", "maya"):
            glass = self.kit.break_glass(maya, reason="nobody answers", actor=self.ids["gil"])
            self.records["break_glass", of] = glass
            if of == "maya told":
                told = self.save(self.save(glass.close(), "gil").tell(), "pat")
                self.records["break_glass", of] = told

    # -- building ------------------------------------------------------------------------------

    def spoken(self, name: str) -> Decision:
        return Decision.of(self.ids[name], how="spoken")

    def save(self, record: Any, actor: str = "robin") -> Any:
        with self.kit.session(actor=self.ids[actor]) as s:
            return s.save(record)

    def get(self, record: Any) -> Any:
        own = record.kind in {"duty_report", "reflection"}  # which no part of a program reads
        with self.kit.session(actor=Actor(record.author) if own else Actor.system("test")) as s:
            return s.get(type(record), record.id)

    def keep(self, of: str, record: Any, actor: str = "robin") -> Any:
        saved = self.save(record, actor)
        self.records[saved.kind, of] = saved
        return saved

    def lane(self, kind: Any, **fields: Any) -> Any:
        made = make(kind, **{k: v for k, v in fields.items() if k in ARGUMENTS[kind]})
        for name, value in fields.items():
            object.__setattr__(made, name, value)
        self.records[
            kind.kind,
            next(n for n, i in self.ids.items() if i in {fields.get("person"), fields.get("about")}),
        ] = made
        return made

    def match(self, person: str, supporter: str) -> None:
        asked = self.save(Relationship.enquire(person=self.ids[person], by=self.spoken(person)))
        yes = self.save(self.save(asked.propose(self.ids[supporter])).agree(), person)
        self.keep(person, yes.take_on(), supporter)

    def task(self, owner: str, person: str) -> Task:
        return Task.give(owner=self.ids[owner], what="call", person=self.ids[person])

    def papers(self, name: str) -> None:
        """One record of each kind about somebody."""
        who = self.ids[name]
        self.records["person", name] = self.get(make(Person, version=1, id=who))
        plan = self.save(GoalPlan.begin(person=who).suggest("Walk to the library"), name)
        plan = self.keep(name, self.get(plan).add_goal("Sleep through"), name)
        day = AT.date() + timedelta(days=100)
        self.keep(name, Review.plan(plan, on=day), name)
        asked = FollowUp.agree(person=who, on=day)
        with self.kit.session(actor=self.ids[name]) as s:
            saved = self.records["follow_up", name] = s.save(asked)
        if name == "theo":
            self.kit.write([self.get(saved).fall_due()])
        self.keep(name, Signature.sign(self.get(plan), signer=who, signed_as="person"), name)
        self.keep(name, Measure.decline(person=who, instrument="who-5", round="baseline"), name)
        self.keep(name, Feedback.give(person=who, words="It helped"), name)
        own = SafetyPlan.begin(person=who).add("alone", "Tea").suggest("help", "Ana")
        beside = {"maya": (), "theo": ("noor",), "omar": ("zed",)}[name]
        for reader in beside:
            own = own.share(self.ids[reader])
        self.keep(name, own, name)
        goal = plan.goals[1].id
        note = self.save(Progress.note(plan=self.get(plan), goal=goal, author=who, words="Slept"), name)
        for what, about in (("", plan), (" review", self.records["review", name]), (" progress", note)):
            self.keep(f"{name}{what}", Reply.give(about, person=who, words="Not so"), name)
        meeting = Meeting.plan(
            person=who, supporter=who, local=AT.replace(tzinfo=None), timezone="America/Toronto"
        )
        with self.kit.session(actor=Actor.system("test")) as s:
            self.records["meeting", name] = s.save(s.save(meeting).hold())
        self.keep(name, SignUp.sign_up(self.group, person=who), name)
        call = make(Interaction, supporter=self.ids["kai"], person=who)
        with self.kit.session(actor=Actor.system("test")) as s:
            self.records["interaction", name] = s.save(call)
        clinic = self.clinic = self.save(Recipient.add(name="Example clinic (fictional)"))
        share = {"person": who, "recipient": clinic, "classes": ("identity",), "purpose": "care"}
        self.keep(name, Consent.give(**share), name)
        place = {"areas": ("sharing",), "basis": "guardian", "paper": "the blue binder"}
        until = AT.date() + timedelta(days=90)
        self.keep(name, Authority.record(person=who, human=self.ids["sam"], look_on=until, **place))
        library = self.save(Service.list(entry={"name": "Example library (fictional)"}))
        asked = Referral.begin(person=who, service=library, recipient=clinic, need="food")
        self.keep(name, asked, name)
        bed = Referral.begin(person=who, service=library, recipient=clinic, need="a bed")
        going = self.save(bed, name)
        whole = ("identity", "contact", "own")
        once = Consent.give_once(person=who, recipient=clinic, referral=going, classes=whole)
        self.save(once, name)
        self.keep(f"{name} sent", going.send(), name)
        self.keep(name, self.task("robin", name))
        logs = [
            make(Disclosure, person=who),
            make(Read, person=(who,)),
            self.lane(Answer, person=who),
            self.lane(Alert, person=who, holder=who),
        ]
        self.keep(name, Wall.put_up(person=who, human=self.ids["kai"] if name == "omar" else self.ids["vic"]))
        self.kit.write(logs)
        self.records |= {(one.kind, name): one for one in logs}

    def duties(self, name: str, about: str) -> None:
        """Somebody thinks of their own duty: what they consider, what they reported, whom they told of it."""
        made = DutyReport.consider("child-protection", author=self.ids[name], about=self.ids[about])
        self.keep(f"{about} considered", made, name)
        later = {"told": "later", "put_off": "endangers_other", "look_on": AT.date()}
        for of, told in ((about, later), (f"{about} told", {"told": "after"})):
            made = DutyReport.consider("child-protection", author=self.ids[name], about=self.ids[about])
            done = made.reported(body="Example society (fictional)", how="phone", **told)
            self.keep(of, done, name)
        shared = self.get(self.records["duty_report", about]).share(self.ids["sol"])
        self.keep(f"{about} shared", shared, name)

    def learning(self, name: str) -> None:
        """Somebody who learns: what a trainer and a mentor wrote down, and what it came to."""
        who, day = self.ids[name], AT.date()
        for one, role in (("lee", "trainer"), ("noor", "mentor")):
            self.keep(one, PeerRole.take_on(self.ids[one], role, by=self.spoken(one)))
        self.keep("", make(Questionnaire))
        course = self.keep("", Course.offer(title="Example course (fictional)"))
        self.keep(
            name, Attendance.attend(person=who, course=course, session=1, day=day, trainer=self.ids["lee"])
        )
        self.keep(name, Practicum.log(person=who, mentor=self.ids["noor"], day=day, minutes=90), name)
        self.keep(name, Credential.issue(person=who, what="first-aid", issued_by="Example body", since=day))
        certificate = training.certificate(
            self.get(make(Person, version=1, id=who)),
            self.records["credential", name],
            program=self.kit.program,
            on=day,
        )
        self.keep(name, training.issue(certificate))

    def look(self, kind: Any) -> None:
        if kind is Refusal:
            with pytest.raises(Refused):
                self.save(GoalPlan.begin(person=self.ids["maya"]), "kai")
        with self.kit.session(actor=Actor.system("test")) as s:
            names = {i: n for n, i in self.ids.items()}
            for one in s.find(kind, limit=1000):
                self.records[kind.kind, names.get(getattr(one, "person", ""), "")] = one

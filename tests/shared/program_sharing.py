# SPDX-License-Identifier: Apache-2.0
"""A whole program in which anything happens: records joined and parted, sharing, plans, erasing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import rule
from program_people import EVERYTHING, HITS, REFUSED, Program
from program_promises import BOT, open_at

from peerkit import (
    BreakGlass,
    Consent,
    Decision,
    GoalPlan,
    Merge,
    Notice,
    Person,
    Referral,
    Refused,
    Relationship,
)

SAYS = {
    "sent": ("received", "accepted", "start", "declined"),
    "received": ("accepted", "start", "hold", "declined"),
    "accepted": ("start", "hold", "declined"),
    "under_way": ("hold",),
    "on_hold": ("start", "declined"),
}
"""What a service may say next, by the state that a referral is in."""


class SharingProgram(Program):
    """What may also happen."""

    # -- two records of one human ----------------------------------------------------------------------

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        kept = self.anybody(data)
        away = kept and self.anybody(data, but={kept})
        if away:
            try:
                self.kit.merge(kept, away, reason="the same bicycle", actor=self.dana)
            except Refused as no:
                REFUSED[f"merge: {', '.join(no.codes)}"] += 1
            else:
                HITS["merge"] += 1
                if data.draw(st.booleans()):
                    self.parted(self.pick(data, self.every(Merge, "merged")))

    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        self.parted(self.pick(data, self.every(Merge, "merged")))

    def parted(self, one: Any) -> None:
        if one is not None:
            try:
                self.kit.split(one, reason="two bicycles", actor=self.dana)
            except Refused as no:
                REFUSED[f"split: {', '.join(no.codes)}"] += 1
            else:
                HITS["split"] += 1

    # -- sharing -------------------------------------------------------------------------------------

    def consent(self, person: str, clinic: str, purpose: str, **details: Any) -> Any:
        return Consent.give(person=person, recipient=clinic, classes=EVERYTHING, purpose=purpose, **details)

    @rule(
        data=st.data(),
        purpose=st.sampled_from(["referral", "notice", "export"]),
        days=st.none() | st.integers(1, 15),
    )
    def give(self, data: st.DataObject, purpose: str, days: int | None) -> None:
        until = None if days is None else self.watch.at + timedelta(days=days)
        clinic = self.pick(data, self.clinics)
        if one := self.anybody(data):
            self.save("give", one, lambda: self.consent(one, clinic, purpose, until=until))

    def uncovered(self, person: str) -> set[str]:
        """Referrals under way, and waiting notices, for which no word of the person's stands now."""
        book = self.book()
        at = attrs.make_class("Now", ["position", "at"])(10**9, self.watch.at)
        found = set()
        for one in [*book.all(Referral), *book.all(Notice)]:
            running = one.state in {"sent", "received", "accepted", "under_way", "on_hold", "queued"}
            if one.person == person and running:
                purpose = "referral" if isinstance(one, Referral) else "notice"
                wanted = EVERYTHING if purpose == "referral" else ("own",)
                this = one.id.__eq__
                if not all(
                    open_at(book, person, one.recipient, purpose, name, at=at, fits=this) for name in wanted
                ):
                    found.add(one.id)
        return found

    @rule(data=st.data(), by_word=st.booleans())
    def withdraw(self, data: st.DataObject, *, by_word: bool) -> None:
        here = self.book().here()
        one = self.pick(data, [c for c in self.every(Consent, "given") if c.person in here])
        if one is None:
            return
        before = self.uncovered(one.person)
        if by_word:
            spoken = Decision.of(one.person, how="spoken")
            self.save("withdraw", self.dana, lambda: one.withdraw(by=spoken))
        else:
            self.save("withdraw", one.person, one.withdraw)
        assert self.uncovered(one.person) <= before, "what stood on it goes on"

    @rule(data=st.data(), purpose=st.sampled_from(["*", "referral", "export"]), wide=st.booleans())
    def refuse(self, data: st.DataObject, purpose: str, *, wide: bool) -> None:
        if one := self.anybody(data):
            clinic = None if wide else self.pick(data, self.clinics)
            before = self.uncovered(one)
            no = self.save(
                "refuse", one, lambda: Consent.refuse(person=one, recipient=clinic, purpose=purpose)
            )
            assert self.uncovered(one) <= before, "what stood on it goes on"
            if no and data.draw(st.integers(0, 3)) == 3:
                self.save("lift", one, no.lift)

    @rule(data=st.data())
    def lift(self, data: st.DataObject) -> None:
        self.step(data, "lift", self.every(Consent, "refused"), lambda one: one.lift())

    def referred(self, person: str, clinic: str, service: str) -> Any:
        made = self.save(
            "refer",
            person,
            lambda: Referral.begin(person=person, service=service, recipient=clinic, need="a bed", warm=True),
        )
        return made and self.save("send", person, made.send)

    @rule(data=st.data())
    def refer(self, data: st.DataObject) -> None:
        clinic, service = self.pick(data, self.clinics), self.pick(data, self.services)
        if one := self.anybody(data):
            self.referred(one, clinic, service)

    @rule(data=st.data())
    def send_once(self, data: st.DataObject) -> None:
        """The supporter writes down a spoken word for this one referral."""
        one = self.pick(data, [r for r in self.every(Referral, "draft") if r.person in self.book().here()])
        if one is None:
            return
        spoken = Decision.of(one.person, how="spoken")
        once = {"person": one.person, "recipient": one.recipient, "referral": one, "classes": EVERYTHING}
        if self.save("give_once", self.dana, lambda: Consent.give_once(**once, by=spoken)):
            self.save("send", one.person, one.send)

    @rule(data=st.data())
    def go_alone(self, data: st.DataObject) -> None:
        service = self.pick(data, self.services)
        if one := self.anybody(data):
            self.save("go_alone", one, lambda: Referral.go_alone(person=one, service=service, need="a coat"))

    @rule(data=st.data())
    def service_says(self, data: st.DataObject) -> None:
        """Whatever fits the state that one of them is in."""
        here = self.book().here()
        pairs = [(r, act) for r in self.every(Referral) for act in SAYS.get(r.state, ()) if r.person in here]
        if pairs:
            one, act = self.pick(data, pairs)
            self.says(one, act)

    def says(self, one: Any, act: str) -> Any:
        reasons = {"hold": "papers", "declined": "full"}
        details = {"reason": reasons[act]} if act in reasons else {}
        return self.save(f"service {act}", self.dana, lambda: getattr(one, act)(**details))

    @rule(data=st.data(), far=st.integers(0, 4), ends=st.sampled_from(["outcome", "declined", "answer", ""]))
    def way_of_a_referral(self, data: st.DataObject, far: int, ends: str) -> None:
        """One goes its way, as far as it does."""
        one = self.pick(data, [r for r in self.every(Referral, "sent") if r.person in self.book().here()])
        for act in ("received", "accepted", "hold", "start")[:far]:
            one = one and self.says(one, act)
        if one is None:
            return
        if ends == "declined":
            one = self.says(one, "declined") if "declined" in SAYS[one.state] else None
        elif ends == "outcome":
            one = self.save("outcome", self.dana, lambda: one.record_outcome(outcome="partly"))
        elif ends == "answer":
            self.save("answer", one.person, lambda: one.answer("partly"))
        if one is not None and one.state in {"outcome", "declined"} and data.draw(st.booleans()):
            self.save("close", self.dana, one.close)

    @rule(data=st.data(), far=st.integers(0, 5))
    def way_of_two(self, data: st.DataObject, far: int) -> None:
        """Two are proposed to each other, and then what happens between two people."""
        supporter = self.pick(data, self.supporters())
        person = supporter and self.anybody(data, but={supporter})
        if not person:
            return
        one = self.save("enquire", person, lambda: Relationship.enquire(person=person))
        one = one and self.save("propose", self.dana, lambda: one.propose(supporter))
        steps = [(person, "agree"), (supporter, "take_on"), (person, "pause"), (supporter, "resume")]
        for who, act in steps[:far]:
            one = one and self.save(act, who, getattr(one, act))
        if one and one.state == "proposed" and data.draw(st.booleans()):
            self.save("decline", supporter, one.decline)

    @rule(data=st.data(), far=st.integers(1, 4))
    def way_of_a_goal(self, data: st.DataObject, far: int) -> None:
        """What was suggested is adopted, achieved, wanted again, set aside."""
        one = self.anybody(data)
        plan = one and self.save(
            "begin_plan", one, lambda: GoalPlan.begin(person=one).suggest("Water the beans")
        )
        for act in ("adopt", "achieve", "adopt", "set_aside")[:far] if plan else ():
            plan = self.save(act, one, lambda plan=plan, act=act: getattr(plan, act)(plan.goals[0].id))

    @rule(data=st.data())
    def outcome(self, data: st.DataObject) -> None:
        found = self.every(Referral, "sent", "accepted", "under_way", "going")
        self.step(
            data, "outcome", found, lambda r: r.record_outcome(outcome="received"), lambda _: self.robin
        )

    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        found = self.every(Referral, "outcome", "declined")
        self.step(data, "close", found, lambda r: r.close(), lambda _: self.robin)

    @rule(data=st.data(), answer=st.sampled_from(["yes", "no", "prefer_not_to_say"]))
    def answer(self, data: st.DataObject, answer: str) -> None:
        found = self.every(
            Referral, "sent", "received", "accepted", "under_way", "on_hold", "going", "outcome"
        )
        self.step(data, "answer", found, lambda r: r.answer(answer))

    @rule(data=st.data())
    def recall(self, data: st.DataObject) -> None:
        found = self.every(Referral, "draft", "sent", "received", "accepted", "under_way", "going")
        self.step(data, "recall", found, lambda r: r.recall())

    @rule(data=st.data())
    def reroute(self, data: st.DataObject) -> None:
        clinic, service = self.pick(data, self.clinics), self.pick(data, self.services)
        found = self.every(Referral, "declined", "recalled")
        self.step(data, "reroute", found, lambda r: Referral.reroute(r, service=service, recipient=clinic))

    @rule(data=st.data(), days=st.integers(0, 5))
    def queue(self, data: st.DataObject, days: int) -> None:
        clinic, due = self.pick(data, self.clinics), self.watch.at + timedelta(days=days)
        words = [c.person for c in self.every(Consent, "given") if c.purpose == "notice"]
        one = self.pick(data, sorted(set(words) & self.book().here()))
        if one:
            notice = {"person": one, "recipient": clinic, "words": "Not on Monday", "due": due}
            self.save("queue", one, lambda: Notice.queue(**notice))

    @rule(data=st.data())
    def export(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from([Person, GoalPlan, Relationship, Referral]))
        actor = self.robin if kind is Person else self.anybody(data) or self.robin
        try:
            pages = list(self.kit.disclose(kind, to=self.clinics[0], purpose="export", actor=actor))
        except Refused:
            return
        HITS["export"] += bool(pages and any(len(page) for page in pages))

    @rule(data=st.data())
    def break_glass(self, data: st.DataObject) -> None:
        reader = self.pick(data, [*[s for s in self.supporters() if s in self.book().here()], self.dana])
        person = reader and self.anybody(data, but={reader})
        if not person:
            return
        try:
            self.kit.break_glass(person, reason="nobody answers", actor=reader)
        except Refused as no:
            REFUSED[f"break_glass: {', '.join(no.codes)}"] += 1
            return
        HITS["break_glass"] += 1
        with self.kit.session(actor=reader) as s:
            list(s.find(GoalPlan))

    @rule(data=st.data())
    def review_glass(self, data: st.DataObject) -> None:
        found = [one for one in self.every(BreakGlass) if one.reader != self.dana]
        one = self.pick(data, found)
        if one is not None:
            self.save("tell_glass", self.dana, one.tell)
            with self.kit.session(actor=BOT) as s:
                told = s.get(BreakGlass, one.id)
            self.save("review_glass", self.dana, lambda: told.review(reviewer=self.dana, finding="sound"))

    # -- the plan ------------------------------------------------------------------------------------

    @rule(data=st.data())
    def suggest(self, data: st.DataObject) -> None:
        here = self.book().here()
        pairs = [(r.person, r.supporter) for r in self.every(Relationship, "agreed", "paused")]
        plan = self.pick(data, [p for p in self.every(GoalPlan) if p.person in {a for a, _ in pairs}])
        who = plan and self.pick(data, [b for a, b in pairs if a == plan.person and b in here])
        if who:
            self.save("suggest", who, lambda: plan.suggest("Walk to the library", author=who))

    @rule(data=st.data(), act=st.sampled_from(["adopt", "achieve", "set_aside"]), own=st.booleans())
    def goal(self, data: st.DataObject, act: str, *, own: bool) -> None:
        """The person decides on a goal; or their supporter tries to, and may not."""
        fits = {"adopt": {"suggested"}, "achieve": {"adopted"}, "set_aside": {"suggested", "adopted"}}[act]
        here = self.book().here()
        plans = [
            p for p in self.every(GoalPlan) if p.person in here and any(g.state in fits for g in p.goals)
        ]
        plan = self.pick(data, plans)
        if plan is None:
            return
        goal = next(g for g in plan.goals if g.state in fits)
        if own:
            self.save(act, plan.person, lambda: getattr(plan, act)(goal.id))
        elif self.save("another decides", self.dana, lambda: getattr(plan, act)(goal.id)):
            raise AssertionError("somebody else decided")

    @rule(data=st.data())
    def begin_plan(self, data: st.DataObject) -> None:
        if one := self.anybody(data):
            self.save("begin_plan", one, lambda: GoalPlan.begin(person=one).suggest("Water the beans"))

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        plan = self.pick(data, self.every(GoalPlan))
        if plan is None:
            return
        try:
            self.kit.erase(plan, basis="wish", asked_by=self.robin, decided_by=self.dana)
        except Refused as no:
            REFUSED[f"erase: {', '.join(no.codes)}"] += 1
            return
        HITS["erase"] += 1
        self.kept = [one for one in self.kept if one[1] != plan.id]

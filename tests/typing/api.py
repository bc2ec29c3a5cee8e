# SPDX-License-Identifier: Apache-2.0
"""The public names as somebody would use them. Not run: read by mypy and by pyright, both strict."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import peerkit
from peerkit import GoalPlan, Person

with peerkit.open("memory:") as kit:
    with kit.session() as s:
        maya = s.save(Person.enrol(name="Maya"))
    with kit.session(actor=maya) as s:
        s.save(GoalPlan.begin(person=maya).add_goal("Walk to the library on Saturdays"))
        print([goal.words for plan in s.find(GoalPlan) for goal in plan.goals])
    print(kit.program.day(datetime.fromisoformat("2027-03-01T03:00Z")), peerkit.commands.today(kit))
    with kit.session(actor=maya) as s:
        plan = s.find(GoalPlan)[0]
        first = plan.goals[0].id
        plan = s.save(plan.write_scale(first, ("1", "2", "3", "4", "5"), weight=Decimal(2), baseline=-1))
        signature = s.save(peerkit.Signature.sign(plan, signer=maya, signed_as="person"))
        held: bool = signature.holds(plan)
        s.save(peerkit.Progress.place(plan=plan, goal=first, level=1))
        t: Decimal | None = plan.attainment(s.find(peerkit.Progress)).t
        s.save(peerkit.Review.plan(plan, on=date(2027, 3, 1), every=90))
        s.save(peerkit.FollowUp.agree(person=maya, on=date(2027, 4, 1)).withdraw())
        known = peerkit.Reliability(Decimal(5), Decimal("0.8"), "lower", "a title, a publisher, a year")
        before = s.save(peerkit.Measure.take(person=maya, instrument="our-scale", round="baseline", score=18))
        after = peerkit.Measure.take(
            person=maya, instrument="our-scale", round="follow-up", score=Decimal("9.5")
        )
        if (change := before.change_to(after, known)) is not None:
            print(change.index, change.reliable, held, t)
        s.save(peerkit.Reflection.write(author=maya, words="I listened more"))
        group = peerkit.Activity.plan(
            title="Tea",
            format="drop_in",
            facilitators=(maya,),
            local=datetime.fromisoformat("2027-03-01T18:00"),
            timezone="America/Toronto",
        )
        print(peerkit.SignUp.sign_up(group, person=maya).withdraw().state, group.starts)
        print([one.id for one in peerkit.library.values()], kit.program.policy_version)
        duty = s.save(peerkit.DutyReport.consider(s.duties()[0].code, author=maya))
        duty = s.save(duty.share(maya).unshare(maya).reported(body="A society", how="phone", told="after"))
        print(duty.tell().told, duty.tell_later(put_off="endangers_other", look_on=date(2027, 3, 1)).state)
        asked = s.save(peerkit.Questionnaire.add("format = 1"))
        print(asked.instrument, asked.edition, asked.withdraw().state)
        words: str = s.save(peerkit.Reply.give(plan, person=maya, words="I see it otherwise")).words
        print(words, [one.of for one in s.find(peerkit.Reply, about=plan)])
        own = peerkit.SafetyPlan.begin(person=maya).add("help", "My aunt", reach="555-0100").open_first()
        own = s.save(own.let_callers().review(date(2027, 3, 1)))
        print(own.mentions(kit.program.lines), [one.reach for one in own.of("help")], own.for_callers)
        print(own.lacks(kit.program.lines), own.suggestions, own.shared_with, own.state)
        quoted = s.save(peerkit.Feedback.give(person=maya, words="It helped").let_quote("Maya")).quotable
        print(quoted)
    with kit.session() as s:
        dana = s.save(Person.enrol(name="Dana"))
        may = s.save(
            peerkit.Authority.record(
                person=maya,
                human=dana,
                areas=("sharing",),
                basis="guardian",
                paper="binder 3",
                look_on=date(2027, 3, 1),
            ).look_again(look_on=date(2027, 4, 1))
        )
        in_place = peerkit.Decision.of(dana, how="paper", evidence="binder 3", on_behalf_of=maya)
        given = peerkit.Consent.refuse(person=maya, by=in_place)
        print(given.in_place, may.end().state, may.until)
        put_back: list[peerkit.Restoration] = [*s.find(peerkit.Restoration, state="held")]
        print(put_back, [(gap.of, gap.acts, gap.level) for gap in kit.gaps()])
        print(kit.instrument("asq", version="1.0").title, [one.state for one in kit.instruments()])
        print(s.counts(date(2027, 1, 1), date(2027, 1, 31)).individuals, kit.warm_line().sentences)
        print(kit.safety_policy().in_language("fr").sentences, kit.safety_policy().on_call)
        print(kit.unwatched(peerkit.Reply, "fr"), kit.unwatched("feedback"))
        report = kit.alarm_report(date(2027, 1, 1), actor=maya)
        print(report.whole.false_alarms, report.weeks[0].figures.opened, report.to_pass_on()["opened"])
        course = s.save(peerkit.Course.offer(title="Ours", rule="ours", peer_developed=True))
        day = date(2026, 3, 1)
        s.save(peerkit.Attendance.attend(person=maya, course=course, session=1, day=day).strike())
        s.save(peerkit.Credential.issue(person=maya, what="ours", issued_by="Us", since=day).renew(None))
        spoken = peerkit.Decision.of(maya, how="spoken")
        paper = s.save(peerkit.Credential.issue(person=maya, what="ours", issued_by="Us", since=day))
        content = peerkit.training.certificate(maya, paper, program=kit.program, on=day)
        letter: peerkit.Letter = s.save(peerkit.training.issue(content))
        print(letter.sha256, peerkit.training.verify(s, content.sha256, on=day).state, content.lines)
        found = peerkit.training.assess(s, maya, "core-essentials")
        print(found.outcome, [(one.what, one.amount) for one in found.missing])
        walk = peerkit.hooks.Cell("walks", "walks", people={maya.id}, number=1)
        gates = peerkit.training.gates("format = 1\ngates = []")
        passed: peerkit.training.Passage = peerkit.training.passage(gates, kit.program, [], day)
        print(passed.open, passed.until, peerkit.library.resources(plugins=kit.plugins)[0].id)
        print(peerkit.hooks.ReportSection("walks", "Walks", lambda _period: [walk]).name)
        print(peerkit.hooks.Worry("one", peerkit.texts._("A fever."), maya).level)
        print(kit.concern("A worry", [maya, maya.id]).reached)
        print(kit.concern("A worry", maya, first=maya, plugin="walks", key="one").reached)
        print(peerkit.training.load("core-essentials").outcomes[0].id, peerkit.hooks.CourseRule("", "x.toml"))
        packs = [one.pack for one in kit.plugins if one.pack is not None]
        print(peerkit.hooks.pack("riverside").folder, peerkit.hooks.Wording("", "x-en.toml").source)
        print([(one.title, one.licence.holder, [item.sort for item in one.contents]) for one in packs])
        s.save(peerkit.PeerRole.take_on(maya, "mentor", by=spoken))
        s.save(peerkit.Practicum.log(person=maya, mentor="an-id", day=day, minutes=60, by=spoken))


def period_of(period: peerkit.hooks.Period) -> tuple[int, list[str]]:
    history: Sequence[peerkit.hooks.Version[Person]] = period.history(Person, "an-id")
    return len(history), [one.name for one in period.find(Person)]


def who(one: peerkit.Ref) -> str:
    return peerkit.ref(one) or peerkit.new_id()


from peerkit import hooks, instruments, library, texts  # noqa: E402  # the ten lines above stand as on the first page

french: texts.Texts = texts.for_locale("fr-CA", "en")
said: str = french(texts.many("{n} meeting", "{n} meetings", 3))
print(said, french.label("relationship", "state", "agreed"), [french(one.words) for one in library.values()])

asq: instruments.Instrument = instruments.in_language(instruments.load("asq"), "fr")
result: instruments.Result = instruments.load("phq-9").score({"q1": 1}, received=Decimal(1))
print(asq.id, asq.speaks("fr"), asq.wording("fr").without, result.received, result.differs)

_ = peerkit.texts.catalogue_of("texts", "garden")
beans: str = peerkit.texts.for_locale("fr")(_.many("{n} bean", "{n} beans", 3))
shelf: peerkit.texts.Catalogue = _
printed = peerkit.paper.Pages(_.about("of a page", "mine"), locale="fr", size=peerkit.paper.LARGE)
printed.picture(b"", "a chart")
peerkit.paper.keep(Path("mine.pdf"), "mine", printed.bytes)
with peerkit.open("memory:") as kit, kit.session() as s:
    goals = s.suggest("goal", locale="fr", barriers=["income"])
    print([(one.what, one.cost, one.needs) for one in goals], goals.unfit, beans, shelf)
    print(kit.plugins.texts("fr").label("task", "what", "garden-visit"), peerkit.hooks.BARRIERS)
    soup = peerkit.hooks.GoalTemplate("soup", _("Cook soup"), "it lasts", "a group", needs=("kitchen",))
    code = peerkit.hooks.Label("", "need", "garden", _("a garden"))
    print(soup.instead, code, peerkit.hooks.Kind(peerkit.Person, private=True, labels={("act", "x"): "x"}))


class Garden:
    """A plugin, with each of the five hooks."""

    @peerkit.hookimpl
    def peerkit_supply(self) -> Iterable[hooks.Supply]:
        yield hooks.Access(reads={"leave"}, writes={"task"}, worries=True)
        row = hooks.WordRow(("case",), ("person",), source="our glossary")
        yield hooks.WordList("garden", "en", "our glossary", rows=lambda: [row])
        yield hooks.Command("garden plant", "Plan a visit.", lambda: None)

    @peerkit.hookimpl
    def peerkit_check(self, proposal: hooks.Proposal) -> Iterable[peerkit.Objection]:
        for leave, change in proposal.of(peerkit.Leave, "plan"):
            yield peerkit.Objection("away", f"not on {proposal.now:%A}s", leave.kind, change.record.id)

    @peerkit.hookimpl
    def peerkit_respond(self, proposal: hooks.Proposal) -> Iterable[peerkit.Record]:
        for task in proposal.view.find(peerkit.Task, state="open"):
            yield task.done()

    @peerkit.hookimpl
    def peerkit_suggest(self, question: hooks.Question) -> Iterable[hooks.Suggestion]:
        yield hooks.Suggestion("Water the beans", question.topic, needs=("garden",))

    @peerkit.hookimpl
    def peerkit_observe(self, page: hooks.Page, view: hooks.View) -> Iterable[hooks.Worry]:
        for envelope in page.envelopes:
            if view.get(Person, envelope.id) is not None:
                yield hooks.Worry(envelope.id, _("Nobody answers."), about=envelope.id, level="today")

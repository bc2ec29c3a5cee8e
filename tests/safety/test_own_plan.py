# SPDX-License-Identifier: Apache-2.0
"""Next steps that begin with the person's own plan: for whom, and that no alarm is lost by it."""

from __future__ import annotations

import logging
import threading
from typing import Any

import attrs
import pytest

from peerkit import Actor, Decision, SafetyPlan
from peerkit.errors import StorageError, UnsavedScreen
from peerkit.kit.kit import Kit
from peerkit.safety import own_plan

YES = True
WORDS = "Count the green doors on Mill Street"


def plan_of(world: Any, *readers: str, first: bool = True) -> SafetyPlan:
    """Maya's plan, shared with these."""
    with world.kit.session(actor=world.maya) as s:
        plan = SafetyPlan.begin(person=world.maya).add("help", "My aunt", reach="555-0100")
        plan = plan.add("alone", "Tea").add("alone", WORDS)
        plan = plan.move(plan.entries[-1].id, 1)
        for reader in readers:
            plan = plan.share(world.people[reader])
        return s.save(plan.open_first() if first else plan)


def reads(world: Any) -> list[Any]:
    return [one for one in world.all("read") if one.of == "safety_plan"]


def test_it_opens_first_for_the_person_in_their_order_and_for_nobody_else(world: Any) -> None:
    plan_of(world)
    steps = world.screen(by="maya").answer("q5", YES)
    assert steps.level == "now"
    assert steps.sentences[: len(steps.plan)] == steps.plan
    assert list(steps.plan) == [
        own_plan.MINE,
        "What I can do by myself",
        f"1. {WORDS}",
        "2. Tea",
        "People I can ask for help",
        "1. My aunt (555-0100)",
    ]
    assert "You do not have to be alone with this" in steps.sentences[len(steps.plan)]
    assert world.screen(by="sam").answer("q5", YES).plan == ()  # who walks beside her does not read it
    assert world.screen(by="ola").answer("q5", YES).plan == ()
    assert reads(world) == []


def test_whom_it_is_shared_with_gets_it_and_the_reading_is_logged(world: Any) -> None:
    plan = plan_of(world, "sam")
    steps = world.screen(by="sam").answer("q1", YES)
    assert steps.plan[0] == own_plan.THEIRS
    [read] = reads(world)
    assert (read.reader, read.person, read.records) == (world.sam, (world.maya,), (plan.id,))
    assert any(one.what == "read" and one.by == world.sam for one in world.kit.log(actor=world.maya))


def test_it_comes_first_only_if_the_person_wishes_it(world: Any) -> None:
    plan = plan_of(world, first=False)
    assert world.screen(by="maya").answer("q5", YES).plan == ()
    with world.kit.session(actor=world.maya) as s:
        plan = s.save(s.get(SafetyPlan, plan.id).open_first())
    assert world.screen(by="maya").answer("q5", YES).plan
    with world.kit.session(actor=world.maya) as s:
        s.save(plan.set_aside())
    assert world.screen(by="maya").answer("q5", YES).plan == ()


def test_a_concern_opens_it_for_who_is_signed_in_and_never_for_who_somebody_says_they_are(world: Any) -> None:
    plan_of(world, "sam")
    concern = world.kit.concern
    assert concern("worried", about=world.maya, by=world.maya).plan == ()  # anybody may say so
    assert concern("worried", about=world.maya).plan == ()
    assert concern("worried", about=world.maya, actor=object()).plan == ()
    assert concern("worried", about=world.maya, actor=Actor(world.sam)).plan
    assert concern("worried", about=world.maya, by=world.maya, actor=world.maya).plan[0] == own_plan.MINE


def test_it_is_said_in_another_language_but_for_the_persons_words(world: Any) -> None:
    plan_of(world)
    steps = world.screen(by="maya").answer("q5", YES).in_language("fr")
    assert f"1. {WORDS}" in steps.sentences
    assert own_plan.MINE not in steps.sentences


def test_no_word_of_it_is_in_a_text_that_may_be_logged(world: Any, caplog: pytest.LogCaptureFixture) -> None:
    plan = plan_of(world, "sam")
    with caplog.at_level(logging.DEBUG):
        steps = world.screen(by="sam").answer("q5", YES)
        logging.getLogger("host").info("%s %r %s %r", steps, steps, plan, plan.entries)
    sent = " ".join(f"{one.subject} {one.text}" for one in world.wire.sent)
    for text in (str(steps), repr(steps), repr(plan), caplog.text, sent):
        assert WORDS not in text
        assert "aunt" not in text
    assert WORDS in "\n".join(steps.sentences)


def broken_find(*_args: Any, **_details: Any) -> Any:
    raise StorageError("the disk is gone")


def hanging(*_args: Any, **_details: Any) -> Any:
    threading.Event().wait()


def wrong(*_args: Any, **_details: Any) -> Any:
    raise RuntimeError("whatever a plugin raises")


@pytest.mark.parametrize("fault", [broken_find, hanging, wrong], ids=["fails", "hangs", "raises"])
@pytest.mark.parametrize("where", ["rights", "session", "log_read"])
def test_a_plan_that_cannot_be_read_costs_no_alarm_and_nothing_of_the_steps(
    world: Any, monkeypatch: pytest.MonkeyPatch, fault: Any, where: str
) -> None:
    plain = world.screen(by="sam").answer("q5", YES)
    plan_of(world, "sam")
    if where == "rights":
        before = world.kit.rights.allow

        def allow(kind: str, *rest: Any) -> Any:
            return fault() if kind == "safety_plan" else before(kind, *rest)

        monkeypatch.setattr(world.kit.rights, "allow", allow)
    else:
        monkeypatch.setattr(Kit, where, fault)
    screening = world.kit.screening("asq", world.maya, actor=world.sam)
    steps = screening.answer("q5", YES)
    assert steps.plan == ()
    alike = {"reference": "", "alert": ""}
    assert attrs.evolve(steps, **alike) == attrs.evolve(plain, **alike)
    assert [one.level for one in world.alerts] == ["now", "now"]
    assert len(world.wire.to) >= 2  # each was sent


def test_what_could_not_be_stored_never_carries_it(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plan_of(world)
    screen = world.screen(by="maya")

    def locked(*_args: Any, **_options: Any) -> None:
        raise StorageError("locked")

    monkeypatch.setattr(world.kit, "write", locked)
    with pytest.raises(UnsavedScreen) as failed:
        screen.answer("q5", YES)
    assert failed.value.steps.plan == ()
    assert WORDS not in str(failed.value)


def test_a_plan_of_a_newer_peerkit_is_passed_over(world: Any) -> None:
    from peerkit.kit.steps import stage
    from peerkit.ports import Batch

    plan = plan_of(world)
    change = stage(plan.add("alone", "More"), Actor(world.maya), world.kit.codec).change
    newer = attrs.evolve(change, doc_version=99, body=b'{"entries": "a word of tomorrow"}')
    world.kit.storage.commit(Batch((newer,), world.clock.now()))
    assert world.screen(by="maya").answer("q5", YES).plan == ()


# -- whoever takes an alert ------------------------------------------------------------------------


def may_read(world: Any, who: str, plan: SafetyPlan) -> bool:
    with world.kit.session(actor=world.people[who]) as s:
        found = s.find(SafetyPlan, person=world.maya) if who != "cora" else []
        return plan.id in {one.id for one in found}


def test_whoever_takes_an_alert_reads_it_if_the_person_said_so_and_while_it_is_theirs(
    world: Any,
) -> None:
    plan = plan_of(world)
    world.screen(by="sam").answer("q5", YES)
    world.acknowledge("ola")
    assert not may_read(world, "ola", plan)
    with world.kit.session(actor=world.maya) as s:
        s.save(s.get(SafetyPlan, plan.id).let_callers())
    assert may_read(world, "ola", plan)
    assert not may_read(world, "sue", plan)  # she was told, and has not taken it
    assert [one.reader for one in reads(world)] == [world.ola]
    world.acknowledge("ola", can_come=False)
    assert not may_read(world, "ola", plan)


def test_who_has_taken_another_persons_alert_reads_nothing_by_it(world: Any) -> None:
    plan = plan_of(world)
    with world.kit.session(actor=world.maya) as s:
        s.save(s.get(SafetyPlan, plan.id).let_callers())
    world.enrol("theo")
    world.kit.concern("worried", about=world.theo)
    world.acknowledge("ola")
    assert not may_read(world, "ola", plan)


def test_a_spoken_word_alone_opens_it_to_nobody(world: Any) -> None:
    from peerkit import Refused

    said = Decision.of(world.maya, how="spoken")
    for open_it in (lambda p: p.share(world.sam, by=said), lambda p: p.let_callers(by=said)):
        with pytest.raises(Refused) as caught, world.kit.session(actor=world.sam) as s:
            s.save(open_it(SafetyPlan.begin(person=world.maya, by=said)))
        assert caught.value.codes == ("too-weak",)

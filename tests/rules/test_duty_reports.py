# SPDX-License-Identifier: Apache-2.0
"""What the law may ask of somebody in person: theirs to say, theirs to do, and nobody else's to know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from duty_house import CODE, LATER, MADE, considered, reads, reported, settled, waiting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerkit import Actor, Alert, Concern, Consent, Decision, DutyReport, Leave, Recipient, Task
from peerkit.errors import Malformed, NotFound, Refused
from peerkit.gate import Wanted
from peerkit.model.ids import new_id
from peerkit.model.program import Duty

World = Any


@pytest.fixture
def town(world: World) -> World:
    return settled(world)


# -- which duty, and whose ---------------------------------------------------------------------------


def test_it_keeps_where_the_duty_stood_that_day_whatever_was_given_or_comes_later(town: World) -> None:
    with town.kit.session(actor=town.kai) as s:
        [duty] = s.duties()
        made = s.save(DutyReport.consider(CODE, author=town.kai, source="hearsay", as_of="never"))
    assert (made.region, made.source, made.as_of) == ("CA-ON", duty.source, duty.as_of)
    assert "Child, Youth and Family Services Act, 2017" in made.source
    own = Duty(code=CODE, words="Report it.", source="Another Act", as_of="2026-03-01")
    town.save(town.kit.program.update(settings={"duties": (own,)}))
    assert town.get(made).source == duty.source
    again = considered(town, follows=made)
    assert (again.source, again.as_of) == ("Another Act", "2026-03-01")


def test_a_code_of_no_duty_here_is_said_to_be_none(town: World) -> None:
    with pytest.raises(Malformed, match=r"no duty of that code.*duty_report\.duty"):
        town.save(DutyReport.consider("adult-protection", author=town.kai), actor=town.kai)
    with pytest.raises(Malformed):
        DutyReport.consider("he hits her", author=town.kai)
    with pytest.raises(Malformed, match="somebody else"):
        DutyReport.consider(CODE, author=town.kai, about=town.kai)


@pytest.mark.parametrize("how", [None, "spoken", "device", "paper"])
@pytest.mark.parametrize("who", ["coordinator", "sol", "maya", "noor", "pat"])
def test_nobody_reports_or_decides_it_in_their_place(town: World, who: str, how: str | None) -> None:
    drawer = "drawer" if how == "paper" else None
    by = None if how is None else Decision.of(town.kai, how=how, evidence=drawer)
    made = considered(town, about=town.maya)
    for act in (
        lambda: DutyReport.consider(CODE, author=town.kai, by=by),
        lambda: made.reported(**MADE, told="after", by=by),
        lambda: made.not_reported(reason="I was told so", by=by),
    ):
        with pytest.raises(Refused) as caught:
            town.save(act(), actor=getattr(town, who))
        assert set(caught.value.codes) <= {"not-theirs", "too-weak", "no-right"}
    assert town.get(made).state == "considered"


def test_it_arose_from_what_there_is_and_goes_on_from_ones_own(town: World) -> None:
    alert = town.kit.concern("I worry", about=town.maya, by=town.kai).alert
    [concern] = town.every(Concern)
    first = considered(town, arose_from=alert)
    second = considered(town, arose_from=concern, follows=first)
    assert (second.arose_from, second.follows) == (concern.id, first.id)
    assert town.get(town.every(Alert)[0]).state == "open"
    theirs = DutyReport.consider(CODE, author=town.noor, follows=first)
    elsewhere = DutyReport.consider(CODE, author=town.noor, arose_from=town.maya)
    unknown = DutyReport.consider(CODE, author=town.noor, about=new_id())
    for odd, code in ((theirs, "unknown-record"), (elsewhere, "unknown-record"), (unknown, "unknown-person")):
        with pytest.raises(Refused) as caught:
            town.save(odd, actor=town.noor)
        assert caught.value.codes == (code,)


def test_it_closes_no_alert_and_waits_for_none(town: World) -> None:
    alert = town.kit.concern("I worry", about=town.maya, by=town.noor).alert
    before = town.every(Alert)
    reported(town, begun={"arose_from": alert})
    assert town.every(Alert) == before


# -- who is reminded ---------------------------------------------------------------------------------


def test_they_are_reminded_at_once_and_what_they_did_ends_it(town: World) -> None:
    made = considered(town, about=town.maya)
    [task] = waiting(town)
    assert (task.owner, task.what, task.due, task.about) == (
        town.kai.id,
        "duty-in-person",
        town.watch.at,
        made.id,
    )
    assert (task.person, task.note) == ("", "")  # who reads every task learns of nobody
    town.save(made.reported(**MADE, told="before"), actor=town.kai)
    assert not waiting(town)
    other = considered(town)
    assert len(waiting(town)) == 1
    town.save(other.not_reported(reason="It was a game"), actor=town.kai)
    assert not waiting(town)


def test_who_writes_down_afterwards_that_they_reported_is_reminded_of_nothing(town: World) -> None:
    yesterday = town.watch.at - timedelta(days=1)
    made = DutyReport.consider(CODE, author=town.kai).reported(**MADE, occurred=yesterday)
    assert town.save(made, actor=town.kai).occurred == yesterday
    assert not town.every(Task, what="duty-in-person")
    early = DutyReport.consider(CODE, author=town.kai).reported(
        **MADE, occurred=town.watch.at + timedelta(hours=1)
    )
    with pytest.raises(Refused) as caught:
        town.save(early, actor=town.kai)
    assert caught.value.codes == ("not-yet",)


def test_two_steps_in_one_session_leave_no_task_behind(town: World) -> None:
    with town.kit.session(actor=town.kai) as s:
        s.save(s.save(DutyReport.consider(CODE, author=town.kai)).reported(**MADE))
    assert not waiting(town)


def test_telling_a_supervisor_does_not_close_it_nor_does_anybody_else(town: World) -> None:
    made = considered(town)
    town.save(made.share(town.sol), actor=town.kai)
    [task] = waiting(town)
    for who, act in (
        (town.kai, task.done()),
        (town.kai, task.drop()),
        (town.kai, task.hand_to(town.sol)),
        (town.coordinator, task.done()),
        (town.coordinator, task.hand_to(town.coordinator)),
    ):
        with pytest.raises(Refused) as caught:
            town.save(act, actor=who)
        assert caught.value.codes == ("duty-open",)
    assert waiting(town) == [task]


def test_no_cover_hears_of_it_nobody_is_asked_too_and_nobody_gets_it(town: World) -> None:
    made = considered(town)
    call = Task.give(owner=town.kai, what="call-back", due=town.watch.at)
    town.save(call, actor=town.kai)
    away = Leave.plan(
        person=town.kai, cover=town.noor, starts=town.watch.at, ends=town.watch.at + timedelta(days=9)
    )
    town.save(away, actor=town.kai)
    with town.kit.session(actor=town.noor) as s:
        assert "duty-in-person" not in {one.what for one in s.due()}
        assert "call-back" in {one.what for one in s.due()}
    with town.kit.session(actor=town.kai) as s:
        assert [one.about for one in s.due() if one.what == "duty-in-person"] == [made.id]
    town.watch.forward(days=3)
    town.kit.tick()
    asked = {one.what: bool(one.asked_too) for one in town.every(Task, state="open", owner=town.kai.id)}
    assert (asked["duty-in-person"], asked["call-back"]) == (False, True)
    town.save(town.get(town.kai).leave(), actor=town.kai)
    owners = {one.what: one.owner for one in town.every(Task, state="open")}
    assert owners["duty-in-person"] == town.kai.id
    assert owners["call-back"] != town.kai.id


# -- telling whom it is about, and who else reads ------------------------------------------------------


def test_whom_it_is_about_reads_it_once_told_and_until_then_it_leaves_no_trace_for_them(town: World) -> None:
    made = considered(town, about=town.maya)
    late = town.save(made.reported(**MADE, **LATER), actor=town.kai)
    town.save(late.share(town.sol), actor=town.kai)
    assert reads(town, town.sol, late)  # and it is logged, for the author
    for everything in (False, True):
        told = town.kit.log(actor=town.maya, everything=everything)
        assert not [one for one in told if late.id in one.records or one.what == "hidden"]
        assert not [one for one in told if "duty_report" in one.kinds]
    assert not reads(town, town.maya, late)
    [read] = [one for one in town.kit.log(actor=town.kai, everything=True) if one.what == "read"]
    assert (read.by, read.kinds) == (town.sol.id, ("duty_report",))
    now = town.save(town.get(late).tell(), actor=town.kai)
    assert reads(town, town.maya, now)
    shown = [one for one in town.kit.log(actor=town.maya, everything=True) if late.id in one.records]
    assert "decided" in {one.what for one in shown}
    page = town.kit.log(actor=town.maya)  # as it opens by itself, where somebody may look over a shoulder
    assert not [one for one in page if late.id in one.records]
    assert "hidden" in {one.what for one in page}


def test_that_they_were_told_by_mistake_is_taken_back(town: World) -> None:
    made = reported(town)
    assert reads(town, town.maya, made)
    town.save(made.tell_later(put_off="endangers_person", look_on=date(2026, 3, 5)), actor=town.kai)
    assert not reads(town, town.maya, made)
    assert [one.what for one in waiting(town)] == ["tell-of-report"]


def test_what_was_not_reported_stays_with_who_thought_of_it(town: World) -> None:
    made = town.save(considered(town, about=town.maya).not_reported(reason="canary"), actor=town.kai)
    everybody = ("kai", "maya", "sol", "pat", "noor", "coordinator")
    assert [one for one in everybody if reads(town, getattr(town, one), made)] == ["kai"]


def test_a_day_to_look_again_is_needed_soon_enough_and_asks_on_that_day(town: World) -> None:
    made = considered(town, about=town.maya)
    for odd in (
        {},
        {"told": "never"},
        {"told": "later"},
        {"told": "later", "put_off": "endangers_other"},
        {"told": "later", "put_off": "shame", "look_on": date(2026, 3, 5)},
        {"told": "after", "put_off": "endangers_other"},
    ):
        with pytest.raises(Malformed):
            made.reported(**MADE, **odd)
    for day in (date(2026, 3, 1), date(2026, 4, 2)):
        with pytest.raises(Refused) as caught:
            town.save(made.reported(**MADE, **{**LATER, "look_on": day}), actor=town.kai)
        assert caught.value.codes == ("tell-by",)
    late = town.save(made.reported(**MADE, **LATER), actor=town.kai)
    [task] = waiting(town)
    assert (task.what, task.due) == ("tell-of-report", datetime(2026, 3, 20, 4, tzinfo=UTC))
    with pytest.raises(Refused) as caught:
        town.save(task.done(), actor=town.kai)
    assert caught.value.codes == ("duty-open",)
    later = town.save(late.tell_later(put_off="endangers_other", look_on=date(2026, 3, 25)), actor=town.kai)
    [task] = waiting(town)
    assert task.due == datetime(2026, 3, 25, 4, tzinfo=UTC)
    town.save(later.tell(), actor=town.kai)
    assert not waiting(town)


def test_the_author_chooses_who_else_reads_it_and_takes_it_back(town: World) -> None:
    made = town.save(considered(town, about=town.maya).share(town.sol), actor=town.kai)
    assert reads(town, town.sol, made)
    with pytest.raises(Refused):
        town.save(made.share(town.noor), actor=town.sol)
    with pytest.raises(Malformed, match="tell"):
        made.share(town.maya)
    back = town.save(made.unshare(town.sol), actor=town.kai)
    assert not reads(town, town.sol, back)


def test_it_is_read_by_somebody_who_is_here_and_no_more_once_they_left(town: World) -> None:
    made = town.save(considered(town, about=town.maya).share(town.sol), actor=town.kai)
    town.save(town.get(town.noor).leave(), actor=town.noor)
    for reader in (new_id(), town.noor):
        with pytest.raises(Refused) as caught:
            town.save(made.share(reader), actor=town.kai)
        assert caught.value.codes == ("unknown-person",)
    town.save(town.get(town.sol).leave(), actor=town.sol)
    assert town.get(made).shared_with == ()
    assert not reads(town, town.sol, made)


def test_no_consent_lets_it_out_and_it_says_nothing_in_repr_or_error(town: World) -> None:
    made = reported(town)
    clinic = town.save(Recipient.add(name="Example clinic (fictional)"))
    for who in (town.kai, town.maya):
        words = Consent.give(person=who, recipient=clinic, classes=("safety",), purpose="care")
        town.save(words, actor=who)
    pages = list(town.kit.disclose(Wanted(DutyReport), to=clinic, purpose="care", actor=town.kai))
    assert [(one.documents, one.withheld) for one in pages] == [((), 1)]
    assert not list(town.kit.disclose(DutyReport, to=clinic, purpose="care", actor=Actor.system("test")))
    assert "canary" not in repr(made)


# -- what was done about an alert may name it ----------------------------------------------------------


def test_a_response_names_it_where_nobody_learns_of_it_too_soon(town: World) -> None:
    alert = town.kit.concern("I worry", about=town.theo, by=town.noor).alert
    late = town.save(considered(town, about=town.maya).reported(**MADE, **LATER), actor=town.kai)
    mine = town.save(
        DutyReport.consider(CODE, author=town.coordinator).reported(**MADE), actor=town.coordinator
    )
    waits = town.save(DutyReport.consider(CODE, author=town.coordinator), actor=town.coordinator)
    with town.kit.session(actor=town.coordinator) as s:
        s.acknowledge(alert)
        with pytest.raises(NotFound):
            s.respond(alert, "act", words="reported", report=late)
        with pytest.raises(Refused) as caught:
            s.respond(alert, "act", words="reported", report=waits)
        assert caught.value.codes == ("untold-report",)
        with pytest.raises(Malformed):
            s.respond(alert, "meet", need="acted", report=mine)
        done = s.respond(alert, "act", words="reported", report=mine)
    assert [one.report for one in done.actions] == [mine.id]
    assert town.get(town.every(Alert)[0]).state == "acting"


# -- any order of steps --------------------------------------------------------------------------------

LEGAL = {
    "considered": {"reported", "later", "not_reported", "share", "unshare"},
    "reported": {"tell", "tell_later", "share", "unshare"},
    "not_reported": {"share", "unshare"},
}
STEPS = st.lists(st.sampled_from(sorted(set().union(*LEGAL.values()))), max_size=8)


def step(town: World, made: Any, name: str) -> Any:
    ways = {
        "reported": lambda: made.reported(**MADE, told="after"),
        "later": lambda: made.reported(**MADE, **LATER),
        "not_reported": lambda: made.not_reported(reason="no"),
        "tell": made.tell,
        "tell_later": lambda: made.tell_later(put_off="endangers_other", look_on=date(2026, 3, 9)),
        "share": lambda: made.share(town.sol),
        "unshare": lambda: made.unshare(town.sol),
    }
    return ways[name]()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_who_owes_something_is_reminded_and_who_was_not_told_reads_nothing(
    town: World, steps: list[str]
) -> None:
    made = considered(town, about=town.maya)
    for name in steps:
        if name in LEGAL[made.state]:
            made = town.save(step(town, made, name), actor=town.kai)
        else:
            with pytest.raises(Refused, match="this is"):
                step(town, made, name)
        owes = made.state == "considered" or made.told == "later"
        assert len(waiting(town, made)) == owes
        assert reads(town, town.maya, made) == (made.told == "after")
        assert reads(town, town.sol, made) == (town.sol.id in made.shared_with)

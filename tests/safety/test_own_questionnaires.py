# SPDX-License-Identifier: Apache-2.0
"""A program's own questionnaires: brought in, worded, and kept for the answers that were given to them."""

from __future__ import annotations

import sqlite3
import threading
import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from own_questionnaires import BARE, MILDER, PACK, WEEK, Supplies, add, darken, lines, tasks, withdraw

import peerkit
from peerkit import Malformed, NotFound, Questionnaire, Refused
from peerkit.levels import Level

MUTE = WEEK.replace('"week"', '"mute"').replace('level = "today"', 'level = "none"')

# -- brought in ------------------------------------------------------------------------------------------


def test_a_programs_own_questionnaire_works_as_ours_do(world: Any) -> None:
    record = add(world)
    assert (record.instrument, record.edition, record.sort, record.languages) == (
        "week",
        "1.0",
        "definition",
        ("en",),
    )
    assert lines(world) == [("week", "1.0", "on")]
    screen = world.screen(instrument="week")
    assert screen.next == ("q1", "q2")
    assert screen.answer("q1", value=False).level == "today"
    (held,) = world.all("risk_screen")
    assert (held.instrument, held.edition, held.sha256) == ("week", "1.0", record.sha256)
    assert held.obstacles == ()
    week = world.kit.instrument("week")
    assert week.text("q1", "en") == "Did you have company?"
    assert week.sha256 == record.sha256


def test_a_screen_begun_with_one_version_is_judged_by_it_when_there_is_another(world: Any) -> None:
    add(world)
    old = world.screen(instrument="week")
    add(world, MILDER)
    assert lines(world) == [("week", "1.0", "replaced"), ("week", "1.1", "on")]
    assert world.screen(screen=old.id).answer("q1", value=False).level == "today"
    assert world.screen(instrument="week").answer("q1", value=False).level == "talk"
    assert {answer.obstacles for answer in world.all("answer")} == {()}
    assert [world.kit.instrument("week", version=v).triage[0].level for v in ("1.0", "1.1")] == [
        "today",
        "talk",
    ]


def test_ten_thousand_questions_come_in_and_are_asked(world: Any) -> None:
    items = "".join(f'[[items]]\nid = "q{n}"\nanswers = "yes-no"\n' for n in range(1, 10_001))
    head, _, tail = BARE.partition("[[items]]")
    add(world, head + items + tail[tail.index("[scoring]") :])
    assert len(world.screen(instrument="week").next) == 10_000


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("this is no TOML", "unfit-questionnaire", "not TOML"),
        ("", "unfit-questionnaire", "must be given"),
        ("format = 2\nid = 'week'", "unfit-questionnaire", "reads format 1"),
        (WEEK.replace('answers = "yes-no"', 'answers = "yes-no-no"', 1), "unfit-questionnaire", "items.q1"),
        (WEEK.replace("permitted = true", "permitted = false"), "unfit-questionnaire", "nothing permits it"),
        (WEEK.replace('"1.0"', '"1.1234567890"'), "unfit-questionnaire", "nine digits"),
        (WEEK.replace('"week"', '"asq"'), "shipped-id", "give yours another"),
        (WEEK.replace('"1.0"', '"1.00"').replace("sleep", "rest"), "version-used", "new version"),
        (WEEK.replace("sleep", "rest"), "version-used", "new version"),
        (MUTE, "no-alert-rules", "triage"),
        (WEEK, "there-already", "before"),
        (PACK.replace('"week"', '"month"'), "no-definition", "bring that in first"),
        (PACK.replace('"1.0"', '"1.1"'), "no-definition", "bring that in first"),
        (PACK.replace("q2 =", "q3 ="), "unfit-questionnaire", "texts"),
        (PACK.replace("permitted = true", "permitted = false"), "unfit-questionnaire", "nothing permits it"),
        (PACK.replace('"fr"', '"en"'), "unfit-questionnaire", "never mixed"),
        (PACK.replace('"week"', '"asq"').replace('"1.0"', '"0.0"'), "no-definition", "bring that in first"),
    ],
)
def test_what_does_not_fit_is_refused_and_says_where(opened: Any, text: str, code: str, says: str) -> None:
    world = opened()
    add(world)
    with pytest.raises(Refused, match=says) as caught:
        add(world, text)
    assert caught.value.codes == (code,)
    assert lines(world) == [("week", "1.0", "on")]


def test_one_that_alarms_nobody_comes_in_where_that_is_said_and_the_record_keeps_it(opened: Any) -> None:
    world = opened()
    with world.kit.session(actor=world.cora) as s:
        saved = s.save(Questionnaire.add(MUTE, no_alerts=True))
    assert s.kit._find_all("questionnaire")[0].no_alerts
    assert saved.edition == "1.0"
    assert lines(world) == [("mute", "1.0", "on")]


def test_a_wording_for_one_version_is_for_it_however_it_is_written(opened: Any) -> None:
    world = opened()
    add(world)
    add(world, PACK.replace('"1.0"', '"1.0.0"'))
    assert world.kit.instrument("week", version="1").languages == ("en", "fr")


@pytest.mark.parametrize("text", [b"bytes", None, 7, "\ud800", "#" * 5_000_001])
def test_what_is_no_text_is_malformed(opened: Any, text: Any) -> None:
    with pytest.raises(Malformed, match=r"questionnaire\.text"):
        add(opened(), text)


def test_only_a_coordinator_brings_one_in_and_everybody_may_read_it(world: Any) -> None:
    record = add(world)
    with world.kit.session(actor=world.maya) as s:
        assert s.get(Questionnaire, record.id).file.text == WEEK
    with pytest.raises(Refused, match="may not record"):
        add(world, PACK, by="sam")


def test_of_two_hosts_that_bring_in_one_version_differently_at_once_one_is_refused(
    opened: Any, tmp_path: Path
) -> None:
    world = opened(f"sqlite:///{tmp_path / 'program.db'}?synchronous=off")
    texts = [WEEK, WEEK.replace("sleep", "rest")]
    there, ended = threading.Barrier(2), []

    def bring(text: str) -> None:
        with world.kit.session(actor=world.cora) as s:
            s.save(Questionnaire.add(text))
            there.wait()

    def tried(text: str) -> None:
        try:
            bring(text)
            ended.append("")
        except Refused as refused:
            ended.extend(refused.codes)

    threads = [threading.Thread(target=tried, args=(text,)) for text in texts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(ended) == ["", "version-used"]
    assert len(world.all("questionnaire")) == 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(), st.text().map(lambda t: WEEK.replace("Did you sleep?", t))))
def test_what_comes_in_comes_out_to_the_last_sign(opened: Any, text: str) -> None:
    world = opened()
    try:
        record = add(world, text)
    except (Refused, Malformed):
        assert lines(world) == []
        return
    with world.kit.session(actor=world.cora) as s:
        assert s.get(Questionnaire, record.id).file.text == text
    assert world.kit.instrument("week").text("q2", "en") == tomllib.loads(text)["texts"][0]["items"]["q2"]


# -- wording ---------------------------------------------------------------------------------------------


def test_wording_of_the_programs_own_is_there_until_it_is_withdrawn(world: Any) -> None:
    add(world, BARE)
    assert world.kit.instrument("week").languages == ()
    with pytest.raises(NotFound, match="no verified wording"):
        world.kit.instrument("week").text("q1", "en")
    assert world.screen(instrument="week").answer("q1", value=False).level == "today"  # a form on paper
    pack = add(world, PACK)
    assert world.kit.instrument("week").text("q1", "fr-CA") == "Aviez-vous de la compagnie ?"
    with pytest.raises(Refused, match="withdraw that first"):
        add(world, PACK.replace("dormi", "bien dormi"))
    withdraw(world, pack)
    assert world.kit.instrument("week").languages == ()
    add(world, PACK.replace("dormi", "bien dormi"))
    assert world.kit.instrument("week").text("q2", "fr") == "Avez-vous bien dormi ?"


def test_wording_that_fits_no_more_is_left_out_and_said(opened: Any) -> None:
    pack = PACK.replace('"week"', '"asq"')
    world = opened()
    record = Questionnaire.add(pack)
    world.kit.write([record])  # as if the definition had been another one then
    assert world.kit.instrument("asq").languages == ("en",)
    (fault,) = [one for one in world.kit.instruments() if one.state == "unreadable"]
    assert (fault.id, fault.record) == ("asq", record.id)
    assert "unreadable-instrument" in [p.code for p in world.kit.health().problems]
    assert world.screen().answer("q5", value=True).level == "now"


# -- withdrawn, unreadable -------------------------------------------------------------------------------


def test_a_withdrawn_one_begins_no_screen_and_goes_on_judging_those_that_were_begun(world: Any) -> None:
    record = add(world)
    begun = world.screen(instrument="week")
    withdraw(world, record)
    assert lines(world) == [("week", "1.0", "withdrawn")]
    with pytest.raises(Refused, match=r"kit\.concern") as caught:
        world.screen(instrument="week")
    assert caught.value.codes == ("instrument-withdrawn",)
    assert len(world.all("risk_screen")) == 1
    assert world.all("refusal")[-1].codes == ("instrument-withdrawn",)
    assert world.screen(screen=begun.id).answer("q1", value=False).level == "today"
    assert [a.obstacles for a in world.all("answer")] == [()]
    held = world.screen(instrument="week", occurred=world.clock.now())  # on paper, and typed in
    assert held.answer("q1", value=False).level == "today"
    assert world.all("risk_screen")[-1].obstacles == ("instrument-withdrawn",)
    assert tasks(world, "look-at-screen") == ["cora"]
    add(world)  # and it may come back as it was
    assert lines(world) == [("week", "1.0", "on")]
    assert world.screen(instrument="week").next == ("q1", "q2")


def test_where_the_newest_is_withdrawn_the_one_before_it_is_asked(world: Any) -> None:
    add(world)
    newer = add(world, MILDER)
    withdraw(world, newer)
    assert lines(world) == [("week", "1.0", "on"), ("week", "1.1", "withdrawn")]
    assert world.screen(instrument="week").answer("q1", value=False).level == "today"


def test_one_that_this_peerkit_cannot_read_loses_no_answer_and_is_said(world: Any) -> None:
    record = add(world)
    begun = world.screen(instrument="week")
    darken(world, record)
    assert world.screen(screen=begun.id).answer("q1", value=True).level == "now"
    assert [(one.record, one.state) for one in world.kit.instruments() if one.record] == [
        (record.id, "unreadable")
    ]
    (problem,) = [p for p in world.kit.health().problems if p.code == "unreadable-instrument"]
    assert not problem.grave
    assert world.screen().answer("q5", value=True).level == "now"  # no other is touched
    with pytest.raises(Refused, match="update peerkit first"):
        add(world, WEEK.replace("sleep", "rest"))


def test_a_definition_of_another_format_is_left_out_and_said(opened: Any) -> None:
    world = opened()
    world.kit.write([Questionnaire.add(WEEK.replace("format = 1", "format = 9"))])
    assert lines(world) == [("week", "1.0", "unreadable")]
    assert world.screen(instrument="week").answer("q1", value=True).level == "now"


def test_a_plugins_definition_that_the_program_keeps_outlives_the_plugin(opened: Any, tmp_path: Path) -> None:
    world = opened(f"sqlite:///{tmp_path / 'program.db'}?synchronous=off", plugins=[Supplies(WEEK)])
    assert [(one.origin, one.state) for one in world.kit.instruments() if one.id == "week"] == [
        ("supplies", "on")
    ]
    begun = world.screen(instrument="week")
    add(world)
    world.kit.close()
    kit = peerkit.open(
        f"sqlite:///{tmp_path / 'program.db'}", plugins=[world.wires], discover=False, clock=world.clock
    )
    with kit:
        again = kit.screening("", screen=begun.id, actor=world.sam)
        assert again.answer("q1", value=False).level == "today"


def test_a_plugins_file_that_cannot_be_read_stands_in_no_others_way(opened: Any) -> None:
    broken = WEEK.replace("format = 1", "format = 3")
    world = opened(plugins=[Supplies(broken, MILDER)])
    found = [(one.origin, one.id, one.state) for one in world.kit.instruments() if one.origin != "peerkit"]
    assert found == [("supplies", "", "unreadable"), ("supplies", "week", "on")]
    assert world.screen(instrument="week").answer("q1", value=False).level == "talk"


def test_the_store_fails_and_what_was_known_is_still_known(
    opened: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = opened()
    add(world)
    assert world.kit.instrument("week").id == "week"

    def fails(*_: Any) -> Any:
        raise sqlite3.OperationalError

    monkeypatch.setattr(world.kit.storage, "position", fails)
    assert world.kit.instrument("week").id == "week"


def test_levels_that_a_host_raised_itself_stay_raised(world: Any) -> None:
    add(world)
    week = world.kit.instrument("week")
    world.screen(instrument="week")
    steps = world.screen(instrument=week.raised({"alone": "now"})).answer("q1", value=False)
    assert steps.level == "now"


def test_no_wait_is_so_long_that_the_answer_that_begins_it_is_lost(world: Any) -> None:
    add(world)
    week = world.kit.instrument("week")
    [rule] = week.triage
    endless = attrs.evolve(rule, id="endless", level=Level.NOW, waits_for=("q2",), seconds=10**12)
    raised = (("endless", Level.NOW),)  # or it would be taken for the one that is known
    screen = world.screen(instrument=attrs.evolve(week, triage=(endless, rule), raises=raised))
    assert screen.answer("q1", value=False).level == "today"
    assert [one.item for one in world.all("answer")] == ["q1"]
    assert world.alert().level == "today"


def test_one_is_never_erased(world: Any) -> None:
    record = add(world)
    with pytest.raises(Refused) as caught:
        world.kit.erase(record, basis="mistake", asked_by=world.cora, decided_by=world.ola)
    assert caught.value.codes[0] == "never-erased"


def test_levels_that_the_program_raises_hold_for_its_own_too(opened: Any) -> None:
    world = opened(more={"raised": ("week.alone=now",)})
    add(world)
    assert world.kit.instrument("week").triage[0].level is Level.NOW
    assert world.screen(instrument="week").answer("q1", value=False).level == "now"

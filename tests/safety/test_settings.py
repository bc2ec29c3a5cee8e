# SPDX-License-Identifier: Apache-2.0
"""Settings that let an alarm reach somebody at every hour of the year, or say when they do not."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import peerkit
from peerkit import Appointment, Malformed, Program, Refused
from peerkit.levels import Level
from peerkit.model.program import Duty, Line, Step
from peerkit.model.when import DAYS, Hours, parse, zone_of
from peerkit.safety.next_steps import Known
from peerkit.safety.regions import installed, region
from peerkit.safety.settings import check, holes
from peerkit.texts import for_locale

NOW = datetime(2027, 1, 11, tzinfo=UTC)
TORONTO = ZoneInfo("America/Toronto")


def program(*roles: str, **more: Any) -> Program:
    path = tuple(Step(role=role, minutes=10) for role in roles)
    return Program.found(settings={"name": "Made up", "path": path, **more})


def outside(reach: Any, name: str = "Night Line (fictional)") -> Step:
    return Step(role="outside", minutes=10, name=name, reach=(reach,))


def on_call(hours: str = "", **more: Any) -> Appointment:
    return Appointment.give("ola", "on-call", hours=hours, **more)


def test_somebody_without_hours_covers_the_year() -> None:
    check(program("supporter", "on-call"), [on_call()], NOW)


def test_a_rota_without_a_hole_is_taken_over_both_changes_of_clocks() -> None:
    check(program("on-call"), [on_call("mon-sun 07:00-19:00"), on_call("mon-sun 19:00-07:00")], NOW)


@pytest.mark.parametrize(
    "rota",
    [
        [],
        ["mon-fri 00:00-24:00"],
        ["mon-sun 07:00-19:00", "mon-sun 19:00-06:59"],
        ["mon-sun 00:00-02:00", "mon-sun 02:01-24:00"],
        ["mon-sun 00:00-01:30", "mon-sun 01:45-24:00"],
    ],
)
def test_an_hour_that_nobody_covers_is_refused_unless_declared(rota: list[str]) -> None:
    held = [on_call(hours) for hours in rota]
    with pytest.raises(Malformed, match="nobody on the escalation path"):
        check(program("on-call"), held, NOW)
    check(program("on-call", uncovered="always"), held, NOW)


def test_only_the_hours_that_were_declared_may_be_uncovered() -> None:
    held = [on_call("mon-fri 09:00-17:00")]
    declared = "mon-thu 17:00-09:00, fri 17:00-24:00, sat-sun 00:00-24:00, mon 00:00-09:00"
    check(program("on-call", uncovered=declared), held, NOW)
    with pytest.raises(Malformed):
        check(program("on-call", uncovered="sat-sun 00:00-24:00"), held, NOW)
    with pytest.raises(Malformed, match="weekly hours"):
        check(program("on-call", uncovered="at night"), held, NOW)


def test_a_hole_in_the_night_of_the_change_is_found() -> None:
    """On 14 March 2027 the clocks of Toronto go from 02:00 to 03:00: who covers only 02:00-03:00 is not
    there, and nobody misses them. On 7 November the hour from 01:00 comes twice, and is covered twice."""
    rota = [on_call("mon-sun 03:00-02:00"), on_call("sun 02:00-03:00"), on_call("mon-sat 02:00-03:00")]
    check(program("on-call"), rota, NOW)
    found = list(holes(program("on-call"), [on_call("mon-sun 02:00-01:00")], NOW))
    assert all(hole.begins.astimezone(TORONTO).hour == 1 for hole in found)
    longest = max(hole.ends - hole.begins for hole in found)
    november = [hole for hole in found if (hole.begins.month, hole.begins.day) == (11, 7)]
    assert longest >= timedelta(hours=1)
    assert sum((hole.ends - hole.begins for hole in november), timedelta()) == timedelta(hours=2)


def test_an_hour_that_ends_in_the_one_left_out_ends_where_that_begins() -> None:
    """On 14 March 2027 there is no 02:30 in Toronto: whoever is there until then is gone when it becomes
    03:00, and back at 03:30."""
    found = list(holes(program("on-call"), [on_call("mon-sun 03:30-02:30")], NOW))
    night = [hole for hole in found if hole.begins.date().isoformat() == "2027-03-14"]
    assert [(f"{one.begins:%H:%M}", f"{one.ends:%H:%M}") for one in night] == [("07:00", "07:30")]


def test_an_office_that_ends_leaves_a_hole_from_then_on() -> None:
    ends = NOW + timedelta(days=100)
    (first, *_) = holes(program("on-call"), [on_call(ends=ends)], NOW)
    assert first.begins == ends


def test_a_supporter_alone_covers_nobody_elses_night() -> None:
    with pytest.raises(Malformed):
        check(program("supporter"), [on_call()], NOW)


def test_an_outside_body_that_agreed_covers_the_year() -> None:
    outside = Step(role="outside", minutes=30, name="Neighbours", reach=("email:on-call@example.org",))
    check(program(path=(outside,)), [], NOW)
    with pytest.raises(Malformed, match="name and a reach"):
        check(program(path=(Step(role="outside", minutes=30),)), [], NOW)


def test_the_year_begins_when_the_program_was_made() -> None:
    check(program("on-call"), [on_call()])
    with pytest.raises(Malformed):
        check(program("on-call"), [on_call("sat 10:00-11:00")])


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"timezone": "Toronto"}, "settings.timezone"),
        ({"timezone": "../../etc/passwd"}, "settings.timezone"),
        ({"today_by": "5pm"}, "settings.today_by"),
        ({"today_by": "25:00"}, "settings.today_by"),
        ({"action_minutes": 0}, "settings.action_minutes"),
        ({"action_minutes": True}, "settings.action_minutes"),
        ({"path": (Step(role="boss", minutes=5),)}, "settings.path[0].role"),
        ({"path": (Step(role="on-call", minutes=100_000),)}, "settings.path[0].minutes"),
        ({"path": (Step(role="on-call", minutes=5, reach=("ola",)),)}, "settings.path[0].reach"),
        ({"path": (outside("wire:"),)}, "settings.path[0].reach"),
        ({"path": (outside(":x"),)}, "settings.path[0].reach"),
        ({"path": (outside("wire:x", name=" "),)}, "settings.path[0]"),
        ({"path": (outside(7),)}, "settings.path[0]"),
        ({"lines": (Line(name="Ours", number=988),)}, "settings.lines[0].number"),  # type: ignore[arg-type]
        ({"lines": (Line(name=["Ours"], number="988"),)}, "settings.lines[0].name"),  # type: ignore[arg-type]
        ({"duties": (Duty(code="report", words=" "),)}, "settings.duties[0]"),
        ({"duties": (Duty(code="", words="Report it."),)}, "settings.duties[0]"),
        ({"raised": ("asq.positive",)}, "settings.raised[0]"),
        ({"raised": ("asq.positive=never",)}, "settings.raised[0]"),
        ({"raised": ("asq.positive=now", "asq.positve=now")}, "settings.raised[1]"),
        ({"raised": ("asq.acute=none",)}, "settings.raised[0]"),
        ({"notifiers": ()}, "settings.notifiers"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(settings: dict[str, Any], where: str) -> None:
    with pytest.raises(Malformed) as raised:
        check(
            program("on-call", **settings) if "path" not in settings else program(**settings),
            [on_call()],
            NOW,
        )
    assert raised.value.where == where


def test_founding_refuses_an_uncovered_hour(opened: Any) -> None:
    with pytest.raises(Malformed, match="nobody on the escalation path"):
        opened(
            more={
                "on_call": [{"name": "Ola", "hours": "mon 09:00-10:00"}],
                "path": [{"role": "on-call", "minutes": 5}],
            }
        )


def settled(world: Any, **changed: Any) -> None:
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Program, world.kit.program.id).update(settings=changed))


def test_a_channel_that_nothing_here_supplies_is_refused_and_named(opened: Any) -> None:
    with pytest.raises(Malformed) as raised:
        opened(more={"notifiers": ["wire", "pigeon"]})
    assert raised.value.where == "settings.notifiers[1]"
    assert "pigeon" not in str(raised.value)
    world = opened()
    for wrong in ((), ("pigeon",)):
        with pytest.raises(Refused) as refused:
            settled(world, notifiers=wrong)
        assert refused.value.codes == ("settings",)
        assert "settings.notifiers" in str(refused.value)
    settled(world, notifiers=("bell", "email"))  # what it lacks in the environment, `health` says
    assert "channel" in {one.code for one in world.kit.health().problems}


def test_a_channel_whose_plugin_is_away_holds_up_no_other_setting(opened: Any, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
    cora = opened(url).cora
    with peerkit.open(url, discover=False) as kit:
        with kit.session(actor=cora) as s:
            s.save(s.get(Program, kit.program.id).update(settings={"today_by": "16:00"}))
        told = " ".join(one.sentence for one in kit.health().problems if one.code == "channel")
    assert "wire" in told


def test_an_outside_body_that_nothing_here_reaches_is_refused_and_named(opened: Any) -> None:
    body = {"role": "outside", "minutes": 10, "name": "Night Line (fictional)"}
    with pytest.raises(Malformed) as raised:
        opened(more={"path": [{**body, "reach": ["pigeon:night"]}]})
    assert raised.value.where == "settings.path[0].reach"
    assert "pigeon" not in str(raised.value)
    opened(more={"path": [{**body, "reach": ["pigeon:night", "wire:night"]}]})  # one of two will do


@pytest.mark.parametrize("reach", [[], ["pigeon:ola"]])
def test_a_human_on_call_may_be_given_another_address_later(opened: Any, reach: list[str]) -> None:
    path = [{"role": "on-call", "minutes": 5}]
    world = opened(more={"on_call": [{"name": "Ola", "reach": reach}], "path": path})
    assert "no-live-step" in {one.code for one in world.kit.health().problems}  # and `init` says it at once


def test_an_outside_body_whose_channel_is_away_holds_up_no_other_setting(opened: Any, tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
    body = {"role": "outside", "minutes": 10, "name": "Night Line (fictional)", "reach": ["wire:night"]}
    cora = opened(url, more={"path": [body]}).cora
    with peerkit.open(url, discover=False) as kit:
        with kit.session(actor=cora) as s:
            s.save(s.get(Program, kit.program.id).update(settings={"today_by": "16:00"}))
        with pytest.raises(Refused) as refused, kit.session(actor=cora) as s:
            s.save(s.get(Program, kit.program.id).update(settings={"path": (outside("pigeon:night"),)}))
    assert "settings.path[0].reach" in str(refused.value)


def test_a_rule_that_the_settings_cannot_raise_is_refused_when_they_are_changed(world: Any) -> None:
    for wrong in ("asq.positve=now", "asq.acute=none"):
        with pytest.raises(Refused) as refused:
            settled(world, raised=("asq.declined-by-adult=today", wrong))
        assert refused.value.codes == ("settings",)
        assert "settings.raised[1]" in str(refused.value)


def test_a_rule_of_a_questionnaire_that_is_not_here_yet_is_said_to_raise_nothing(opened: Any) -> None:
    world = opened(more={"raised": ["asqq.positive=now", "asq.declined-by-adult=today"]})
    told = [one for one in world.kit.health().problems if one.code == "not-raised"]
    assert [("asqq.positive" in one.sentence, one.grave) for one in told] == [(True, True)]
    settled(world, raised=())
    assert "not-raised" not in {one.code for one in world.kit.health().problems}


# -- hours ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "mon",
        "mon 9-17",
        "mon-fri",
        "mon,tue 09:00-17:00",
        "mon 09:00-17:60",
        "mon 09:00-25:00",
        "montag 09:00-10:00",
        "mon 24:00-08:00",
        "x" * 1000,
    ],
)
def test_what_are_no_hours_is_malformed_without_being_quoted(text: str) -> None:
    with pytest.raises(Malformed) as raised:
        parse(text)
    assert text not in str(raised.value).replace("mon-fri 09:00-17:00", "")


times = st.integers(0, 23 * 60 + 59)
spans = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS), times, times).filter(lambda s: s[2] != s[3])


def _text(span: tuple[str, str, int, int]) -> str:
    first, last, start, end = span
    return f"{first}-{last} {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


@given(st.lists(spans, min_size=1, max_size=4), st.datetimes(datetime(2027, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001
def test_hours_cover_a_wall_time_as_one_would_say(found: list[Any], wall: datetime) -> None:
    """Against a plain reading: minute by minute, day by day."""
    at = wall.replace(tzinfo=TORONTO).astimezone(UTC)
    local = at.astimezone(TORONTO)
    minute = local.hour * 60 + local.minute
    expected = False
    for first, last, start, end in found:
        index = DAYS.index(first)
        days = [index]
        while DAYS[index] != last:
            index = (index + 1) % 7
            days.append(index)
        if end > start:
            expected |= local.weekday() in days and start <= minute < end
        else:
            expected |= local.weekday() in days and minute >= start
            expected |= (local.weekday() - 1) % 7 in days and minute < end
    assert parse(", ".join(_text(span) for span in found)).covers(at, TORONTO) is expected


@given(st.lists(spans, min_size=1, max_size=3))
def test_cover_changes_only_at_edges(found: list[Any]) -> None:
    hours = parse(", ".join(_text(span) for span in found))
    last = NOW + timedelta(days=14)
    edges = sorted({edge for edge in hours.edges(NOW, 14, TORONTO) if NOW <= edge <= last})
    for begins, ends in itertools.pairwise(edges):
        middle = begins + (ends - begins) / 2
        assert hours.covers(begins, TORONTO) == hours.covers(middle, TORONTO)


def test_no_hours_are_always() -> None:
    assert parse("") == parse("always") == Hours()
    assert Hours().covers(NOW, zone_of("Asia/Tokyo"))


# -- regions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("odd", "french"),
    [
        ({"path": [{"role": "nobody", "minutes": 5}]}, "le rôle d’une étape est l’un de ceux-ci"),
        ({"path": [{"role": "supporter", "minutes": 5}]}, "personne ne peut être joint sur le chemin"),
        ({"region": "FR-75"}, "aucune ligne à appeler pour cette région"),
        ({"lines": [{"name": "Ours", "number": "call me"}]}, "ce n’est ni un numéro de téléphone"),
        ({"lines": [{"name": "Ours", "call": "555-0100"}]}, "il y a ici les champs name, number"),
        ({"notifiers": ["pigeon"], "uncovered": "always"}, "aucune extension ne fournit ce canal"),
    ],
)
def test_what_is_wrong_with_a_policy_is_said_in_french_too(odd: dict[str, Any], french: str) -> None:
    settings = {"name": "Harbour (fictional)", "coordinator": {"name": "Robin"}, **odd}
    with pytest.raises(Malformed) as raised:
        peerkit.open("memory:", settings=settings)
    assert french in for_locale("fr")(raised.value.sentence)


def test_every_region_that_ships_can_be_read_and_others_are_empty() -> None:
    for code in installed():
        assert region(code).lines
    assert region("XX-YY").lines == ()


def test_a_region_without_lines_is_refused_unless_the_program_gives_one(opened: Any) -> None:
    with pytest.raises(Malformed, match="it does for CA, CA-ON, US") as refused:
        opened(more={"region": "ZZ"})
    assert "settings.region" in str(refused.value)
    with pytest.raises(Malformed):
        opened(more={"region": "ZZ", "lines": [{"name": "Nothing", "number": " "}]})
    world = opened(more={"region": "ZZ", "lines": [{"name": "Ours (fictional)", "number": "555-0100"}]})
    assert [line.number for line in world.kit.concern("worried").call] == ["555-0100"]


def test_a_program_without_any_line_shows_those_that_ship() -> None:
    """One that was founded before such a region was refused."""
    old = Program.found(settings={"name": "Old", "region": "ZZ"})
    steps = Known(old).steps(Level.NOW)
    assert [line.number for line in steps.call] == [line.number for line in Known().steps(Level.NOW).call]
    assert steps.duties == ()  # what the law of another place asks is not theirs


def test_a_line_of_the_programs_keeps_what_the_region_knows_beside_it() -> None:
    shipped = region("CA-ON").lines[0]
    own = {"name": "Suicide crisis helpline", "number": shipped.number, "languages": ("en",)}
    ours = Program.found(settings={"name": "Ours", "lines": (Line(**own),)})
    first, *others = Known(ours).steps(Level.NOW).call
    assert (first.name, first.languages) == ("Suicide crisis helpline", ("en",))
    assert (first.text, first.hours, first.source) == (shipped.text, shipped.hours, shipped.source)
    assert shipped.number not in {line.number for line in others}
    seen = Line(**own, text="45645", source="their page", as_of="2026-11-01")
    ours = Program.found(settings={"name": "Ours", "lines": (seen,)})
    first = Known(ours).steps(Level.NOW).call[0]
    assert (first.text, first.source, first.as_of) == ("45645", "their page", "2026-11-01")
    assert first.verified is False

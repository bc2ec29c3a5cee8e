# SPDX-License-Identifier: Apache-2.0
"""The drop-in at its public surface, in a sandbox; and what every module keeps to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import peerkit_youth
import pytest
from click.testing import CliRunner
from peerkit_youth import DROP_IN, Visit, Words
from peerkit_youth import commands as keyboard
from peerkit_youth.words import _

import peerkit
from peerkit import (
    Activity,
    Appointment,
    Decision,
    Kit,
    Leave,
    Malformed,
    NotFound,
    PeerSupporter,
    Person,
    Refused,
    Task,
    commands,
)
from peerkit.instruments import DECLINED
from peerkit.testing import Module, ModuleConformance, Town, untranslated

ZONE = "America/Toronto"
DAY = date(2027, 5, 7)
FOUR = datetime.combine(DAY, time(16))

People = dict[str, Person]


@pytest.fixture
def kit() -> Iterator[Kit]:
    with peerkit.open("memory:", plugins=[peerkit_youth], discover=False, strict=True) as kit:
        yield kit


@pytest.fixture
def people(kit: Kit) -> People:
    """Kai supports others, Rosa helps, Omar is on call; and a young person."""
    with kit.session() as s:
        ages = {"Kai": "25-64", "Rosa": "65+", "Omar": "25-64", "Sky": "16-24"}
        found = {name: s.save(Person.enrol(name=name, age_band=age)) for name, age in ages.items()}
        s.save(Appointment.give(found["Omar"], "on-call"))
        s.save(PeerSupporter.welcome(found["Kai"], by=Decision.of(found["Kai"], how="spoken")))
    return found


def plan(kit: Kit, *workers: Person) -> Activity:
    with kit.session() as s:
        return s.save(
            Activity.plan(
                title="Friday drop-in",
                format=DROP_IN,
                facilitators=workers,
                local=FOUR,
                timezone=ZONE,
            )
        )


@pytest.fixture
def shift(kit: Kit, people: People) -> Activity:
    return plan(kit, people["Kai"], people["Rosa"])


@pytest.fixture
def waiting(kit: Kit, people: People, shift: Activity) -> Visit:
    """Sky left a first name with Kai, and would like a call."""
    with kit.session(people["Kai"]) as s:
        return s.save(
            Visit.leave_name(
                shift=shift,
                worker=people["Kai"],
                person=people["Sky"],
                first_name="Sky",
                way="Text me after four, never the house phone",
                call=True,
                topics=("home",),
                by=Decision.of(people["Sky"], how="spoken"),
            )
        )


def calls(kit: Kit, worker: Person) -> list[tuple[str, str]]:
    with kit.session(worker) as s:
        return [(task.what, task.state) for task in s.find(Task, owner=worker)]


# Two adults


@pytest.mark.parametrize("with_them", [(), ("Sky",), ("Kai",)])
def test_a_shift_needs_two_adults(kit: Kit, people: People, with_them: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        plan(kit, people["Kai"], *(people[name] for name in with_them))
    assert refused.value.codes == ("youth-two-adults",)


def test_whose_age_is_not_known_is_not_counted(kit: Kit, people: People) -> None:
    with kit.session() as s:
        ula = s.save(Person.enrol(name="Ula"))
    with pytest.raises(Refused):
        plan(kit, people["Kai"], ula)


def test_who_is_on_leave_is_not_there(kit: Kit, people: People) -> None:
    starts = datetime(2027, 5, 7, 12, tzinfo=UTC)
    with kit.session(people["Rosa"]) as s:
        s.save(
            Leave.plan(
                person=people["Rosa"], cover=people["Omar"], starts=starts, ends=starts + timedelta(days=1)
            )
        )
    with pytest.raises(Refused):
        plan(kit, people["Kai"], people["Rosa"])
    assert plan(kit, people["Kai"], people["Omar"]).state == "planned"


def test_a_worker_is_not_taken_off_a_shift_of_two(kit: Kit, people: People, shift: Activity) -> None:
    with pytest.raises(Refused), kit.session() as s:
        s.save(s.get(Activity, shift).change(facilitators=(people["Kai"],)))


def test_who_falls_ill_is_not_refused_and_a_second_is_looked_for(
    kit: Kit, people: People, shift: Activity
) -> None:
    with kit.session(people["Rosa"]) as s:
        s.save(Leave.fall_ill(person=people["Rosa"], starts=datetime(2027, 5, 6, tzinfo=UTC)))
    assert calls(kit, people["Kai"]) == [("youth-second-adult", "open")]


def test_another_activity_is_none_of_its_business(kit: Kit, people: People) -> None:
    with kit.session() as s:
        s.save(
            Activity.plan(
                title="Tea",
                format="drop_in",
                facilitators=(people["Kai"],),
                local=FOUR,
                timezone=ZONE,
            )
        )


# Visits


def test_a_visit_needs_no_name(kit: Kit, people: People, shift: Activity) -> None:
    with kit.session(people["Kai"]) as s:
        visit = s.save(Visit.count(shift=shift, worker=people["Kai"], heads=3, topics=("food",)))
    assert (visit.state, visit.heads, visit.person) == ("counted", 3, "")


def test_who_is_not_on_the_shift_counts_nobody(kit: Kit, people: People, shift: Activity) -> None:
    with pytest.raises(Refused) as refused, kit.session(people["Omar"]) as s:
        s.save(Visit.count(shift=shift, worker=people["Omar"]))
    assert refused.value.codes == ("youth-not-on-shift",)


def test_what_somebody_said_is_no_topic(shift: Activity, people: People) -> None:
    with pytest.raises(Malformed):
        Visit.count(shift=shift, worker=people["Kai"], topics=("my brother hits me",))


def test_no_worker_leaves_a_name_for_somebody(kit: Kit, people: People, shift: Activity) -> None:
    with pytest.raises(Refused), kit.session(people["Kai"]) as s:
        s.save(Visit.leave_name(shift=shift, worker=people["Kai"], person=people["Sky"], first_name="Sky"))


def test_who_asks_for_a_call_gets_one(kit: Kit, people: People, waiting: Visit) -> None:
    kai = people["Kai"]
    assert calls(kit, kai) == [("youth-call", "open")]
    with kit.session(kai) as s:
        s.save(s.get(Visit, waiting).call())
    assert calls(kit, kai) == [("youth-call", "done")]


def test_who_does_the_task_has_called(kit: Kit, people: People, waiting: Visit) -> None:
    with kit.session(people["Kai"]) as s:
        [task] = s.find(Task, owner=people["Kai"])
        s.save(task.done())
        assert s.get(Visit, waiting).state == "waiting"
    with kit.session(people["Kai"]) as s:
        assert s.get(Visit, waiting).state == "called"


def test_never_mind_is_enough(kit: Kit, people: People, waiting: Visit) -> None:
    with kit.session(people["Sky"]) as s:
        s.save(s.get(Visit, waiting).never_mind())
    assert calls(kit, people["Kai"]) == [("youth-call", "over")]


def test_the_other_worker_does_not_read_it(kit: Kit, people: People, waiting: Visit) -> None:
    with kit.session(people["Rosa"]) as s, pytest.raises(NotFound):
        s.get(Visit, waiting)


# Words of their own


def test_words_are_theirs_until_they_show_them(kit: Kit, people: People) -> None:
    with kit.session(people["Sky"]) as s:
        words = s.save(Words.write(person=people["Sky"], would_have_helped="Somebody who does not ask twice"))
    for reader in (people["Kai"], None):
        with kit.session(reader) as s, pytest.raises((NotFound, Refused)):
            s.get(Words, words)
    with kit.session(people["Sky"]) as s:
        s.save(s.get(Words, words).show(people["Kai"]))
    with kit.session(people["Kai"]) as s:
        assert s.get(Words, words).would_have_helped == "Somebody who does not ask twice"
    with kit.session(people["Sky"]) as s:
        s.save(s.get(Words, words).close())
    with kit.session(people["Kai"]) as s, pytest.raises(NotFound):
        s.get(Words, words)


# Words shown, and commands


def test_who_is_shown_words_is_asked_to_read_them(kit: Kit, people: People) -> None:
    with kit.session(people["Sky"]) as s:
        s.save(Words.write(person=people["Sky"], would_have_helped="A door that closes").show(people["Kai"]))
    assert calls(kit, people["Kai"]) == [("youth-words", "open")]


def typed(kit: Kit, command: str, *words: str, reads: str = "") -> str:
    """What a command prints. In a sandbox its coordinator sits at the keyboard."""
    app = commands.App()
    with app.using(kit):
        ended = CliRunner().invoke(getattr(keyboard, command), words, input=reads, obj=app)
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def test_a_friday_at_the_keyboard(kit: Kit, people: People) -> None:
    assert typed(kit, "shift") == "No shift today.\n"
    with kit.session() as s:
        [office] = s.find(Appointment, role="coordinator")
        me = s.get(Person, office.person)
        s.save(me.update(age_band="25-64"))
    typed(kit, "plan", me.name, "Kai")
    typed(kit, "count", "4", "--topic", "food")
    said = ("--decided-by", "Sky", "--how", "spoken")
    typed(kit, "hello", "Sky", "--call", *said, reads="Text me after four")
    shown = " ".join(typed(kit, "shift").split())
    assert shown.endswith("came 5 would like a call 1")
    assert "Text me" not in shown


# The questionnaire, goals, report, languages


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({"place": True, "safe": True, "talk": False}, "none"),
        ({"talk": True}, "talk"),
        ({"place": False}, "today"),
        ({"safe": False}, "now"),
        ({"safe": DECLINED}, "today"),
    ],
)
def test_what_an_answer_sets_off(kit: Kit, answers: dict[str, object], level: str) -> None:
    assert kit.instrument("youth-today").judge(answers).level == level


def test_a_decline_of_an_adult_tells_nobody(kit: Kit) -> None:
    assert kit.instrument("youth-today").judge({"safe": DECLINED}, age_band="25-64").level == "none"


def test_a_goal_without_a_kitchen_in_french(kit: Kit) -> None:
    with kit.session() as s:
        said = [one.what for one in s.suggest("goal", locale="fr", barriers=("income", "housing"))]
    assert "Venir au souper de la halte le jeudi" in said


def test_the_report_hides_what_is_too_small(
    kit: Kit, people: People, shift: Activity, waiting: Visit
) -> None:
    with kit.session(people["Kai"]) as s:
        s.save(Visit.count(shift=shift, worker=people["Kai"], heads=7, topics=("food",)))
    with kit.session() as s:
        [section] = s.counts(DAY, DAY).sections
    shown = {cell.code: cell.number for cell in section.cells}
    assert (shown["visits"], shown["food"], shown["named"], shown["home"]) == (8, None, None, None)


def test_french_is_whole() -> None:
    assert untranslated(_, peerkit_youth, "fr") == ()


def a_shift(town: Town) -> Activity:
    workers = (town.ids["kai"], town.ids["dana"])
    return Activity.plan(title="Fridays", format=DROP_IN, facilitators=workers, local=FOUR, timezone=ZONE)


def visits(town: Town) -> tuple[Visit, ...]:
    """So many without names; and Maya, who would like a call."""
    [shift] = town.every(Activity)
    maya, kai = town.ids["maya"], town.ids["kai"]
    told = {"first_name": "May", "way": "Text me", "call": True}
    return (
        Visit.count(shift=shift, worker=kai, heads=7),
        Visit.leave_name(shift=shift, worker=kai, person=maya, **told),
    )


def open_the_door(town: Town) -> None:
    for name in ("kai", "dana"):
        [worker] = (one for one in town.every(Person) if one.id == town.ids[name])
        town.save(worker.update(age_band="25-64", by=town.said(name)))
    town.save(a_shift(town))


class TestModule(ModuleConformance):
    @pytest.fixture
    def backend(self) -> Module:
        return Module(peerkit_youth, builders={Visit: visits, Activity: a_shift}, prepare=open_the_door)

# SPDX-License-Identifier: Apache-2.0
"""Sections of a report that a module counts: what they read, what is shown of them, and that one that fails
stops nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import peerkit
from peerkit import (
    Appointment,
    Decision,
    Malformed,
    Operational,
    Person,
    PluginError,
    Read,
    Record,
    Ref,
    StorageError,
    act,
    hookimpl,
    record,
    ref,
)
from peerkit.hooks import Access, Cell, Kind, Period, ReportSection, Supply
from peerkit.kit.showing import SMALL, Showing, Tally
from peerkit.texts import _

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
RIGHTS = """
role         kind       read  acts
own:person   walk_note  yes   *
coordinator  walk_note  yes   *
"""


@record(
    "walk_note",
    """
    of  from   act    to     who     strength
    -   -      begin  begun  anyone  none
    -   begun  end    over   anyone  none
    """,
    subjects="person",
    module="walks",
)
class WalkNote(Record):
    """A walk that somebody began."""

    person: Operational[str]
    state: Operational[str] = "begun"

    @classmethod
    @act
    def begin(cls, *, person: Ref, by: Decision | None = None) -> Self:
        """It begins."""
        return cls(person=ref(person))

    @act
    def end(self, *, by: Decision | None = None) -> Self:
        """It is over."""
        return self


class Walks:
    """Counts walks; a test says how."""

    __version__ = "2.1"

    def __init__(self, count: Callable[[Period], Any], name: str = "walks") -> None:
        self.name, self._count = name, count

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        yield Access(reads={"meeting"})
        if self.name == "walks":
            yield Kind(WalkNote, rights=RIGHTS)
        yield ReportSection(self.name, _("Walks"), self._count)


def states(period: Period) -> Iterable[Cell]:
    """How many walk now, and how many stopped in the period."""
    walks = list(period.find(WalkNote))
    yield Cell("walking", _("people who walk"), people={w.person for w in walks if w.state == "begun"})
    over = {
        walk.person
        for walk in walks
        for one in period.history(WalkNote, walk.id)
        if "end" in one.acts and period.start <= one.at < period.end
    }
    yield Cell("stopped", _("people who stopped"), people=over, group="stopped")
    yield Cell("walks", _("walks"), people={w.person for w in walks}, number=len(walks), group="walks")


Make = Callable[..., Any]


@pytest.fixture
def make(url: str, watch: Any) -> Iterator[Make]:
    """A program with these plugins; made once."""
    kits: list[Any] = []

    def opened(*plugins: Any, **options: Any) -> Any:
        settings = {
            "name": "Example program (fictional)",
            "coordinator": {"name": "Robin Example (fictional)"},
            "path": [{"role": "coordinator", "minutes": 30}],
        }
        kits.append(
            peerkit.open(url, settings=settings, plugins=plugins, clock=watch, discover=False, **options)
        )
        return kits[-1]

    yield opened
    for kit in kits:
        kit.close()


def robin(kit: Any) -> Any:
    return next(one for one in kit._find_all("person") if one.name.startswith("Robin"))


def walkers(kit: Any, many: int) -> list[WalkNote]:
    with kit.session(actor=robin(kit)) as s:
        people = [s.save(Person.enrol(name=f"P{n} Example (fictional)")) for n in range(many)]
        return [s.save(WalkNote.begin(person=one)) for one in people]


def counted(kit: Any, first: date = MARCH[0], last: date = MARCH[1], **details: Any) -> Any:
    with kit.session(actor=robin(kit)) as s:
        return s.counts(first, last, **details)


def numbers(found: Any, section: int = 0) -> dict[str, int | None]:
    return {cell.code: cell.number for cell in found.sections[section].cells}


# -- what it reads ---------------------------------------------------------------------------------


def test_a_section_counts_what_its_module_reads_and_stands_in_the_report(make: Make) -> None:
    kit = make(Walks(states))
    walkers(kit, 6)
    found = counted(kit)
    (section,) = found.sections
    assert (section.name, section.title, section.plugin) == ("walks", "Walks", "walks")
    assert [cell.label for cell in section.cells] == ["people who walk", "people who stopped", "walks"]
    assert numbers(found) == {"walking": 6, "stopped": 0, "walks": 6}
    assert found.left_out == ()


def test_it_is_counted_again_as_it_was_at_a_place_in_the_feed(make: Make, watch: Any) -> None:
    kit = make(Walks(states))
    made = walkers(kit, 12)
    before = counted(kit)
    watch.forward(days=1)
    with kit.session(actor=robin(kit)) as s:
        for one in made[:6]:
            s.save(one.end())
    now = counted(kit)
    assert numbers(now) == {"walking": 6, "stopped": 6, "walks": 12}
    assert counted(kit, as_of=before.position).sections == before.sections
    assert numbers(counted(kit, date(2026, 4, 1), date(2026, 4, 30)))["stopped"] == 0


def test_a_period_is_days_in_the_programs_zone(make: Make) -> None:
    seen: list[Any] = []

    def look(period: Period) -> Iterable[Cell]:
        seen.append((period.first, period.last, period.zone, period.start, period.end))
        return []

    counted(make(Walks(look)))
    zone = ZoneInfo("America/Toronto")
    (given_,) = seen
    assert given_[:3] == (*MARCH, zone)
    assert given_[3:] == (datetime(2026, 3, 1, tzinfo=zone), datetime(2026, 4, 1, tzinfo=zone))
    assert given_[4] - given_[3] == timedelta(days=31, hours=-1)  # the clock went forward meanwhile
    assert given_[3].tzinfo is UTC


def test_what_was_erased_is_counted_no_more(make: Make) -> None:
    kit = make(Walks(states))
    made = walkers(kit, 6)
    with kit.session(actor=robin(kit)) as s:
        pat = s.save(Person.enrol(name="Pat Example (fictional)"))
        s.save(Appointment.give(pat, "privacy"))
    kit.erase(made[0], basis="wish", asked_by=made[0].person, decided_by=pat)
    assert numbers(counted(kit))["walking"] == 5


# -- what is shown ---------------------------------------------------------------------------------


def cells(*given_: Cell) -> Walks:
    return Walks(lambda _period: given_)


def some(*who: int) -> frozenset[str]:
    return frozenset(str(n) for n in who)


def test_small_cells_are_not_shown_nor_what_would_give_them_away(make: Make) -> None:
    kit = make(
        cells(
            Cell("few", "few", people=some(1, 2)),
            Cell("next", "next", people=some(*range(10, 16))),
            Cell("many", "many", people=some(*range(20, 40))),
            Cell("alone", "alone", people=some(1, 2), group="alone"),
            Cell("visits", "visits", people=some(1, 2, 3), number=90, group="visits"),
            Cell("nameless", "nameless", number=4, group="nameless"),
            Cell("plenty", "plenty", number=5, group="plenty"),
            Cell("nobody", "nobody", number=0, group="nobody"),
        )
    )
    assert numbers(counted(kit)) == {
        "few": None,
        "next": None,  # else the few are what is left of a sum
        "many": 20,
        "alone": None,
        "visits": None,  # of three people
        "nameless": None,
        "plenty": 5,
        "nobody": 0,
    }
    own = counted(kit, own_use=True)
    assert None not in numbers(own).values()
    assert numbers(own)["few"] == 2
    assert [one.of for one in kit._find_all(Read.kind)] == ["counts"]  # logged as ever, and only that one


def test_what_is_left_of_a_larger_cell_tells_of_no_few(make: Make) -> None:
    kit = make(
        cells(
            Cell("all", "all", people=some(*range(20))),
            Cell("most", "most", people=some(*range(18))),
            Cell("half", "half", people=some(*range(9)), group="halves"),
            Cell("rest", "rest", people=some(*range(9, 18)), group="halves"),
            Cell("whole", "whole", people=some(*range(20)), group="halves"),
        )
    )
    found = numbers(counted(kit))
    assert (found["all"], found["most"]) == (20, None)
    assert found["whole"] == 20
    assert [found["half"], found["rest"]].count(None) == 1  # with both, the two who are in neither are told


def test_a_group_of_its_own_wins_no_cell_what_is_left_of_another(make: Make) -> None:
    kit = make(
        cells(
            Cell("all", "all", people=some(*range(20))),
            Cell("most", "most", people=some(*range(18)), group="most"),
            Cell("others", "others", people=some(*range(30, 36)), group="others"),
        )
    )
    assert numbers(counted(kit)) == {"all": 20, "most": None, "others": 6}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sets(st.integers(0, 30)), min_size=1))
def test_no_cell_that_is_shown_leaves_a_few_of_a_larger_one(groups: dict[str, set[int]]) -> None:
    held = {code: Tally(len(who), people={str(n) for n in who}) for code, who in groups.items()}
    found = Showing(own_use=False).groups([held])
    shown = {code: held[code].people for code, n in found.items() if n}
    for who in shown.values():
        assert len(who) >= SMALL
        within = [one for one in shown.values() if one < who]
        if within:
            assert len(who.difference(*within)) not in range(1, SMALL)
    assert all(found[code] == 0 for code, one in held.items() if not one.count)


# -- what goes wrong -------------------------------------------------------------------------------


def raises(_period: Period) -> Iterable[Cell]:
    yield Cell("one", "one", number=9)
    raise LookupError("Maya")


WRONG: dict[str, Callable[[Period], Any]] = {
    "raises": raises,
    "nothing": lambda _period: None,
    "no cells": lambda _period: [7],
    "twice": lambda _period: [Cell("one", "one", number=9), Cell("one", "two", number=9)],
    "undeclared": lambda period: [Cell("p", "p", number=len(list(period.find(Person))))],
    "undeclared history": lambda period: [Cell("p", "p", number=len(period.history(Person, "x")))],
    "no kind": lambda period: [Cell("p", "p", number=len(list(period.find(str))))],  # type: ignore[type-var]
    "no cell": lambda _period: [Cell("p", "p", number=-1)],
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_section_that_fails_is_left_out_and_named_and_the_rest_stands(make: Make, wrong: str) -> None:
    kit = make(Walks(states), Walks(WRONG[wrong], name="broken"))
    walkers(kit, 6)
    found = counted(kit)
    assert [one.name for one in found.sections] == ["walks"]
    assert found.left_out == ("broken (broken 2.1)",)
    assert numbers(found)["walking"] == 6
    assert "Maya" not in str(found)


def test_a_strict_sandbox_raises_what_a_section_raises() -> None:
    plugins = [Walks(raises)]
    with peerkit.open("memory:", plugins=plugins, discover=False, strict=True) as kit, kit.session() as s:
        with pytest.raises(PluginError, match="walks") as caught:
            s.counts(*MARCH)
        assert "Maya" not in str(caught.value)


def test_a_store_that_fails_is_no_fault_of_the_section(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def swallow(period: Period) -> Iterable[Cell]:
        try:
            list(period.find(WalkNote))
        except StorageError:
            return []
        return [Cell("one", "one", number=9)]

    kit = make(Walks(swallow))
    find = kit.storage.find

    def failing(query: Any) -> Any:
        if query.kind == "walk_note":
            raise StorageError("the disk is gone")
        return find(query)

    actor = robin(kit)
    monkeypatch.setattr(kit.storage, "find", failing)
    with kit.session(actor=actor) as s, pytest.raises(StorageError):
        s.counts(*MARCH)


@pytest.mark.parametrize(
    "details",
    [
        {"code": "Not A Code"},
        {"label": " "},
        {"number": -1},
        {"number": True},
        {"number": 1.5},
        {"people": "abc"},
        {},
    ],
    ids=str,
)
def test_what_is_no_cell_is_refused_when_it_is_made(details: dict[str, Any]) -> None:
    given_ = {"code": "one", "label": "one", **({"number": 7} if details else {}), **details}
    with pytest.raises(Malformed):
        Cell(**given_)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        (ReportSection("A Name", "Walks", states), "is a code"),
        (ReportSection("walks", " ", states), "has no title"),
        (ReportSection("walks", "Walks", 7), "nothing that counts"),  # type: ignore[arg-type]
    ],
    ids=["name", "title", "count"],
)
def test_what_is_no_section_is_refused_at_the_load(section: ReportSection, told: str) -> None:
    class Plugin:
        name = "odd"

        @hookimpl
        def peerkit_supply(self) -> Iterable[Supply]:
            yield section

    with pytest.raises(PluginError, match=told):
        peerkit.open("memory:", plugins=[Plugin()], discover=False, strict=True)


def test_two_sections_of_one_name_are_an_error_that_names_both() -> None:
    class Other(Walks):
        @hookimpl
        def peerkit_supply(self) -> Iterable[Supply]:
            yield ReportSection("walks", _("Walks"), states)

    with pytest.raises(PluginError, match="report section walks"):
        peerkit.open("memory:", plugins=[Walks(states), Other(states, "other")], discover=False)

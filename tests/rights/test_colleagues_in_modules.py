# SPDX-License-Identifier: Apache-2.0
"""What a module keeps of somebody who works here is closed to offices as the core's own kinds are, whatever
rows it brings; a module says nothing for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Self

import pytest

from peerkit import Decision, NotFound, Operational, Own, Record, Ref, act, hookimpl, record, ref
from peerkit.hooks import Access, Kind
from peerkit.kit.take_out import collected
from peerkit.model.actor import Actor
from peerkit.plugins import Plugins
from peerkit.testing import Town

RIGHTS = """
role        kind  read  acts
own:person  {0}   yes   *
own:host    {0}   yes   -
supporter   {0}   yes   -
cover       {0}   yes   -
supervisor  {0}   yes   -
on-call     {0}   yes   -
coordinator {0}   yes   *
privacy     {0}   yes   -
break-glass {0}   yes   -
"""
TABLE = "of from act to who strength\n- - come came {} said"
OFFICES = ("robin", "sol", "dana", "pat")


@record("shed_visit", TABLE.format("person"), subjects="person host", module="shed")
class Visit(Record):
    """Somebody came, and said how it was."""

    person: Operational[str]
    host: Operational[str] = ""
    words: Own[str] = ""
    state: Operational[str] = "came"

    @classmethod
    @act
    def come(cls, *, person: Ref, host: str = "", by: Decision | None = None) -> Self:
        """They came."""
        return cls(person=ref(person), host=host, words="To be alone")


@record("shed_stay", TABLE.format("member"), subjects="host member", module="shed")
class Stay(Record):
    """How it was for a member: another word for whom it supports, and not the first of its subjects."""

    host: Operational[str]
    member: Operational[str]
    words: Own[str] = ""
    state: Operational[str] = "came"

    @classmethod
    @act
    def come(cls, *, host: str, member: str, by: Decision | None = None) -> Self:
        """They came."""
        return cls(host=host, member=member, words="To be alone")


@record("shed_shift", TABLE.format("person"), subjects="person", module="shed")
class Shift(Record):
    """How a shift went for whoever had it: about their work, in a field with the name of everybody's."""

    person: Operational[str]
    words: Own[str] = ""
    state: Operational[str] = "came"

    @classmethod
    @act
    def come(cls, *, person: str, by: Decision | None = None) -> Self:
        """They had it."""
        return cls(person=person, words="Long")


@record("shed_day", TABLE.format("person"), subjects="person", module="shed")
class Day(Record):
    """That somebody came, and not a word more."""

    person: Operational[str]
    state: Operational[str] = "came"

    @classmethod
    @act
    def come(cls, *, person: Ref, by: Decision | None = None) -> Self:
        """They came."""
        return cls(person=ref(person))


@record("shed_round", TABLE.format("author"), subjects="author", module="shed")
class Round(Record):
    """How a host's round went: about their work, and so in another field than `person`."""

    author: Operational[str]
    words: Own[str] = ""
    state: Operational[str] = "came"

    @classmethod
    @act
    def come(cls, *, author: Ref, by: Decision | None = None) -> Self:
        """They went round."""
        return cls(author=ref(author), words="Two doors were open")


GLASSLESS = RIGHTS.replace("break-glass {0}   yes   -\n", "")


class Shed:
    """The module."""

    name = "shed"
    kinds: ClassVar[dict[type[Record], str]] = {
        Visit: RIGHTS,
        Day: RIGHTS.replace("own:host    {0}   yes   -\n", ""),
        Stay: "role kind read acts\nown:member {0} yes *\nown:host {0} yes -\ncoordinator {0} yes -\n",
        Shift: "role kind read acts\nown:person {0} yes *\nsupervisor {0} yes -\n",
        Round: "role kind read acts\nown:author {0} yes *\ncoordinator {0} yes -\n",
    }

    supported: ClassVar[dict[type[Record], str]] = {Stay: "member", Shift: ""}

    @hookimpl
    def peerkit_supply(self) -> Iterator[Any]:
        yield Access()
        for kind, rows in self.kinds.items():
            said = {"supported": self.supported[kind]} if kind in self.supported else {}
            yield Kind(kind, rights=rows.format(kind.kind), **said)


@pytest.fixture
def town() -> Iterator[Town]:
    """Kai walks beside Maya, and works here; she does not."""
    made = Town("memory:", troubled=False, plugins=(Shed(),))
    yield made
    made.kit.close()


def sees(town: Town, name: str, one: Record) -> bool:
    """Whether somebody sees a record, by id, in a list, in a count and in its history alike."""
    with town.kit.session(actor=town.ids[name]) as s:
        found = one.id in {each.id for each in s.find(type(one))}
        assert (s.count(type(one)) > 0) is found
        for way in (s.get, s.history):
            if found:
                assert way(type(one), one.id)
            else:
                with pytest.raises(NotFound):
                    way(type(one), one.id)
        return found


def test_no_office_opens_what_a_module_keeps_of_a_colleague(town: Town) -> None:
    visit = town.save(Visit.come(person=town.ids["kai"]), by="kai")
    assert not any(sees(town, name, visit) for name in OFFICES)
    assert sees(town, "kai", visit)


@pytest.mark.parametrize(
    ("role", "name"),
    [("supervisor:person", "sol"), ("cover:person", "noor"), ("stand-in:person", "noor")],
)
def test_an_office_over_whoever_stands_in_a_field_is_an_office(
    role: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who supervises Kai or covers for him at work; his own record is not of his work."""
    rows = f"{RIGHTS}{role} {{0}} yes -\n"
    monkeypatch.setattr(Shed, "kinds", {Visit: rows})
    town = Town("memory:", troubled=True, plugins=(Shed(),))
    visit = town.save(Visit.come(person=town.ids["kai"]), by="kai")
    assert not sees(town, name, visit)
    assert sees(town, "kai", visit)
    town.kit.close()


def test_it_opens_to_whom_the_rows_let_for_another_reason(town: Town) -> None:
    visit = town.save(Visit.come(person=town.ids["kai"], host=town.ids["robin"]), by="kai")
    assert sees(town, "robin", visit)  # who hosted them
    town.kit.break_glass(town.ids["kai"], reason="He does not answer his door", actor=town.ids["dana"])
    assert sees(town, "dana", visit)


def test_a_broken_glass_opens_it_to_the_offices_that_the_rows_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shed, "kinds", {**Shed.kinds, Visit: GLASSLESS})
    town = Town("memory:", troubled=False, plugins=(Shed(),))
    visit = town.save(Visit.come(person=town.ids["kai"]), by="kai")
    town.kit.break_glass(town.ids["kai"], reason="He does not answer his door", actor=town.ids["robin"])
    assert sees(town, "robin", visit)
    assert not sees(town, "dana", visit)  # who broke no glass
    town.kit.close()


def test_a_broken_glass_opens_nothing_private_without_a_row_of_its_own() -> None:
    class Secret(Shed):
        @hookimpl
        def peerkit_supply(self) -> Iterator[Any]:
            yield Access()
            yield Kind(Visit, rights=GLASSLESS.format("shed_visit"), private=True)

    town = Town("memory:", troubled=False, plugins=(Secret(),))
    visit = town.save(Visit.come(person=town.ids["kai"]), by="kai")
    town.kit.break_glass(town.ids["kai"], reason="He does not answer his door", actor=town.ids["robin"])
    assert not sees(town, "robin", visit)
    town.kit.close()


def test_of_who_only_comes_here_offices_read_what_the_rows_say(town: Town) -> None:
    visit = town.save(Visit.come(person=town.ids["maya"]), by="maya")
    assert all(sees(town, name, visit) for name in (*OFFICES, "kai"))


def test_what_holds_nobodys_words_stays_open_so_that_a_program_can_be_run(town: Town) -> None:
    day = town.save(Day.come(person=town.ids["kai"]), by="kai")
    assert sees(town, "robin", day)


def test_what_is_about_their_work_stands_in_another_field(town: Town) -> None:
    went = town.save(Round.come(author=town.ids["kai"]), by="kai")
    assert sees(town, "robin", went)


def test_a_kind_says_by_which_field_it_is_about_whom_it_supports(town: Town) -> None:
    stay = Stay.come(host=town.ids["noor"], member=town.ids["kai"])
    stay = town.save(stay, by="kai")
    assert not sees(town, "robin", stay)
    assert sees(town, "kai", stay)
    assert sees(town, "noor", stay)
    hers = town.save(Stay.come(host=town.ids["kai"], member=town.ids["maya"]), by="maya")
    assert sees(town, "robin", hers)  # a colleague hosted it, and nothing in it is theirs


def test_who_is_supported_takes_it_out_whole_by_whichever_field(town: Town) -> None:
    stay = town.save(Stay.come(host=town.ids["kai"], member=town.ids["maya"]), by="maya")
    own = town.save(Stay.come(host=town.ids["maya"], member=town.ids["maya"]), by="maya")
    taken = {one["id"]: one for one in collected(town.kit, Actor(town.ids["maya"]))["records"]}
    assert {taken[one.id]["words"] for one in (stay, own)} == {"To be alone"}
    theirs = collected(town.kit, Actor(town.ids["kai"]))["records"]
    assert stay.id not in {one["id"] for one in theirs}  # who hosted them has their own log alone


def read_of(town: Town, name: str) -> list[tuple[str, str]]:
    """Who read what a module keeps of somebody, as their own log tells them: reader and sort."""
    entries = town.kit.log(actor=town.ids[name])
    return [(one.by, one.text) for one in entries if one.what == "read" and "shed_stay" in one.kinds]


def test_who_is_supported_sees_who_read_it_also_whoever_stands_there_first(town: Town) -> None:
    town.save(Stay.come(host=town.ids["noor"], member=town.ids["maya"]), by="maya")
    for name in ("noor", "maya"):
        with town.kit.session(actor=town.ids[name]) as s:
            assert s.find(Stay)
    assert [by for by, _ in read_of(town, "maya")] == [town.ids["noor"]]
    assert read_of(town, "noor") == []


def test_who_is_supported_sees_that_it_was_read_behind_a_broken_glass(town: Town) -> None:
    town.save(Stay.come(host=town.ids["noor"], member=town.ids["maya"]), by="maya")
    town.kit.break_glass(town.ids["maya"], reason="She does not answer her door", actor=town.ids["robin"])
    with town.kit.session(actor=town.ids["robin"]) as s:
        assert s.find(Stay)
    [(by, told)] = read_of(town, "maya")
    assert by == town.ids["robin"]
    assert "after opening your record" in told


def test_a_kind_says_that_it_is_about_work(town: Town) -> None:
    shift = town.save(Shift.come(person=town.ids["kai"]), by="kai")
    assert sees(town, "sol", shift)


def test_a_kind_that_says_a_field_that_it_has_not_is_not_loaded() -> None:
    class Misspelt(Shed):
        supported: ClassVar[dict[type[Record], str]] = {Stay: "membre"}

    [told] = [one for one in Plugins.load(given=[Misspelt()], discover=False) if one.name == "shed"]
    assert told.status == "failed"
    assert "supports membre, which is none of its subjects" in told.error

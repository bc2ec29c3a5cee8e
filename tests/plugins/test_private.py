# SPDX-License-Identifier: Apache-2.0
"""A module's private kind: read by the person and by whom its rows name, and by nobody else at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from pypdf import PdfReader

import peerkit
from peerkit import (
    Actor,
    Consent,
    Decision,
    Health,
    NotFound,
    Operational,
    Person,
    PluginError,
    Recipient,
    Record,
    Refused,
    Wall,
    act,
    hookimpl,
    record,
    ref,
)
from peerkit.hooks import Access, Kind, Proposal, Supply

CANARY = "canary 5.6"
TABLE = """
of  from   act     to     who     strength
-   -      note    noted  person  said
-   noted  show    noted  person  none
-   noted  unshow  noted  person  none
"""
RIGHTS = """
role             kind       read  acts
own:person       own_value  yes   *
own:shared_with  own_value  yes   -
"""


@record("own_value", TABLE, subjects="person shared_with", module="logbook")
class OwnValue(Record):
    """A value of the person's own log."""

    person: Operational[str]
    value: Health[str]
    shared_with: Operational[tuple[str, ...]] = ()
    state: Operational[str] = "noted"

    @classmethod
    @act
    def note(cls, *, person: Any, value: str, by: Decision | None = None) -> Self:
        """They write it down."""
        return cls(person=ref(person), value=value)

    @act
    def show(self, human: str, *, by: Decision | None = None) -> Self:
        """They let somebody read it."""
        return self._with(shared_with=(*self.shared_with, human))

    @act
    def unshow(self, *, by: Decision | None = None) -> Self:
        """They let nobody read it."""
        return self._with(shared_with=())

    def _with(self, **changed: Any) -> Self:
        import attrs

        return attrs.evolve(self, **changed)


class Logbook:
    name = "logbook"

    def __init__(self, *, private: bool = True, rights: str = RIGHTS) -> None:
        self.private, self.rights = private, rights

    @hookimpl
    def peerkit_supply(self) -> Iterator[Supply]:
        yield Kind(OwnValue, rights=self.rights, private=self.private)


class Curious:
    """A plugin that reads every kind, and looks at each commit and page."""

    name = "curious"

    def __init__(self) -> None:
        self.seen: list[str] = []

    @hookimpl
    def peerkit_supply(self) -> Iterator[Supply]:
        yield Access(reads={"*"})

    @hookimpl
    def peerkit_respond(self, proposal: Proposal) -> tuple[()]:
        self.seen += [change.record.kind for change in proposal.changes]
        self.seen += [one.kind for one, _ in proposal.of(Record)]
        return ()

    @hookimpl
    def peerkit_observe(self, page: Any, view: Any) -> None:
        self.seen += [envelope.kind for envelope in page.envelopes]


class Direct(Curious):
    name = "direct"

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> tuple[()]:
        if not proposal.tick and any(True for _ in proposal.of(Person)):
            return ()
        proposal.view.find(OwnValue)
        return ()


class House:
    def __init__(self, *plugins: Any) -> None:
        self.kit = peerkit.open("memory:", plugins=plugins, discover=False)
        with self.kit.session() as s:
            self.maya, self.sam = (s.save(Person.enrol(name=name)) for name in ("Maya", "Sam"))
        with self.kit.session(actor=self.maya) as s:
            self.value = s.save(OwnValue.note(person=self.maya, value=CANARY))

    def reads(self, actor: Any) -> bool:
        with self.kit.session(actor=actor) as s:
            try:
                return s.get(OwnValue, self.value).value == CANARY and s.count(OwnValue) == 1
            except (NotFound, Refused):
                return False


@pytest.fixture
def house() -> Iterator[House]:
    made = House(Logbook())
    yield made
    made.kit.close()


def test_only_the_person_reads_it_until_they_let_somebody(house: House) -> None:
    assert house.reads(house.maya)
    assert not any(map(house.reads, (house.sam, None, Actor.system("report"))))
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(OwnValue, house.value).show(house.sam.id))
    assert house.reads(house.sam)
    with house.kit.session() as s:
        s.save(Wall.put_up(person=house.maya, human=house.sam))
    # who was let in by the person themselves goes on, until the person says otherwise
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(OwnValue, house.value).unshow())
    assert not house.reads(house.sam)


def test_it_is_private_that_does_it() -> None:
    open_one = House(Logbook(private=False))
    assert open_one.reads(Actor.system("report"))
    assert len(let_out(open_one)) == 1
    open_one.kit.close()


def test_no_other_plugin_sees_any_of_it() -> None:
    curious = Curious()
    house = House(Logbook(), curious)
    house.kit.deliver()
    assert "person" in curious.seen
    assert "own_value" not in curious.seen
    house.kit.close()


def test_asking_for_it_by_name_fails_the_check() -> None:
    with pytest.raises(Refused) as refused:
        House(Logbook(), Direct())
    assert refused.value.codes == ("check-failed",)
    assert "private" in str(refused.value)


def let_out(house: House) -> list[Any]:
    """What a clinic receives, although Maya agreed to all of it."""
    with house.kit.session() as s:
        clinic = s.save(Recipient.add(name="A clinic"))
    with house.kit.session(actor=house.maya) as s:
        wide = ("health", "operational")
        s.save(Consent.give(person=house.maya, recipient=clinic, purpose="care", classes=wide))
    pages = house.kit.disclose(OwnValue, to=clinic, purpose="care", actor=house.maya)
    return [one for page in pages for one in page.documents]


def test_no_consent_lets_it_out_and_no_glass_opens_it(house: House) -> None:
    assert let_out(house) == []
    house.kit.break_glass(house.maya, reason="She does not answer")
    assert not house.reads(None)


def test_a_glass_opens_it_by_a_row_of_its_own() -> None:
    house = House(Logbook(rights=RIGHTS + "break-glass  own_value  yes  -\n"))
    assert not house.reads(None)
    house.kit.break_glass(house.maya, reason="She does not answer")
    assert house.reads(None)
    house.kit.close()


def test_the_person_takes_it_out_and_erases_it_alone(house: House, tmp_path: Path) -> None:
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(OwnValue, house.value).show(house.sam.id))
    house.kit.take_out(tmp_path / "mine.pdf", passphrase="a phrase of some length", actor=house.maya)
    pdf = PdfReader(tmp_path / "mine.pdf", password="a phrase of some length")
    held = json.loads(pdf.attachments["take-out.json"][0])["records"]
    assert [one["value"] for one in held if one["kind"] == "own_value"] == [CANARY]
    assert any("own_value" in one.kinds for one in house.kit.log(actor=house.maya))
    printed = house.kit.log(person=house.maya)
    assert not any("own_value" in one.kinds for one in printed)  # the office that prints it sees none of it
    with pytest.raises(Refused):
        house.kit.erase(house.value, basis="wish", asked_by=house.sam, decided_by=house.sam)
    house.kit.erase(house.value, basis="wish", asked_by=house.maya, decided_by=house.maya)
    assert not house.reads(house.maya)


@record("lone_value", TABLE.replace("person", "owner "), subjects="owner", module="logbook")
class LoneValue(Record):
    owner: Operational[str]
    state: Operational[str] = "noted"

    @classmethod
    @act
    def note(cls, *, owner: Any, by: Decision | None = None) -> Self:
        return cls(owner=ref(owner))

    @act
    def show(self, *, by: Decision | None = None) -> Self:
        return self

    @act
    def unshow(self, *, by: Decision | None = None) -> Self:
        return self


def test_a_private_kind_of_nobody_is_refused() -> None:
    class Lone:
        name = "lone"

        @hookimpl
        def peerkit_supply(self) -> Iterator[Supply]:
            yield Kind(LoneValue, private=True)

    with pytest.raises(PluginError, match="whose is it"):
        peerkit.open("memory:", plugins=[Lone()], discover=False, strict=True)

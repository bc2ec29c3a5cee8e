# SPDX-License-Identifier: Apache-2.0
"""Documents outlive code: old ones climb, newer and unknown ones are kept as they are and never written."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import attrs
import pytest

import peerkit
from peerkit import Actor, Decision, Malformed, Opaque, Refused, StorageError, hookimpl
from peerkit.codec import Codec
from peerkit.hooks import Kind
from peerkit.kinds import core_kind
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Part, Record, part, record

TABLE = """
    of  from  act    to  who     strength
    -   -     plant  =   anyone  none
    -   *     water  =   anyone  none
    """
RIGHTS = """
role         kind  read  acts
coordinator  bed   yes   *
"""
SECRET = "canary-zq"


@record("bed", TABLE, subjects="person")
class First(Record):
    """As it was."""

    person: Operational[str]
    plants: Own[str] = ""

    @classmethod
    @act
    def plant(cls, *, person: str, plants: str, by: Decision | None = None) -> Self:
        return cls(person=person, plants=plants)

    @act
    def water(self, *, by: Decision | None = None) -> Self:
        return self


@part
class Plant(Part):
    name: Own[str]


@record("bed", TABLE, subjects="person", version=3)
class Third(Record):
    """As it is: plants are parts, and how many there are is indexed."""

    person: Operational[str]
    plants: tuple[Plant, ...] = ()
    number: Operational[int] = 0
    watered: Operational[int] = 0

    @classmethod
    @act
    def plant(cls, *, person: str, plants: tuple[str, ...], by: Decision | None = None) -> Self:
        return cls(person=person, plants=tuple(Plant(name=one) for one in plants), number=len(plants))

    @act
    def water(self, *, by: Decision | None = None) -> Self:
        return attrs.evolve(self, watered=self.watered + 1)


def to_second(document: dict[str, Any]) -> dict[str, Any]:
    return document | {"plants": document["plants"].split(",")}


def to_third(document: dict[str, Any]) -> dict[str, Any]:
    plants = [{"name": one} for one in document["plants"]]
    return document | {"plants": plants, "number": len(plants)}


class Garden:
    """A plugin in one edition or another."""

    name = "garden"
    seen: ClassVar[list[str]] = []

    def __init__(self, cls: type[Record], **upcasters: Any) -> None:
        upcast = {int(name[1:]): one for name, one in upcasters.items()}
        self.kind = Kind(cls, upcast, RIGHTS, supported="")  # of whoever works in the garden

    @hookimpl
    def peerkit_supply(self) -> Any:
        return [self.kind]


OLD = Garden(First)
NEW = Garden(Third, _1=to_second, _2=to_third)


def write_old(store: Any, extra: dict[str, Any] | None = None) -> tuple[str, str]:
    """A bed as the old edition wrote it; its id, and the coordinator's."""
    with store.open(OLD) as kit:
        robin = coordinator(kit)
        with kit.session(actor=robin) as s:
            bed = First.plant(person=robin, plants="beans,peas")
            object.__setattr__(bed, "extra", extra or {})
            return s.save(bed).id, robin


def coordinator(kit: peerkit.Kit) -> str:
    with kit.session(actor=Actor.system("test")) as s:
        return s.find(peerkit.Person)[0].id


def body(kit: peerkit.Kit, bed_id: str) -> bytes:
    stored = kit.storage.get("bed", bed_id)
    assert stored is not None
    assert stored.body is not None
    return stored.body


def test_an_old_document_climbs_when_read_and_stays_until_an_act(store: Any) -> None:
    bed_id, robin = write_old(store, {"soil": "clay"})
    with store.open(NEW) as kit:
        old = body(kit, bed_id)
        with kit.session(actor=robin) as s:
            bed = s.get(Third, bed_id)
            assert [one.name for one in bed.plants] == ["beans", "peas"]
            assert (bed.number, bed.watered, bed.extra) == (2, 0, {"soil": "clay"})
        assert body(kit, bed_id) == old
        kit.migrate()
        assert body(kit, bed_id) == old  # migrating rewrites indexes alone
        with kit.session(actor=robin) as s:
            s.save(s.get(Third, bed_id).water())
        with kit.session(actor=robin) as s:
            assert [(one.number, one.watered) for one in s.history(Third, bed_id)] == [(2, 0), (2, 1)]
            assert s.get(Third, bed_id).extra == {"soil": "clay"}
        assert [e.doc_version for e in kit.changes(limit=100).envelopes if e.kind == "bed"] == [1, 3]
        assert kit.verify().intact


def test_an_index_of_older_code_is_rewritten_by_migrating(store: Any) -> None:
    bed_id, robin = write_old(store)
    with store.open(NEW) as kit:
        kit.migrate()
        with kit.session(actor=robin) as s:
            assert [one.id for one in s.find(Third, number=2)] == [bed_id]
            assert s.count(Third, lambda bed: bed.number > 2) == 0
        assert kit.migrate() == 0


def test_new_code_writes_a_kind_only_once_it_is_migrated_and_old_code_never_again(store: Any) -> None:
    """Old and new processes side by side."""
    bed_id, robin = write_old(store)
    with store.open(OLD) as old, store.open(NEW) as new:

        def planted(kit: peerkit.Kit, bed: Record) -> None:
            with kit.session(actor=robin) as s:
                s.save(bed)

        with pytest.raises(StorageError, match="migrate"):
            planted(new, Third.plant(person=robin, plants=("kale",)))
        planted(old, First.plant(person=robin, plants="leeks"))
        while new.migrate():
            pass
        planted(new, Third.plant(person=robin, plants=("kale",)))
        with pytest.raises(StorageError, match="newer"):
            planted(old, First.plant(person=robin, plants="onions"))
        with new.session(actor=robin) as s:
            assert sorted(one.number for one in s.find(Third)) == [1, 1, 2]
            assert s.get(Third, bed_id).number == 2


@pytest.mark.parametrize("missing", [1, 2])
def test_a_missing_hop_leaves_the_document_opaque_and_unwritten(store: Any, missing: int) -> None:
    bed_id, robin = write_old(store)
    hops = {f"_{n}": hop for n, hop in ((1, to_second), (2, to_third)) if n != missing}
    with store.open(Garden(Third, **hops)) as kit:
        opaque(kit, robin, Third, bed_id, 1)


def test_a_newer_document_is_opaque_to_older_code_and_unwritten(store: Any) -> None:
    with store.open(NEW) as kit:
        robin = coordinator(kit)
        with kit.session(actor=robin) as s:
            bed_id = s.save(Third.plant(person=robin, plants=("beans",))).id
    with store.open(OLD) as kit:
        opaque(kit, robin, First, bed_id, 3)
        assert kit.verify().intact


def opaque(kit: peerkit.Kit, robin: str, kind: type[Any], bed_id: str, doc: int) -> None:
    """It can be seen that it is there, copied as bytes, and nothing else."""
    before = body(kit, bed_id)
    with kit.session(actor=robin) as s:
        found = s.get(kind, bed_id)
        assert isinstance(found, Opaque)
        assert (found.of, found.doc, found.id, found.version) == ("bed", doc, bed_id, 1)
        assert found.body == before
        assert [one.id for one in s.find(kind)] == [bed_id]
        assert [type(one) for one in s.history(kind, bed_id)] == [Opaque]
        assert s.count(kind) == 1
        for value in (found, attrs.evolve(found, doc=1), attrs.evolve(found, body=b"{}")):
            with pytest.raises(Refused) as caught:
                s.save(value)
            assert caught.value.codes == ("opaque",)
        assert not hasattr(found, "water")
        assert "beans" not in repr(found)
    assert body(kit, bed_id) == before


def test_an_unknown_kind_is_kept_and_stays_in_the_feed(store: Any) -> None:
    bed_id, robin = write_old(store)
    with store.open() as kit:
        before = body(kit, bed_id)
        with kit.session(actor=robin) as s, pytest.raises(Malformed):
            s.get(First, bed_id)
        found = kit.codec.decode(kit.storage.get("bed", bed_id))
        assert isinstance(found, Opaque)
        assert found.body == before
        assert [e.id for e in kit.changes(limit=100).envelopes if e.kind == "bed"] == [bed_id]
        assert kit.verify().intact
    with store.open(OLD) as kit, kit.session(actor=robin) as s:
        assert s.get(First, bed_id).plants == "beans,peas"  # the plugin is back, and so is its record


def faulty(document: dict[str, Any]) -> dict[str, Any]:
    raise KeyError(f"{SECRET} {document}")


FAULTY = {
    "raises": faulty,
    "gives nothing": lambda _: None,
    "gives a list": lambda _: [],
    "gives nonsense": lambda document: document | {"plants": 5},
}


@pytest.mark.parametrize("hop", FAULTY.values(), ids=FAULTY)
def test_an_upcaster_that_fails_is_malformed_and_quotes_nothing(store: Any, hop: Any) -> None:
    bed_id, robin = write_old(store)
    with store.open(Garden(Third, _1=hop, _2=to_third)) as kit, kit.session(actor=robin) as s:
        with pytest.raises(Malformed) as caught:
            s.get(Third, bed_id)
        assert SECRET not in str(caught.value)
        assert "beans" not in str(caught.value)
        assert caught.value.where.startswith("bed")


def test_two_upcasters_for_one_version_are_an_error() -> None:
    codec = Codec(core_kind)
    codec.add_upcaster("bed", 1, to_second)
    with pytest.raises(Malformed):
        codec.add_upcaster("bed", 1, to_third)

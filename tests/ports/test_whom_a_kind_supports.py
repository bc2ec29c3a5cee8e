# SPDX-License-Identifier: Apache-2.0
"""The clauses of modules ask about whomever a kind supports, by whichever word it has for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Self

import attrs
import pytest
from clauses import CLAUSES, fails

from peerkit import Decision, Objection, Operational, Own, Public, Record, Ref, act, hookimpl, record, ref
from peerkit.hooks import Proposal
from peerkit.rights import Rights
from peerkit.testing.module.garden import Garden
from peerkit.testing.module.saying import in_the_open, said

GUESTS = """
of     from     act     to       who     strength
-      -        plan    planned  guest   said
"""


@record(
    "garden_visit",
    GUESTS,
    subjects="gardener guest",
    version=2,
    module="garden",
)
class Hosted(Record):
    """A visit with another word for whom it supports, who is not the first of its subjects."""

    gardener: Operational[str]
    guest: Operational[str]
    wish: Own[str] = ""
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(cls, *, gardener: str, guest: Ref, wish: str = "", by: Decision | None = None) -> Self:
        """The guest would like to come; of the gardener it takes the id alone, as many an act does."""
        return cls(gardener=gardener, guest=ref(guest), wish=wish)


class Hosting(Garden):
    """Sound."""

    kind = Hosted
    supported = "guest"
    rights = (
        "role kind read acts\nown:guest garden_visit yes *\nown:gardener garden_visit yes -\n"
        "coordinator garden_visit yes -\n"
    )

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterator[Objection]:
        yield from ()

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        yield from ()


@pytest.mark.parametrize("number", [n for n in CLAUSES if n[:6] in {"MOD-04", "MOD-05", "MOD-06"}])
def test_a_kind_that_says_by_another_word_whom_it_supports_is_sound(number: str) -> None:
    assert not fails(number, Hosting.module())


def test_who_is_supported_by_another_word_and_takes_nothing_out_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Rights, "supported", lambda *_: "")
    assert fails("MOD-063", Hosting.module())


@record("garden_visit", GUESTS, subjects="gardener guest", version=2, module="garden")
class Heard(Record):
    """Keeps words where anybody may know them, and where they are indexed."""

    gardener: Operational[str]
    guest: Operational[str]
    wish: Public[str] = ""
    tags: Operational[tuple[str, ...]] = ()
    seats: Operational[Mapping[str, str]] = attrs.field(factory=dict)
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(
        cls,
        *,
        gardener: str,
        guest: Ref,
        wish: str = "",
        tags: tuple[str, ...] = (),
        seats: Mapping[str, str] | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The guest would like to come."""
        return cls(gardener=gardener, guest=ref(guest), wish=wish, tags=tags, seats=seats or {})


def test_words_in_any_form_are_kept_nowhere_in_the_open_whomever_a_kind_supports() -> None:
    class Hearing(Hosting):
        kind = Heard

    backend = Hearing.module()
    town = backend.town()
    made = [one for kind in backend.kinds for _, one in said(backend, town, kind)]
    assert {name for one in made for name in in_the_open(one, public=True)} == {"wish", "tags", "seats"}
    assert "wish" not in {name for one in made for name in in_the_open(one, public=False)}
    backend.close_all()
    assert fails("MOD-050", backend)


@pytest.mark.parametrize("role", ["supervisor", "supervisor:guest", "stand-in:gardener"])
def test_a_kind_with_no_person_says_whom_it_supports_for_each_office_that_reads(role: str) -> None:
    class Silent(Hosting):
        supported = "person"
        rights = f"role kind read acts\nown:guest garden_visit yes *\n{role} garden_visit yes -\n"

    assert fails("MOD-064", Silent.module())

# SPDX-License-Identifier: Apache-2.0
"""The clauses of modules catch those that are broken on purpose, and where peerkit itself would fail them."""

from __future__ import annotations

import importlib
import logging
import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import attrs
import pytest
from clauses import CLAUSES, fails

from peerkit import (
    Activity,
    Contact,
    Decision,
    Malformed,
    Objection,
    Operational,
    Record,
    Wall,
    act,
    gate,
    hookimpl,
    record,
    texts,
)
from peerkit.codec import Codec
from peerkit.hooks import Access, GoalTemplate, Kind, Page, Proposal
from peerkit.kit import Kit, session
from peerkit.rights import Rights
from peerkit.testing import Module, ModuleConformance, Town
from peerkit.testing.contract import OF_MODULES
from peerkit.testing.module.broken import MODULES
from peerkit.testing.module.garden import Garden, Visit, again

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "testing.md").read_text(encoding="utf-8")
ZONE = "America/Toronto"


class TestGarden(ModuleConformance):
    """The sound module that the broken ones are made of."""

    @pytest.fixture
    def backend(self) -> Module:
        return Garden.module()


@pytest.mark.parametrize("broken", MODULES, ids=lambda broken: broken.__name__)
def test_a_broken_module_fails_its_clauses(broken: type[Garden]) -> None:
    assert {one for one in MODULES[broken] if fails(one, broken.module())} == MODULES[broken]


def test_a_module_that_imports_other_peoples_packages_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the same without the import passes."""
    source = "from peerkit import hookimpl\nfrom peerkit.hooks import Access\n\n\n"
    source += "@hookimpl\ndef peerkit_supply():\n    yield Access()\n"
    (tmp_path / "quick_garden.py").write_text(source, encoding="utf-8")
    (tmp_path / "heavy_garden.py").write_text(f"import hypothesis\n{source}", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert not fails("MOD-003", Module(importlib.import_module("quick_garden")))
    assert fails("MOD-003", Module(importlib.import_module("heavy_garden")))
    for name in ("quick_garden", "heavy_garden"):
        sys.modules.pop(name)


def blind(codec: Codec, stored: Any) -> Any:
    raise LookupError(stored.envelope.kind)


def newest(codec: Codec, stored: Any) -> Any:
    """Read whatever it is as if it were of this version."""
    known = codec.class_of(stored.envelope.kind)
    version = (
        stored.envelope.doc_version if known is None else min(stored.envelope.doc_version, known.doc_version)
    )
    return REAL(codec, attrs.evolve(stored, envelope=attrs.evolve(stored.envelope, doc_version=version)))


REAL = Codec.decode


def opened(kit: Any, record: Any, asked: Any) -> Any:
    return {one: gate._Word("open", asked.classes) for _, one in record.subjects}


CORE: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "MOD-023": (Codec, "decode", newest),
    "MOD-030": (Codec, "_opaque", blind),
    "MOD-053": (gate, "_words", opened),
    "MOD-061": (Rights, "allow", lambda *_: None),
    "MOD-062": (session, "judge", lambda *_, **__: []),
    "MOD-064": (Rights, "_is_colleagues", lambda *_: False),
    "MOD-090": (Kit, "concern", lambda *_, **__: None),
    "MOD-091": (Kit, "concern", lambda *_, **__: None),
}
"""What no module can break by itself: how peerkit would have to fail for the clause to."""


@pytest.mark.parametrize("number", CORE)
def test_where_peerkit_fails_a_module_its_clause_says_so(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, name, broken = CORE[number]
    monkeypatch.setattr(owner, name, broken)
    assert fails(number, Garden.module())


def test_a_label_with_french_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    french = texts._("It goes on with the next delivery.")  # in peerkit's catalogue
    monkeypatch.setattr(Garden, "labels", {("state", "planned"): french})
    assert not fails("MOD-081", Garden.module())


def test_a_goal_marked_for_a_catalogue_is_in_the_languages_of_that(monkeypatch: pytest.MonkeyPatch) -> None:
    said = texts._("It goes on with the next delivery.")  # in peerkit's catalogue, so there is French for it
    for words, lacks in ((said, False), (texts._("Water the beans"), True)):
        goal = GoalTemplate("beans", words, "a garden is near", "our garden")
        monkeypatch.setattr(Garden, "more", lambda _, goal=goal: [goal])
        assert fails("MOD-080", Garden.module()) is lacks


def test_a_word_that_both_languages_share_is_translated_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is that somebody translated it, not that it reads otherwise."""
    catalogue = tmp_path / "fr" / "LC_MESSAGES" / "shared-garden.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid "transport"\nmsgstr "transport"\n', encoding="utf-8")
    marked = texts.catalogue_of(tmp_path, "shared-garden")
    for words, lacks in ((marked("transport"), False), (marked("pause"), True)):
        goal = GoalTemplate("beans", words, words, "our garden")
        monkeypatch.setattr(Garden, "labels", {("state", "planned"): words})
        monkeypatch.setattr(Garden, "more", lambda _, goal=goal: [goal])
        assert fails("MOD-080", Garden.module()) is lacks
        assert fails("MOD-081", Garden.module()) is lacks


@record(
    "garden_site",
    "of from act to who strength\n- - found open anyone none",
    module="garden",
)
class Site(Record):
    """A place, which is nobody's."""

    phone: Contact[str] = ""
    state: Operational[str] = "open"

    @classmethod
    @act
    def found(cls, *, phone: str = "", by: Decision | None = None) -> Self:
        """There it is."""
        return cls(phone=phone)


def test_a_place_has_a_number_and_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Kind(Site, rights="role kind read acts\ncoordinator garden_site yes *")
    monkeypatch.setattr(Garden, "more", lambda _: [site])
    assert not fails("MOD-060", Garden.module())


LOG = logging.getLogger(__name__)


def test_a_module_that_logs_ids_holds_none_of_them() -> None:
    """What is logged hangs on the handlers of whoever runs the tests."""

    class Logging(Garden):
        log = LOG

        @hookimpl
        def peerkit_observe(self, page: Page, view: Any) -> None:
            for envelope in page.envelopes:
                self.log.warning("%s %s", envelope.kind, envelope.id)
            super().peerkit_observe(page, view)

    for number in ("MOD-040", "MOD-041"):
        assert not fails(number, Logging.module())


@record(
    "garden_visit",
    """
    of  from  act    to      who     strength
    -   -     plan   planned person  said
    -   *     add    =       person  none
    -   *     meet   =       person  none
    -   *     answer over    person  none
    """,
    subjects="person gardener",
    version=2,
    module="garden",
)
class Answered(Visit):
    """A visit with an act that two others come before."""

    added: Operational[bool] = False
    met: Operational[bool] = False

    plan = again("plan")

    @act
    def add(self, *, by: Decision | None = None) -> Self:
        """What to take along."""
        return attrs.evolve(self, added=True)

    @act
    def meet(self, *, by: Decision | None = None) -> Self:
        """They met."""
        return attrs.evolve(self, met=True)

    @act
    def answer(self, *, by: Decision | None = None) -> Self:
        """How it was."""
        if not (self.added and self.met):
            raise Malformed("after both")
        return self


def test_an_act_that_needs_two_others_is_come_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Garden, "kind", Answered)
    assert not fails("MOD-024", Garden.module())


def test_a_builder_shows_hooks_what_they_look_for_among_peerkits_kinds() -> None:
    """A check that looks at leave for one format of activity alone: no town has such a one of itself."""

    class Harvest(Garden):
        access = Access(reads={"leave", "activity", "wall"}, writes={"task"})

        @hookimpl
        def peerkit_check(self, proposal: Proposal) -> Iterator[Objection]:
            for one, _ in proposal.of(Activity):
                if one.format == "harvest":
                    proposal.view.find(Wall)
            yield from super().peerkit_check(proposal)

    def harvest(town: Town) -> Activity:
        noon = datetime(2027, 9, 1, 12)  # noqa: DTZ001  # the wall clock's
        who = (town.ids["kai"],)
        return Activity.plan(
            title="H", format="harvest", facilitators=who, local=noon, timezone="America/Toronto"
        )

    module = Harvest.module()
    assert fails("MOD-011", module)
    module.builders = {**module.builders, Activity: harvest}
    assert not fails("MOD-011", module)
    assert not fails("MOD-010", module)


def test_every_clause_is_seen_to_fail() -> None:
    caught = {number for numbers in MODULES.values() for number in numbers} | CORE.keys()
    assert CLAUSES.keys() - caught == {"MOD-003"}  # it has a test of its own above
    assert {CLAUSES[number].group for number in caught if CLAUSES[number].mandatory} == OF_MODULES


def test_no_mandatory_clause_is_excused() -> None:
    with pytest.raises(TypeError, match="mandatory"):

        class Excused(ModuleConformance):
            known_failures = {"MOD-040": "too hard"}  # noqa: RUF012

    class Told(ModuleConformance):
        known_failures = {"MOD-011": "it reads it in a command"}  # noqa: RUF012


def test_every_clause_stands_on_the_page() -> None:
    rows = dict(re.findall(r"^\| (MOD-\d{3}) \| (.*?) \|$", PAGE, re.MULTILINE))
    assert rows == {number: made.sentence for number, made in CLAUSES.items()}

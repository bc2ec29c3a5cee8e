# SPDX-License-Identifier: Apache-2.0
"""Who signs a page is shown what they sign: every field stands on it, or is named there as not printed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from peerkit import Consent, GoalPlan, Relationship
from peerkit.model.base import Record
from peerkit.model.plan import Goal, Scale, TakenStep
from peerkit.printing import documents
from peerkit.printing.documents import DOCUMENTS, UNPRINTED, Around
from peerkit.texts import for_locale

LEVELS = ("nowhere", "as far as the door", "to the street", "to the library", "to the lake")
FULL_SCALE = Scale(levels=LEVELS, weight=Decimal("1.5"), baseline=-1)
FULL_STEP = TakenStep(id="s1", words="Find my boots")
FULL_GOAL = Goal(id="g1", words="Walk", scale=FULL_SCALE, scaling="written", steps=(FULL_STEP,))
FULL: dict[type[Any], Any] = {
    Consent: Consent(person="p1", recipient="r1", classes=("own",), purpose="care"),
    Relationship: Relationship(person="p1", supporter="p2", ending="none_given"),
    GoalPlan: GoalPlan(person="p1", goals=(FULL_GOAL,)),
    Goal: FULL_GOAL,
    TakenStep: FULL_STEP,
    Scale: FULL_SCALE,
}
OTHERS: dict[type[Any], dict[str, Any]] = {
    Consent: {
        "person": "p2",
        "recipient": "*",
        "classes": ("own", "health"),
        "purpose": "referral",
        "starts": datetime(2026, 12, 28, 9, 30, tzinfo=UTC),
        "until": datetime(2027, 1, 27, 9, 30, tzinfo=UTC),
        "referral": "f1",
        "voice": "p3",
        "in_place": True,
        "state": "withdrawn",
    },
    Relationship: {
        "person": "p3",
        "supporter": "p3",
        "seeking_as": "family",
        "way": "group",
        "hopes": "To be among people",
        "wishes": "Somebody who speaks softly",
        "languages": ("fr",),
        "interests": ("cooking",),
        "reasons": ("both cook",),
        "part": "A companion",
        "helps": "Tea",
        "does_not_help": "Advice",
        "boundaries": "Not at night",
        "limits": "Danger goes on",
        "rhythm": "Tuesdays",
        "policy": "2026-3",
        "values": ("value-1",),
        "learned": "That silence is fine",
        "cover": "p3",
        "follows": "w0",
        "person_agreed": True,
        "supporter_agreed": True,
        "rests_until": date(2027, 1, 2),
        "ending_on": date(2027, 2, 3),
        "ending": "moved_on",
        "goodbye": "With a walk",
        "state": "agreed",
    },
    GoalPlan: {"person": "p2", "hopes": "Sleep", "strengths": ("I cook",), "goals": ()},
    Goal: {
        "words": "Run",
        "why": "The quiet",
        "area": "getting around",
        "importance": 8,
        "confidence": 3,
        "supports": ("my sister",),
        "barriers": ("the hill",),
        "steps": (),
        "suggested": "Exercise",
        "suggested_by": "p2",
        "source": "a leaflet",
        "scaling": "declined",
        "scale": None,
        "state": "aside",
    },
    TakenStep: {"words": "Find a map", "done": True},
    Scale: {"levels": (*LEVELS[:4], "around the lake"), "weight": Decimal(1000), "baseline": None},
}
NAMES = {"p1": "Maya", "p2": "Tomas", "p3": "Noor", "r1": "Desk (fictional)"}
AROUND = Around(NAMES, (), "Riverside (fictional)", ZoneInfo("America/Toronto"), "0" * 64)


def page(record: Any, language: str = "en") -> str:
    """All that the page of a record says, or of the plan that has only this in it."""
    if isinstance(record, Scale):
        record = attrs.evolve(FULL_GOAL, scale=record)
    if isinstance(record, TakenStep):
        record = attrs.evolve(FULL_GOAL, steps=(record,))
    if isinstance(record, Goal):
        # a suggestion has both words and an author
        record = attrs.evolve(record, suggested=record.suggested or "Move") if record.suggested_by else record
        record = attrs.evolve(FULL[GoalPlan], goals=(record,))
    say = for_locale(language)
    [make] = [make for cls, make in DOCUMENTS.values() if cls is type(record)]
    document = make(record, AROUND)
    return "\n".join(say(one) for part in document.sections for one in (part.heading, *part.lines))


def fields(cls: type[Any]) -> set[str]:
    return {one.name for one in attrs.fields(cls)}


@pytest.mark.parametrize("cls", list(FULL), ids=lambda cls: cls.__name__)
def test_every_field_is_printed_or_named_as_not_printed(cls: type[Any]) -> None:
    """A field that comes later fails here, until it is on the page or among UNPRINTED with what it is."""
    silent = UNPRINTED.get(cls, {}).keys() | (UNPRINTED[Record].keys() if issubclass(cls, Record) else set())
    assert silent <= fields(cls)
    assert fields(cls) - silent == OTHERS[cls].keys()


@pytest.mark.parametrize(("cls", "name"), [(cls, name) for cls, held in OTHERS.items() for name in held])
def test_another_value_makes_another_page(cls: type[Any], name: str) -> None:
    held = FULL[cls]
    if (cls, name) == (Goal, "suggested_by"):
        held = attrs.evolve(held, suggested="Move")
    assert page(attrs.evolve(held, **{name: OTHERS[cls][name]})) != page(held)


@pytest.mark.parametrize("cls", [Relationship, GoalPlan, Consent])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_not_printed_is_named_on_the_page(cls: type[Any], language: str) -> None:
    said, say = page(FULL[cls], language), for_locale(language)
    parts = (Goal, TakenStep, Scale) if cls is GoalPlan else ()
    named = [told for one in (cls, Record, *parts) for told in UNPRINTED[one].values() if told is not None]
    assert named
    assert all(say(told) in said for told in named)


@pytest.mark.parametrize("state", ["adopted", "achieved", "aside", "suggested"])
def test_of_a_goal_in_whatever_state_everything_stands_there(state: str) -> None:
    said = page(attrs.evolve(FULL_GOAL, state=state, area="home", why="The quiet"))
    words = (
        "Walk",
        "home",
        "The quiet",
        "Find my boots",
        *LEVELS,
        "1.5",
        "Where I begin: Less than I expect",
    )
    assert [one for one in words if one not in said] == []


def test_consent_for_one_referral_says_so_and_its_days_are_both_there() -> None:
    once = Consent.give_once(person="p1", recipient="r1", referral="f1", classes=("own",))
    said, french = page(once), page(once, "fr")
    assert "For one referral only" in said
    assert "Pour une seule orientation" in french
    bounded = attrs.evolve(FULL[Consent], **{name: OTHERS[Consent][name] for name in ("starts", "until")})
    said = page(bounded)
    assert "From Monday 28 December 2026, 04:30, and not before" in said
    assert "Until Wednesday 27 January 2027, 04:30" in said


def test_a_great_weight_is_written_as_a_number() -> None:
    lines = list(documents.scale(attrs.evolve(FULL_SCALE, weight=Decimal(1000))))
    assert any(one.endswith(": 1000") for one in lines)

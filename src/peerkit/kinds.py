# SPDX-License-Identifier: Apache-2.0
"""Which kinds there are and where; each is imported when first used, so that `import peerkit` is cheap."""

from __future__ import annotations

import importlib
import typing
from typing import Any, cast

from peerkit.model.base import Class, Record, part_types

PLACES: dict[str, tuple[str, str]] = {
    "person": ("people", "Person"),
    "peer_supporter": ("people", "PeerSupporter"),
    "peer_role": ("people", "PeerRole"),
    "course": ("training", "Course"),
    "attendance": ("training", "Attendance"),
    "practicum": ("training", "Practicum"),
    "credential": ("credential", "Credential"),
    "letter": ("credential", "Letter"),
    "program": ("program", "Program"),
    "organization": ("program", "Organization"),
    "appointment": ("program", "Appointment"),
    "relationship": ("relationship", "Relationship"),
    "leave": ("route", "Leave"),
    "route": ("route", "Route"),
    "wall": ("route", "Wall"),
    "meeting": ("meeting", "Meeting"),
    "activity": ("activity", "Activity"),
    "sign_up": ("activity", "SignUp"),
    "interaction": ("activity", "Interaction"),
    "reflection": ("activity", "Reflection"),
    "goal_plan": ("plan", "GoalPlan"),
    "progress": ("plan", "Progress"),
    "review": ("review", "Review"),
    "follow_up": ("review", "FollowUp"),
    "signature": ("signing", "Signature"),
    "safety_plan": ("safety_plan", "SafetyPlan"),
    "reply": ("reply", "Reply"),
    "measure": ("outcomes", "Measure"),
    "feedback": ("outcomes", "Feedback"),
    "recipient": ("sharing", "Recipient"),
    "authority": ("authority", "Authority"),
    "consent": ("sharing", "Consent"),
    "disclosure": ("sharing", "Disclosure"),
    "withheld": ("sharing", "Withheld"),
    "break_glass": ("glass", "BreakGlass"),
    "merge": ("merge", "Merge"),
    "notice": ("notice", "Notice"),
    "referral": ("referral", "Referral"),
    "service": ("directory", "Service"),
    "task": ("work", "Task"),
    "questionnaire": ("questionnaire", "Questionnaire"),
    "risk_screen": ("safety", "RiskScreen"),
    "answer": ("safety", "Answer"),
    "concern": ("safety", "Concern"),
    "alert": ("alert", "Alert"),
    "safety_response": ("safety", "SafetyResponse"),
    "delivery": ("safety", "Delivery"),
    "drill": ("safety", "Drill"),
    "duty_report": ("duty_report", "DutyReport"),
    "read": ("keeping", "Read"),
    "refusal": ("keeping", "Refusal"),
    "redaction": ("keeping", "Redaction"),
    "restoration": ("restoration", "Restoration"),
}
"""The core's kinds: the kind's name in documents → module of `peerkit.model` and class."""

INDEXES: dict[str, tuple[str, ...]] = {
    "activity": ("state local",),
    "alert": ("state due", "reference"),
    "appointment": ("role state",),
    "credential": ("state until",),
    "delivery": ("about", "result", "to channel"),
    "drill": ("state", "reference"),
    "follow_up": ("state on",),
    "interaction": ("state local",),
    "meeting": ("state local",),
    "letter": ("sha256",),
    "notice": ("state due",),
    "peer_supporter": ("state debrief_on",),
    "questionnaire": ("instrument",),
    "referral": ("state",),
    "relationship": ("state", "state ending_on", "state rests_until"),
    "review": ("state on",),
    "service": ("source source_key",),
    "reply": ("about",),
    "route": ("open until",),
    "risk_screen": ("state",),
    "safety_plan": ("state review_on",),
    "signature": ("signed",),
    "task": ("owner state due", "asked_too state due", "state due", "what state"),
}
"""What is looked for among all records of a kind, and so wants an index: fields joined by a blank."""

OWN_ONLY = frozenset({"duty_report", "reflection"})
"""Kinds that nobody reads but their author, and who stands in them as a reader: no office, system or plugin,
and no consent lets one out."""

SENSITIVE = frozenset({Class.own, Class.safety, Class.health, Class.contact})
"""Classes whose reading by somebody else is logged."""

NAMES = {cls: module for module, cls in PLACES.values()}


def core_kind(kind: str) -> type[Record] | None:
    """The core's class for a kind's name, or None."""
    place = PLACES.get(kind)
    return None if place is None else cast("type[Record]", named(place[1]))


def named(cls: str) -> object:
    """The class with this name, imported now; KeyError if the core has none."""
    return getattr(importlib.import_module(f"peerkit.model.{NAMES[cls]}"), cls)


def sensitive(kind: type[Record]) -> bool:
    """Whether a kind is about people, and holds what is close to them, or a part of it does."""
    return bool(kind.subject_fields) and holds_close(kind)


def holds_close(kind: type[Record], classes: frozenset[Class] = SENSITIVE) -> bool:
    """Whether a kind, or a part of it, holds what is close to somebody."""
    return bool(classes & (set(kind.field_classes.values()) | _part_classes(kind)))


def _part_classes(owner: type[Any]) -> set[Class]:
    found: set[Class] = set()
    for hint in typing.get_type_hints(owner, include_extras=True).values():
        found |= {m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Class)}
        for inner in part_types(hint):
            found |= _part_classes(inner)
    return found

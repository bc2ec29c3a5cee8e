# SPDX-License-Identifier: Apache-2.0
"""peerkit: a library for formal peer support.

One person who has lived it, and trained for it, walks beside another. Begin with `peerkit.open`.
Every kind (`peerkit.Person`, `peerkit.GoalPlan`, …) is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peerkit._version import __version__
from peerkit.errors import (
    Conflict,
    Malformed,
    NotFound,
    Objection,
    PeerkitError,
    PluginError,
    Refused,
    StorageError,
    UnsavedScreen,
)

if TYPE_CHECKING:
    from peerkit import commands, errors, hooks, instruments, library, paper, ports, texts, training
    from peerkit.codec import Opaque
    from peerkit.hooks import hookimpl
    from peerkit.kit import Kit, Page, Receipt, Session
    from peerkit.kit import open as open  # noqa: A004  # public; `import *` leaves the builtin
    from peerkit.levels import Level
    from peerkit.model.activity import Activity, Interaction, Reflection, SignUp
    from peerkit.model.actor import Actor
    from peerkit.model.acts import act
    from peerkit.model.authority import Authority
    from peerkit.model.base import (
        Contact,
        Health,
        Identity,
        Operational,
        Own,
        Part,
        Public,
        Record,
        Ref,
        Safety,
        part,
        record,
        ref,
    )
    from peerkit.model.credential import Credential, Letter
    from peerkit.model.decision import Decision
    from peerkit.model.directory import Service
    from peerkit.model.duty_report import DutyReport
    from peerkit.model.formality import formality
    from peerkit.model.glass import BreakGlass
    from peerkit.model.ids import new_id
    from peerkit.model.keeping import Read, Redaction, Refusal
    from peerkit.model.meeting import Meeting
    from peerkit.model.merge import Merge
    from peerkit.model.notice import Notice
    from peerkit.model.outcomes import Feedback, Measure
    from peerkit.model.people import PeerRole, PeerSupporter, Person
    from peerkit.model.plan import GoalPlan, Progress
    from peerkit.model.program import Appointment, Organization, Program
    from peerkit.model.questionnaire import Questionnaire
    from peerkit.model.referral import Referral
    from peerkit.model.relationship import Relationship
    from peerkit.model.reliable_change import Reliability
    from peerkit.model.reply import Reply
    from peerkit.model.restoration import Restoration
    from peerkit.model.review import FollowUp, Review
    from peerkit.model.route import Leave, Route, Wall
    from peerkit.model.safety import (
        Alert,
        Answer,
        Concern,
        Delivery,
        Drill,
        RiskScreen,
        SafetyResponse,
    )
    from peerkit.model.safety_plan import SafetyPlan
    from peerkit.model.sharing import Consent, Disclosure, Recipient, Withheld
    from peerkit.model.signing import Signature
    from peerkit.model.training import Attendance, Course, Practicum
    from peerkit.model.work import Task

_LAZY = {
    "Actor": "peerkit.model.actor",
    "Decision": "peerkit.model.decision",
    "Kit": "peerkit.kit",
    "Level": "peerkit.levels",
    "Opaque": "peerkit.codec",
    "Page": "peerkit.kit",
    "Receipt": "peerkit.kit",
    "Reliability": "peerkit.model.reliable_change",
    "Session": "peerkit.kit",
    "act": "peerkit.model.acts",
    "formality": "peerkit.model.formality",
    "hookimpl": "peerkit.hooks",
    "new_id": "peerkit.model.ids",
    "open": "peerkit.kit",
    "part": "peerkit.model.base",
    "record": "peerkit.model.base",
    # What a kind of one's own is made of:
    **dict.fromkeys(
        (
            *("Contact", "Health", "Identity", "Operational", "Own", "Part", "Public", "Record", "Ref"),
            *("Safety", "ref"),
        ),
        "peerkit.model.base",
    ),
}
_MODULES = (
    "commands",
    "errors",
    "hooks",
    "instruments",
    "library",
    "paper",
    "ports",
    "testing",
    "texts",
    "training",
)

__all__ = [
    "Activity",
    "Actor",
    "Alert",
    "Answer",
    "Appointment",
    "Attendance",
    "Authority",
    "BreakGlass",
    "Concern",
    "Conflict",
    "Consent",
    "Contact",
    "Course",
    "Credential",
    "Decision",
    "Delivery",
    "Disclosure",
    "Drill",
    "DutyReport",
    "Feedback",
    "FollowUp",
    "GoalPlan",
    "Health",
    "Identity",
    "Interaction",
    "Kit",
    "Leave",
    "Letter",
    "Level",
    "Malformed",
    "Measure",
    "Meeting",
    "Merge",
    "NotFound",
    "Notice",
    "Objection",
    "Opaque",
    "Operational",
    "Organization",
    "Own",
    "Page",
    "Part",
    "PeerRole",
    "PeerSupporter",
    "PeerkitError",
    "Person",
    "PluginError",
    "Practicum",
    "Program",
    "Progress",
    "Public",
    "Questionnaire",
    "Read",
    "Receipt",
    "Recipient",
    "Record",
    "Redaction",
    "Ref",
    "Referral",
    "Reflection",
    "Refusal",
    "Refused",
    "Relationship",
    "Reliability",
    "Reply",
    "Restoration",
    "Review",
    "RiskScreen",
    "Route",
    "Safety",
    "SafetyPlan",
    "SafetyResponse",
    "Service",
    "Session",
    "SignUp",
    "Signature",
    "StorageError",
    "Task",
    "UnsavedScreen",
    "Wall",
    "Withheld",
    "__version__",
    "act",
    "commands",
    "errors",
    "formality",
    "hookimpl",
    "hooks",
    "instruments",
    "library",
    "new_id",
    "paper",
    "part",
    "ports",
    "record",
    "ref",
    "texts",
    "training",
]


def __getattr__(name: str) -> Any:
    import importlib

    if name in _LAZY:
        found: Any = getattr(importlib.import_module(_LAZY[name]), name)
    elif name in _MODULES:
        found = importlib.import_module(f"peerkit.{name}")
    else:
        kinds = importlib.import_module("peerkit.kinds")

        if name not in kinds.NAMES:
            raise AttributeError(f"module 'peerkit' has no attribute {name!r}")
        found = kinds.named(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

# SPDX-License-Identifier: Apache-2.0
"""What peerkit itself adds to commits, in its order."""

from __future__ import annotations

from peerkit.model.activity import Activity, Interaction
from peerkit.model.authority import Authority
from peerkit.model.base import Record
from peerkit.model.credential import Credential
from peerkit.model.duty_report import DutyReport
from peerkit.model.glass import BreakGlass
from peerkit.model.meeting import Meeting
from peerkit.model.merge import Merge
from peerkit.model.notice import Notice
from peerkit.model.outcomes import Feedback
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.plan import Progress
from peerkit.model.program import Appointment, Program
from peerkit.model.referral import Referral
from peerkit.model.relationship import Relationship
from peerkit.model.reply import Reply
from peerkit.model.review import FollowUp, Review
from peerkit.model.route import Leave, Route, Wall
from peerkit.model.safety_plan import SafetyPlan
from peerkit.model.sharing import Consent
from peerkit.model.work import Task
from peerkit.rules import (
    asked,
    authority,
    caring,
    confirming,
    departures,
    duties,
    gathering,
    glass,
    heard,
    lapsing,
    merging,
    referrals,
    reviews,
    routes,
    safety_plans,
    sharing,
    told,
)

ALL = (
    *departures.ALL,
    *confirming.RESPONSES,
    routes.kept,
    *told.ALL,
    *sharing.ALL,
    *authority.RESPONSES,
    *reviews.RESPONSES,
    *safety_plans.RESPONSES,
    *referrals.ALL,
    *glass.RESPONSES,
    *duties.RESPONSES,
    *merging.RESPONSES,
    *asked.RESPONSES,
    *caring.RESPONSES,
    *heard.RESPONSES,
    *gathering.RESPONSES,
    *lapsing.RESPONSES,
)

KINDS: frozenset[type[Record]] = frozenset(
    {
        Activity,
        Appointment,
        Authority,
        BreakGlass,
        Consent,
        Credential,
        DutyReport,
        Feedback,
        FollowUp,
        Interaction,
        Leave,
        Meeting,
        Merge,
        Notice,
        PeerSupporter,
        Person,
        Program,
        Progress,
        Referral,
        Relationship,
        Reply,
        Review,
        Route,
        SafetyPlan,
        Task,
        Wall,
    }
)
"""The kinds that any of them looks for among what is new: a commit without these asks none of them. A test
reads the rules and holds this to what they ask for."""

# SPDX-License-Identifier: Apache-2.0
"""The program itself: who it is, whom it calls on, which bodies and offices there are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import (
    Contact,
    Operational,
    Part,
    Public,
    Record,
    Ref,
    coded,
    named,
    one_of,
    part,
    record,
    ref,
)
from peerkit.model.decision import Decision

LINES = ("crisis", "emergency", "warm")
"""Sorts of lines. A warm line is for talking: it is no crisis line, and is never shown as one."""


@part
class Line(Part):
    """Somebody to call: a crisis line, a distress centre, an emergency number; or a warm line.

    `sort` is one of `LINES`; empty: as the region's line of the same number, else a crisis line. `number` is
    a telephone number, a short code or an address on the web. `as_of` is the day (ISO 8601) for which
    `source` says so: the date that it bears, or the day on which somebody looked there. `verified`: they saw
    it there; until somebody has, it is false.
    """

    name: Public[str]
    number: Public[str]
    text: Public[str] = ""
    hours: Public[str] = ""
    languages: Public[tuple[str, ...]] = ()
    source: Public[str] = ""
    as_of: Public[str] = ""
    verified: Public[bool] = False
    sort: Public[str] = ""


@part
class Step(Part):
    """One step of the escalation path.

    `role` is resolved when the path is climbed: `supporter`, `supervisor`, `on-call`,
    `coordinator`, or `outside` with its `reach`. `minutes` is how long this step has to acknowledge.
    """

    role: Operational[str]
    minutes: Operational[int]
    name: Public[str] = ""
    reach: Contact[tuple[str, ...]] = ()


@part
class Duty(Part):
    """A duty that the law puts on whoever is there, in person. The library shows it, nothing more.

    `source`, `as_of` and `verified` as of a line.
    """

    code: Public[str]
    words: Public[str]
    source: Public[str] = ""
    as_of: Public[str] = ""
    verified: Public[bool] = False


GOVERNANCE = ("ocap", "care", "metis-ethics")
"""Principles by which communities govern what is known of them: OCAP® (First Nations Information Governance
Centre), the CARE principles (Global Indigenous Data Alliance, 2019), the Principles of Ethical Métis Research
(Métis Centre, National Aboriginal Health Organization). Seen as they are named by the University of Victoria
Libraries, *Indigenous Data Sovereignty*, on 28 November 2026; none for Inuit was seen there. An open list: a
program writes its own beside these."""


@part
class Governance(Part):
    """A body that decides with the program about data of a community: its name, whose it is (`First
    Nations`), and by which principles (`GOVERNANCE`, an open list)."""

    body: Public[str]
    community: Public[str]
    code: Public[str] = ""


@record(
    "program",
    """
    of  from  act     to  who     strength
    -   -     found   =   kit     none
    -   *     update  =   anyone  none
    """,
)
class Program(Record):
    """The program's settings, as a versioned record.

    `timezone` is an IANA name; day deadlines are in it. `today_by` is the hour (local) by which a `today`
    alert must be seen. `action_minutes` is how long after acknowledging something has to be done.
    `digest_at` is the local hour from which everybody who has something due hears so, once a day (empty:
    never). `uncovered` declares the hours that nobody covers (empty: every hour is covered); then
    `NextSteps` say so. `raised` are alert rules whose level the program raises. `receives` says who
    receives what a questionnaire finds, as `clinical=supervisor` or `phq-9=on-call`: a pack, or an instrument
    (whose own line wins), and an office. `supporter_reads_days` is for how many days a supporter may still
    read a relationship that is over. `implied` are the classes that
    may go to the circle of care for the purpose `care` without an express word (none: never). `governance`
    are the bodies that decide with it about data of a community: printed with a consent, and told to
    whoever exports; peerkit asks none of them. `embargo_days` is how long people who are new stay out of
    reports, research and exports to others. `glass_minutes` is how long a broken glass stays open.
    `debrief_days` is the rhythm in which supporters are asked to debrief (0: not at all). `needs` are the
    credentials that a supporter needs to be proposed (`vulnerable-sector-check`,
    `core-essentials:level-1r`, alternatives with `|`, `recognized-course`); empty: none. `recognizes` are
    the courses that the program recognizes as training for peer support, each as the `what` of a
    credential, or as `what:level`.
    """

    name: Public[str]
    timezone: Public[str] = "America/Toronto"
    region: Public[str] = "CA-ON"
    languages: Public[tuple[str, ...]] = ("en",)
    lines: tuple[Line, ...] = ()
    duties: tuple[Duty, ...] = ()
    path: tuple[Step, ...] = ()
    policy: Public[str] = ""
    governance: tuple[Governance, ...] = ()
    today_by: Operational[str] = "17:00"
    action_minutes: Operational[int] = 60
    digest_at: Operational[str] = "09:00"
    uncovered: Public[str] = ""
    raised: Operational[tuple[str, ...]] = ()
    receives: Operational[tuple[str, ...]] = ()
    notifiers: Operational[tuple[str, ...]] = ("console",)
    supporter_reads_days: Operational[int] = 30
    implied: Operational[tuple[str, ...]] = ()
    embargo_days: Operational[int] = 14
    glass_minutes: Operational[int] = 60
    debrief_days: Operational[int] = 7
    needs: Operational[tuple[str, ...]] = ()
    recognizes: Operational[tuple[str, ...]] = ("core-essentials",)
    sandbox: Operational[bool] = False

    @property
    def policy_version(self) -> str:
        """What identifies the present words of the crisis policy, as agreements name it: the first twelve
        digits of their SHA-256. Empty where there are none."""
        words = self.policy.strip()
        return hashlib.sha256(words.encode()).hexdigest()[:12] if words else ""

    def day(self, moment: datetime) -> date:
        """The day that an instant is in the program's zone; UTC where this system does not know it."""
        return moment.astimezone(program_zone(self)).date()

    @classmethod
    @act
    def found(cls, *, settings: Mapping[str, Any], by: Decision | None = None) -> Self:
        """The program begins. `settings` are the fields above, already validated."""
        return cls(**settings)

    @act
    def update(self, *, settings: Mapping[str, Any], by: Decision | None = None) -> Self:
        """Some settings change; what is left out stays."""
        return attrs.evolve(self, **settings)


SORTS = (
    "peer-run",
    "consumer-survivor-initiative",
    "peer-organization",
    "patient-council",
    "workplace",
    "school",
    "health-care",
    "community",
    "housing",
    "justice",
    "social-enterprise",
    "funder",
)
"""Sorts of bodies, with the settings of the documents (Mental Health Commission of Canada, *Peer Support*:
peer-run organizations, workplaces, schools, health care; OPDI, *Peer Support*: consumer/survivor initiatives,
peer organizations, patient councils). An open list: a program writes its own beside these."""


@record(
    "organization",
    """
    of  from    act     to      who     strength
    -   -       add     active  anyone  none
    -   active  rename  =       anyone  none
    -   active  close   closed  anyone  none
    """,
)
class Organization(Record):
    """A body: the program's own, a partner, a funder, who endorses a course. `sort` is one of an open list:
    peer-run, consumer-survivor-initiative, peer-organization, patient-council, workplace, school,
    health-care, community, housing, justice, social-enterprise, funder, or a word of the program's own."""

    name: Public[str]
    sort: Public[str] = "peer-run"
    state: Operational[str] = "active"

    @classmethod
    @act
    def add(cls, *, name: str, sort: str = "peer-run", by: Decision | None = None) -> Self:
        """A body becomes known."""
        return cls(name=named(name, "organization.name"), sort=coded(sort, "organization.sort"))

    @act
    def rename(self, *, name: str, by: Decision | None = None) -> Self:
        """It has another name."""
        return attrs.evolve(self, name=named(name, "organization.name"))

    @act
    def close(self, *, by: Decision | None = None) -> Self:
        """It is no longer there."""
        return self


OFFICES = ("coordinator", "supervisor", "on-call", "privacy")
"""The offices that an appointment gives."""

ANSWERING = frozenset({"coordinator", "privacy"})
"""Those that answer for the program's records: they join, part and erase, and print somebody's log."""


@record(
    "appointment",
    """
    of  from  act     to    who     strength
    -   -     give    held  anyone  none
    -   held  end     over  anyone  none
    """,
    subjects="person",
)
class Appointment(Record):
    """Which human holds an office, from when to when, given by whom. Rights derive from it.

    `hours` are the weekly local hours of an on-call office (`mon-fri 09:00-17:00, sat 10:00-14:00`;
    empty: always).
    """

    person: Operational[str]
    role: Operational[str]
    starts: Operational[datetime | None] = None
    ends: Operational[datetime | None] = None
    hours: Operational[str] = ""
    state: Operational[str] = "held"

    @classmethod
    @act
    def give(
        cls,
        person: Ref,
        role: str,
        *,
        starts: datetime | None = None,
        ends: datetime | None = None,
        hours: str = "",
        by: Decision | None = None,
    ) -> Self:
        """Somebody gets an office."""
        when.window(starts, ends, "appointment")
        return cls(
            person=ref(person),
            role=one_of(role, OFFICES, "appointment.role"),
            starts=starts,
            ends=ends,
            hours=when.weekly(hours, "appointment.hours"),
        )

    @act
    def end(self, *, by: Decision | None = None) -> Self:
        """The office ends now."""
        return self

    @property
    def unclear(self) -> str:
        """The field of it that nobody can go by: `hours` that are none, or `ends` before it starts; empty if
        there is none. No act leaves it so; an earlier peerkit took whatever was given."""
        try:
            when.weekly(self.hours, "appointment.hours")
        except Malformed:
            return "hours"
        return "ends" if self.starts and self.ends and self.ends <= self.starts else ""

    def in_effect(self, now: datetime) -> bool:
        """Whether somebody holds the office at this instant, whatever its weekly hours."""
        began = self.starts is None or self.starts <= now
        return self.state == "held" and began and (self.ends is None or now < self.ends)


def program_zone(program: Program | None) -> ZoneInfo:
    """The zone by which a program reckons its days and hours; UTC where its settings cannot be read, or this
    system does not know the zone."""
    return when.zone_or_utc("UTC" if program is None else program.timezone)

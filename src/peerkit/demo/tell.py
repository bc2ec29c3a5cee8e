# SPDX-License-Identifier: Apache-2.0
"""Telling a story from a database: from its feed and what its versions held, in any process."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs

from peerkit.demo import phrases_out, phrases_safety
from peerkit.demo.feed import Feed, read
from peerkit.demo.phrases import PHRASES, Seen, day, listed
from peerkit.demo.story import Chapter, Line, Story, Tone
from peerkit.model.decision import Strength
from peerkit.ports import ActLine, Envelope

if TYPE_CHECKING:
    from peerkit.kit import Kit

TOPICS = {
    "program.found": "a program opens",
    "drill.begin": "a drill",
    "service.list": "a directory is loaded",
    "relationship.enquire": "somebody asks for support",
    "relationship.agree": "two people say yes",
    "relationship.take_on": "two people say yes",
    "relationship.reword": "the agreement grows",
    "meeting.hold": "they meet",
    "goal_plan.begin": "a plan",
    "goal_plan.achieve": "a goal is reached",
    "risk_screen.begin": "an answer alarms",
    "alert.close": "the alert is closed",
    "concern.voice": "somebody is worried",
    "referral.send": "a referral goes out",
    "referral.accepted": "a service says yes",
    "referral.recall": "a referral is taken back",
    "referral.record_outcome": "what came of it",
    "referral.answer": "a loop is closed",
}
"""What a day is about, by the acts of it."""

LANE = frozenset({"risk_screen", "answer", "concern", "alert", "safety_response", "delivery", "drill"})
GROUPED = frozenset({"service", "delivery", "disclosure"})
"""Kinds of which many go one after the other."""

MOMENT = timedelta(minutes=5)
KIT = frozenset({"route", "task", "disclosure"})
SILENT = frozenset({"read", "refusal"})
"""Kinds that are told otherwise than act by act."""


def tell(kit: Kit, reader: str = "") -> Story:
    """The story of a program's feed. Two processes tell the same of the same feed.

    It is read as the operator's door lets, past the rights of anybody: each reading is logged with
    `reader` (a coordinator, if left out) and a reason, and the persons can read that. Made for the
    demo's fictional people.
    """
    feed = read(kit, reader or kit.whose("telling the story"))
    program = kit.program
    zone = ZoneInfo(program.timezone)
    days: dict[str, list[Line]] = {}
    topics: dict[str, list[str]] = {}
    for line, act in _joined(_lines(feed)):
        local = line.at.astimezone(zone)
        title = f"{day(local)} {local.year}"
        days.setdefault(title, []).append(line)
        topics.setdefault(title, []).extend([TOPICS[act]] if act in TOPICS else [])
    chapters = tuple(
        Chapter(title, tuple(dict.fromkeys(topics[title])), tuple(lines)) for title, lines in days.items()
    )
    heads = {envelope.id: envelope.kind for envelope in feed.envelopes}
    return Story(
        program=program.name,
        timezone=program.timezone,
        cast=tuple(_cast(feed)),
        chapters=chapters,
        counts=dict(sorted(Counter(heads.values()).items())),
        refusals=tuple(_refusals(feed)),
        alerts=tuple(_timelines(feed, "alert")),
        referrals=tuple(_timelines(feed, "referral")),
        seen=tuple(_seen(feed)),
    )


def _lines(feed: Feed) -> Iterator[tuple[Line, str]]:
    """Lines, each with its act as `kind.act`. What goes on one after the other is told as one."""
    for kind, group in itertools.groupby(feed.envelopes, lambda one: one.kind if one.kind in GROUPED else ""):
        envelopes = list(group)
        if kind:
            last = envelopes[-1]
            tone = Tone.act if kind == "service" else Tone.kit
            if text := _together(feed, kind, envelopes):
                yield Line(last.at, last.position, text, tone=tone), f"{kind}.list"
            continue
        for envelope in envelopes:
            yield from _told(feed, envelope)


def _together(feed: Feed, kind: str, envelopes: list[Envelope]) -> str:
    records = [held for one in envelopes if (held := feed.of(one)) is not None]
    if kind == "delivery":
        return phrases_safety.notices(feed, records)
    if kind == "disclosure":
        return phrases_out.let_out(feed, records)
    many = len({one.id for one in envelopes})
    return f"{many} services are in the directory now." if many > 1 else "A service is in the directory now."


def _joined(lines: Iterator[tuple[Line, str]]) -> Iterator[tuple[Line, str]]:
    """What closing an alert needs is often recorded in one go: then it is one line."""
    held: tuple[Line, str] | None = None
    for line, act in lines:
        if held is not None and act == held[1] == "safety_response.meet" and line.at - held[0].at < MOMENT:
            more = line.text.removeprefix("Also done: ")
            held = attrs.evolve(held[0], text=f"{held[0].text.removesuffix('.')}; {more}"), act
            continue
        if held is not None:
            yield held
        held = line, act
    if held is not None:
        yield held


def _told(feed: Feed, envelope: Envelope) -> Iterator[tuple[Line, str]]:
    record: Any = feed.of(envelope)
    if envelope.kind == "refusal" and record is not None:
        text = phrases_out.refusal(feed, record)
        yield Line(envelope.at, envelope.position, text, tone=Tone.refused), "refusal.log"
        return
    if envelope.kind in SILENT:
        return
    for act in envelope.acts:
        name = f"{envelope.kind}.{act.name}"
        if record is None:
            yield Line(envelope.at, envelope.position, f"{name} (erased)", tone=Tone.kit), name
            continue
        text = PHRASES.get(name, _plainly)(Seen(feed, envelope, act.name, record, feed.before(envelope)))
        if text:
            by = _decided(feed, envelope, act, record)
            yield Line(envelope.at, envelope.position, text, by, _tone(envelope)), name


def _tone(envelope: Envelope) -> Tone:
    """Whether it is the lane's, peerkit's own doing, or somebody's act."""
    if envelope.kind in LANE:
        return Tone.alarm
    added = envelope.actor.startswith("system:") and envelope.actor != "system:init"
    return Tone.kit if added or envelope.kind in KIT else Tone.act


def _plainly(seen: Seen) -> str:
    """An act that nobody wrote a phrase for: a plugin's, or a newer one."""
    return f"{seen.actor}: {seen.envelope.kind.replace('_', ' ')}, {seen.act.replace('_', ' ')}."


def _decided(feed: Feed, envelope: Envelope, act: ActLine, record: Any) -> str:
    """Whose decision it was and how it was given, where the act needs somebody's."""
    row = record.table.get(act.name)
    if row is None or envelope.actor.startswith("system:") or set(row.who) & {"anyone", "kit"}:
        return ""
    how = {
        "account": "own account",
        "link": "one-time link",
        "paper": "on paper",
        "device": "own hand, another's device",
        "spoken": "spoken, with a witness" if act.strength >= Strength.witnessed else "spoken",
    }
    words = f"{feed.name(act.decided_by)}, {how.get(act.how, act.how)}"
    return words if act.decided_by == envelope.actor else f"{words}, recorded by {feed.name(envelope.actor)}"


# -- who is who, and the objects for programs ------------------------------------------------------


def _cast(feed: Feed) -> Iterator[tuple[str, str]]:
    parts: dict[str, list[str]] = {}
    for envelope in feed.envelopes:
        record: Any = feed.newest.get(envelope.id)
        if record is None:
            continue
        if envelope.kind == "person":
            parts.setdefault(record.id, [])
        elif envelope.kind == "appointment":
            parts.setdefault(record.person, []).append({"on-call": "on call"}.get(record.role, record.role))
        elif envelope.kind == "peer_supporter":
            parts.setdefault(record.person, []).append("peer supporter")
        elif envelope.kind == "relationship":
            parts.setdefault(record.person, []).append("looks for support")
    for person, roles in parts.items():
        held: Any = feed.newest.get(person)
        if held is not None:
            yield held.name, listed(list(dict.fromkeys(roles)))


def _refusals(feed: Feed) -> Iterator[Mapping[str, Any]]:
    for envelope in feed.envelopes:
        record: Any = feed.of(envelope)
        if envelope.kind == "refusal" and record is not None:
            yield {
                "at": envelope.at,
                "position": envelope.position,
                "who": feed.name(record.who),
                "codes": list(record.codes),
                "acts": list(record.acts),
                "kinds": list(record.kinds),
                "records": list(record.records),
            }


def _timelines(feed: Feed, kind: str) -> Iterator[Mapping[str, Any]]:
    """Each record of a kind with what became of it: when, which act, whose decision, which state."""
    timelines: dict[str, list[dict[str, Any]]] = {}
    for envelope in feed.envelopes:
        if envelope.kind != kind:
            continue
        record: Any = feed.of(envelope)
        timelines.setdefault(envelope.id, []).append(
            {
                "at": envelope.at,
                "position": envelope.position,
                "acts": [act.name for act in envelope.acts],
                "decided_by": [feed.name(act.decided_by) for act in envelope.acts],
                "how": [act.how for act in envelope.acts],
                "recorded_by": feed.name(envelope.actor),
                "state": getattr(record, "state", None),
                **phrases_safety.details(feed, envelope),
            }
        )
    for record_id, timeline in timelines.items():
        last: Any = feed.newest.get(record_id)
        yield {"id": record_id, "state": getattr(last, "state", None), "timeline": timeline}


def _seen(feed: Feed) -> Iterator[str]:
    """Who read about whom, from the log of reads."""
    reads: Counter[tuple[str, str, str]] = Counter()
    for envelope in feed.envelopes:
        record: Any = feed.of(envelope)
        if envelope.kind == "read" and record is not None:
            for person in record.person:
                if person != record.reader and person in feed.newest:
                    reads[feed.name(person), feed.name(record.reader), record.of] += 1
    people = dict.fromkeys(person for person, _, _ in reads)
    for person in people:
        by: dict[str, list[str]] = {}
        for (whom, reader, kind), many in reads.items():
            if whom == person:
                by.setdefault(reader, []).append(f"{kind.replace('_', ' ')} {_times(many)}")
        told = "; ".join(f"{reader}: {', '.join(kinds)}" for reader, kinds in by.items())
        yield f"{person} was read about by {told}."


def _times(many: int) -> str:
    return {1: "once", 2: "twice"}.get(many, f"{many} times")

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
from peerkit.demo.phrases import NOTHING, PHRASES, Seen
from peerkit.demo.story import Chapter, Line, Story, Tone
from peerkit.model.decision import Strength
from peerkit.ports import ActLine, Envelope
from peerkit.texts import Message, _, joined, listed, many
from peerkit.texts.dates import full_day
from peerkit.texts.labels import label

if TYPE_CHECKING:
    from peerkit.kit import Kit

TOPICS = {
    "program.found": _("a program opens"),
    "drill.begin": _("a drill"),
    "service.list": _("a directory is loaded"),
    "relationship.enquire": _("somebody asks for support"),
    "relationship.agree": _("two people say yes"),
    "relationship.take_on": _("two people say yes"),
    "relationship.reword": _("the agreement grows"),
    "meeting.hold": _("they meet"),
    "goal_plan.begin": _("a plan"),
    "goal_plan.achieve": _("a goal is reached"),
    "risk_screen.begin": _("an answer alarms"),
    "alert.close": _("the alert is closed"),
    "concern.voice": _("somebody is worried"),
    "referral.send": _("a referral goes out"),
    "referral.accepted": _("a service says yes"),
    "referral.recall": _("a referral is taken back"),
    "referral.record_outcome": _("what came of it"),
    "referral.answer": _("a loop is closed"),
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
    days: dict[Message, list[Line]] = {}
    topics: dict[Message, list[Message]] = {}
    for line, act in _joined(_lines(feed)):
        local = line.at.astimezone(zone)
        title = full_day(local)
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


def _together(feed: Feed, kind: str, envelopes: list[Envelope]) -> Message:
    records = [held for one in envelopes if (held := feed.of(one)) is not None]
    if kind == "delivery":
        return phrases_safety.notices(feed, records)
    if kind == "disclosure":
        return phrases_out.let_out(feed, records)
    return many(
        "A service is in the directory now.",
        "{n} services are in the directory now.",
        len({one.id for one in envelopes}),
    )


def _joined(lines: Iterator[tuple[Line, str]]) -> Iterator[tuple[Line, str]]:
    """What closing an alert needs is often recorded in one go: then it is one line."""
    held: tuple[Line, str] | None = None
    for line, act in lines:
        if held is not None and act == held[1] == "safety_response.meet" and line.at - held[0].at < MOMENT:
            held = attrs.evolve(held[0], text=phrases_safety.together(held[0].text, line.text)), act
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
            gone = _("{act} (erased)", act=name)
            yield Line(envelope.at, envelope.position, gone, tone=Tone.kit), name
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


def _plainly(seen: Seen) -> Message:
    """An act that nobody wrote a phrase for: a plugin's, or a newer one."""
    kind = seen.envelope.kind
    return _(
        "{actor}: {kind}, {act}.",
        actor=seen.actor,
        kind=label("", "kind", kind),
        act=label(kind, "act", seen.act),
    )


def _decided(feed: Feed, envelope: Envelope, act: ActLine, record: Any) -> Message:
    """Whose decision it was and how it was given, where the act needs somebody's."""
    row = record.table.get(act.name)
    if row is None or envelope.actor.startswith("system:") or set(row.who) & {"anyone", "kit"}:
        return NOTHING
    how = label("", "how", act.how)
    if act.how == "spoken" and act.strength >= Strength.witnessed:
        how = _("spoken, with a witness")
    words = [feed.name(act.decided_by), how]
    if act.on_behalf_of:
        words.append(_("in the place of {name}", name=feed.name(act.on_behalf_of)))
    if act.decided_by != envelope.actor:
        words.append(_("recorded by {name}", name=feed.name(envelope.actor)))
    return joined(words, ", ")


# -- who is who, and the objects for programs ------------------------------------------------------


def _cast(feed: Feed) -> Iterator[tuple[str, Message]]:
    parts: dict[str, list[Message]] = {}
    for envelope in feed.envelopes:
        record: Any = feed.newest.get(envelope.id)
        if record is None:
            continue
        if envelope.kind == "person":
            parts.setdefault(record.id, [])
        elif envelope.kind == "appointment":
            parts.setdefault(record.person, []).append(label("", "role", record.role))
        elif envelope.kind == "peer_supporter":
            parts.setdefault(record.person, []).append(label("", "role", "supporter"))
        elif envelope.kind == "relationship":
            parts.setdefault(record.person, []).append(_("looks for support"))
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
                "who": str(feed.name(record.who)),
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
                "decided_by": [str(feed.name(act.decided_by)) for act in envelope.acts],
                "how": [act.how for act in envelope.acts],
                "recorded_by": str(feed.name(envelope.actor)),
                "state": getattr(record, "state", None),
                **phrases_safety.details(feed, envelope),
            }
        )
    for record_id, timeline in timelines.items():
        last: Any = feed.newest.get(record_id)
        yield {"id": record_id, "state": getattr(last, "state", None), "timeline": timeline}


def _seen(feed: Feed) -> Iterator[Message]:
    """Who read about whom, from the log of reads."""
    reads: Counter[tuple[Message, Message, str]] = Counter()
    for envelope in feed.envelopes:
        record: Any = feed.of(envelope)
        if envelope.kind == "read" and record is not None:
            for person in record.person:
                if person != record.reader and person in feed.newest:
                    reads[feed.name(person), feed.name(record.reader), record.of] += 1
    people = dict.fromkeys(person for person, _, _ in reads)
    for person in people:
        by: dict[Message, list[Message]] = {}
        for (whom, reader, kind), n in reads.items():
            if whom == person:
                by.setdefault(reader, []).append(joined([label("", "kind", kind), _times(n)]))
        told = [_("{name}: {words}", name=who, words=joined(kinds, ", ")) for who, kinds in by.items()]
        yield _("{person} was read about by {readers}.", person=person, readers=joined(told, "; "))


def _times(n: int) -> Message:
    return {1: _("once"), 2: _("twice")}.get(n, many("{n} time", "{n} times", n))

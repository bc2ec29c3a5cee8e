# SPDX-License-Identifier: Apache-2.0
"""The judgement at the end of a simulated year: what was said is held against what is stored and against what
humans did. Only records, the kit's public lists and the ledger are looked at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from peerkit.model.safety import Alert
from year.faults import CLOCK, RESTORED
from year.ledger import LEVELS, Deed, Worry, higher
from year.world import ZONE, Year

TAKES = ("acknowledge", "act", "meet", "close", "close_incomplete")
CLOSES = ("close", "close_incomplete")
RUN = timedelta(minutes=3)
"""What a run each minute, and the seconds of a send, may add to a rung's minutes."""


@attrs.define
class Line:
    """One level that was owed since an answer, and what became of it. `limit` is within what time the policy
    means somebody to have it; `why`, what was wrong meanwhile, if nobody had."""

    level: str
    since: datetime
    asked: datetime | None
    taken: datetime | None
    limit: timedelta
    why: frozenset[str] = frozenset()

    @property
    def late(self) -> bool:
        return self.taken is None or self.taken - self.since > self.limit


@attrs.define
class Silence:
    """A time in which nobody had an alert `now`, and nobody was asked, for so much longer than a rung's
    minutes; or in which somebody had it and did nothing beyond the action deadline."""

    longer: timedelta
    why: frozenset[str]


@attrs.define
class Verdict:
    """What came of the year. `wrong` is empty if nobody was lost."""

    lines: list[Line] = attrs.field(factory=list)
    wrong: list[str] = attrs.field(factory=list)
    alerts: Counter[str] = attrs.field(factory=Counter)
    open: int = 0
    answers: int = 0
    never_stored: int = 0
    silences: list[Silence] = attrs.field(factory=list)
    actions: list[timedelta] = attrs.field(factory=list)
    """From an acknowledgement to the first act."""


def judge(year: Year, end: datetime) -> Verdict:
    """Look at everything."""
    judging = _Judging(year, end)
    judging.said()
    judging.stored()
    return judging.verdict


@attrs.define(eq=False)
class _Judging:
    year: Year
    end: datetime
    verdict: Verdict = attrs.field(factory=Verdict)
    alerts: dict[str, Alert] = attrs.field(factory=dict)
    deeds: dict[str, list[Deed]] = attrs.field(factory=lambda: defaultdict(list))

    def __attrs_post_init__(self) -> None:
        self.alerts = {one.id: one for one in self.year.app.kit._find_all("alert")}
        self.verdict.alerts = Counter(f"{one.level} {one.state}" for one in self.alerts.values())
        by_reference = {one.reference: one.id for one in self.alerts.values()}
        for name, several in self.year.ledger.deeds.items():
            self.deeds[by_reference.get(name, name)] += several
        for several in self.deeds.values():
            several.sort(key=lambda one: one.at)

    # -- what was said ---------------------------------------------------------------------------------

    def said(self) -> None:
        """Each word that concerns somebody has its alert, and each alert its human."""
        by_screen: dict[str, list[Alert]] = defaultdict(list)
        for one in self.alerts.values():
            by_screen[one.screen].append(one)
        stored = Counter(one.screen for one in self.year.app.kit._find_all("answer"))
        for worry in self.year.ledger.worries.values():
            kept = sum(one.stored is not None for one in worry.said)
            self.verdict.answers += len(worry.said)
            self.verdict.never_stored += len(worry.said) - kept
            if worry.kind == "screen" and not worry.forgotten and stored[worry.key] < kept:
                self._wrong(f"screen {worry.key}: answers that were stored are not there")
            known = {*(one.id for one in by_screen[worry.key]), worry.key, *worry.alerts}
            self._heard(worry, [self.alerts[id_] for id_ in sorted(known) if id_ in self.alerts])

    def _wrong(self, sentence: str) -> None:
        self.verdict.wrong.append(sentence)

    def _heard(self, worry: Worry, mine: list[Alert]) -> None:
        owed = worry.expected(self.end)
        if not owed or (worry.forgotten and not mine and self._over(worry)):
            return
        top, there = higher(*(level for _, level in owed)), higher(*(one.level for one in mine))
        if LEVELS.index(there) < LEVELS.index(top):
            self._wrong(f"{worry.kind} {worry.key}: {top} was owed, there is {there}")
            return
        if worry.firsts and worry.about not in {one.person for one in mine}:
            self._wrong(f"{worry.kind} {worry.key} was moved or merged, and no alert is about them now")
        for alert in mine:
            moved = worry.moved.get(alert.person)  # then it is theirs since it was moved to them
            for since, level in owed:
                if LEVELS.index(level) <= LEVELS.index(alert.level):
                    self._line(alert, level, max(since, moved or since))
            if alert.level == "now" == top:
                self._silences(alert, max(owed[-1][0], moved or owed[-1][0]))
            took, acted = (self._first(alert, what) for what in ("acknowledge", "act"))
            if took and acted and acted > took:
                self.verdict.actions.append(acted - took)

    def _over(self, worry: Worry) -> bool:
        """Whether it was taken and closed in the time that was lost, and a coordinator has said so since."""
        deeds = [one for id_ in (worry.key, *worry.alerts) for one in self.deeds[id_]]
        done = {one.what for one in deeds if one.sure}
        return "walked as closed" in done and not done.isdisjoint(CLOSES)

    def _first(self, alert: Alert, what: str) -> datetime | None:
        return next((one.at for one in self.deeds[alert.id] if one.what == what and one.sure), None)

    def _line(self, alert: Alert, level: str, since: datetime) -> None:
        tried = (at for at in self._notices(alert) if at >= since)
        taken = (one.at for one in self.deeds[alert.id] if one.what in TAKES and one.sure and one.at >= since)
        line = Line(
            level,
            since,
            next(tried, None),
            next(taken, None),
            self._limit(level, since),
        )
        if line.late:
            line.why = frozenset(self._why(line, alert))
        if line.taken is None and alert.state == "closed":
            self._wrong(f"alert {alert.id} is closed, and nobody took it")
        self.verdict.lines.append(line)

    def _limit(self, level: str, since: datetime) -> timedelta:
        """`now`: before the path begins anew. `today`: by the program's hour; if that is past, the day's end;
        half an hour at least. `talk`: within a day."""
        policy = self.year.ledger.policy(since)
        if level == "now":
            return timedelta(minutes=sum(policy["path"]))
        if level == "talk":
            return timedelta(days=1)
        local = since.astimezone(ZONE)
        hour, minute = map(int, policy["today_by"].split(":"))
        by = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if by - local < timedelta(minutes=30):
            by = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return max(by.astimezone(since.tzinfo) - since, timedelta(minutes=30)) + RUN

    def _notices(self, alert: Alert) -> list[datetime]:
        notices = self.year.ledger.notices
        return sorted([*notices.get(alert.reference, ()), *notices.get(alert.id, ())])

    def _why(self, line: Line, alert: Alert) -> Iterator[str]:
        until, deeds = line.taken or self.end, self.deeds[alert.id]
        yield from self.year.ledger.during(line.since, until)
        if any(one.what == "cannot" and line.since <= one.at <= until for one in deeds):
            yield "somebody could not come"
        tried = [at for at in self._notices(alert) if line.since <= at <= until]
        if len(tried) > 1 or line.level == "talk":
            yield "who was asked did not come"

    def _silences(self, alert: Alert, since: datetime) -> None:
        policies = [policy for _, policy in self.year.ledger.policies]
        rung = timedelta(minutes=max(max(policy["path"]) for policy in policies)) + RUN
        action = timedelta(minutes=max(policy["action"] for policy in policies)) + RUN
        events = [(at, "asked") for at in self._notices(alert)]
        events += [(one.at, one.what) for one in self.deeds[alert.id]]
        before, state = since, "asked"
        for at, what in [*sorted(one for one in events if one[0] >= since), (self.end, "end")]:
            if state == "done":
                return
            allowed = action if state == "acknowledge" else rung
            if at - before > allowed:
                self._silent(alert, before, at, at - before - allowed)
            before, state = at, _state(state, what)

    def _silent(self, alert: Alert, first: datetime, last: datetime, longer: timedelta) -> None:
        why = self.year.ledger.during(first, last)
        # Deadlines that a wrong clock set outlive it.
        if CLOCK in self.year.ledger.during(first - timedelta(days=2), last):
            why.add(CLOCK)
        self.verdict.silences.append(Silence(longer, frozenset(why)))
        if not {CLOCK, RESTORED} & why and longer > self.year.ledger.wrong_for(first, last):
            told = ", ".join(sorted(why)) or "nothing"
            self._wrong(f"alert {alert.id}: nobody was asked from {first} to {last}; meanwhile: {told}")

    # -- what is stored --------------------------------------------------------------------------------

    def stored(self) -> None:
        """Nothing was closed but by a human; what is open is shown and climbs."""
        kit = self.year.app.kit
        shown = {line.reference for line in kit.alerts()}
        for alert in self.alerts.values():
            self._closed(alert)
            if alert.state != "closed":
                self.verdict.open += 1
                self._climbs(alert, shown=alert.reference in shown)
        if kit.health().open_alerts != self.verdict.open:
            self._wrong("health counts other open alerts")
        if not kit.verify().intact:
            self._wrong("the chain is not intact")

    def _climbs(self, alert: Alert, *, shown: bool) -> None:
        if not shown:
            self._wrong(f"alert {alert.id} is open and not shown")
        waits = None if alert.due is None else alert.due - self.year.app.wrist.now()
        if waits is None or not -timedelta(minutes=10) <= waits <= timedelta(days=2):
            self._wrong(f"alert {alert.id} is {alert.state}, and due {alert.due}: it climbs no more")

    def _closed(self, alert: Alert) -> None:
        """Each time was a human's act, by the name in its envelope, and one that was done."""
        closings = [
            stored.envelope
            for stored in self.year.app.kit.storage.history(Alert.kind, alert.id)
            if any(act.name == "close" for act in stored.envelope.acts)
        ]
        for envelope in closings:
            if envelope.actor.startswith("system:"):
                self._wrong(f"alert {alert.id} was closed by {envelope.actor}")
        done = sum(one.what in CLOSES for one in self.deeds[alert.id])
        if len(closings) > done or (alert.state == "closed" and not closings):
            self._wrong(f"alert {alert.id} was closed {len(closings)} times, by humans {done} times")


def _state(before: str, what: str) -> str:
    """Who has an alert after this: `done` something, `acknowledge`d it, or nobody (`asked`)."""
    if what in {"act", *CLOSES}:
        return "done"
    if what == "acknowledge":
        return what
    return "asked" if what in {"asked", "cannot"} else before

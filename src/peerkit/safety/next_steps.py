# SPDX-License-Identifier: Apache-2.0
"""What whoever is there does now. The first step of every alarm is the human who holds the screen.

It is the program's own policy with its own numbers, which the person could read beforehand. It says nothing
about the person, so it may be shown, read aloud and logged. Before it may stand what they wrote themselves
for such a moment (`plan`): that is shown to whoever the steps are for, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from peerkit.levels import Level
from peerkit.model.program import Appointment, Duty, Line, Program, program_zone
from peerkit.model.when import Hours, lenient
from peerkit.safety.regions import DEFAULT, region
from peerkit.texts import Message, Texts, _, for_locale, joined, verbatim
from peerkit.texts.dates import weekly

STAY = _("Stay together. You do not have to handle this alone, and you need not hurry.")
STAY_NOW = _("Stay together. You do not have to handle this alone.")
ALONE = _("You do not have to be alone with this. You can call or write to one of these now.")
IF_WITH = _("If you are with them, stay. You do not have to handle this alone.")
"""Where nobody says who is there."""

SAY = {
    Level.TALK: _(
        "Talk about what was said, in your own words. Nobody else was told; if it is left open for a day, a "
        "supervisor is."
    ),
    Level.TODAY: _("A supervisor is being told, and looks at it before the day ends."),
    Level.NOW: _("People of the program are being told now, one after the other, until somebody comes."),
}
WARM = "warm"
OTHERS = _("Somebody of the program is being told, and looks at it before the day ends.")
"""In the place of `SAY[TODAY]` where the first who is asked is no supervisor."""

LATER = {
    True: _("A supervisor is going to be told, without hurry."),
    False: _("Somebody of the program is going to be told, without hurry."),
}
"""In the place of `SAY[TALK]` where the person answers alone: whether the first who is asked supervises."""

IN_HAND = {
    "held": _(
        "Somebody of the program knows, and has it in hand. If somebody is needed sooner, do not wait: call."
    ),
    "closed": _(
        "Somebody of the program knew, and closed the alert. Nobody is told again: if it is not over, raise "
        "a concern, or call."
    ),
}
"""In the place of `SAY` where a human took it already: it asks nobody any more."""

UNTOLD = {
    Level.TODAY: _("No supervisor, and nobody else, is told at present: tell one yourself, today."),
    Level.NOW: _("Nobody of the program could be told yet, and it goes on trying. Do not wait for it: call."),
}
NOBODY = {
    Level.TODAY: _(
        "Nobody of the program can be asked now, and nobody is told at present: tell a supervisor yourself, "
        "today."
    ),
    Level.NOW: _(
        "Nobody of the program can be asked now, and nobody could be told yet. Do not wait for it: call one "
        "of the lines."
    ),
}
"""In the place of `UNTOLD` where nobody can be asked either: one sentence about nobody."""

NOBODY_NOW = _(
    "Nobody of the program can be asked now: call one of the lines. Notices go out all the same; do not wait "
    "for them."
)
"""In the place of `SAY[NOW]` where a notice goes out to whom nobody may count on."""

NOT_TOLD = _("Nobody of the program is told at present.")
UNSAVED = {
    True: _("Nothing could be stored and nobody was told: call or write to one of them."),
    False: _("Nothing could be stored and nobody was told: tell them yourself."),
}
"""Whether the person answers alone."""

ON_CALL = {
    True: _("Somebody of the program can be asked now."),
    False: _("Nobody of the program can be asked now: call one of the lines."),
    None: _("It is not known whether somebody of the program can be asked now: do not wait for it."),
}


@attrs.frozen(kw_only=True)
class NextSteps:
    """What to do at once: `stay`, whom to `call`, and the `duties` that are theirs in person.

    `level` is the higher of what was judged now and what the alert has come to since. `on_call` says whether
    somebody on the escalation path can be asked at this instant: in office, not away, with an address over
    a channel that works, not the one whom it is about, nor named by a concern, nor who raised it (None:
    nobody knows). `reached` says whether a notice was handed over to such a one, or at `today` will be,
    since there is one and somebody delivers (None: nobody is told at this level). A notice on the console
    counts for neither, but in a sandbox: it is seen where the process runs. `reference` names the alert for
    those who are told; it is empty where nothing was stored. `saved` is False in the steps that
    `UnsavedScreen` carries.

    `plan` is the person's own `SafetyPlan` in sentences, if they wish that it comes first and whoever the
    steps are for may read it; empty otherwise, and always in what `UnsavedScreen` carries. `sentences` begin
    with it; `str()`, `repr` and so a log leave it out.

    `alone` says whether the person answers by themselves (None: nobody says who is there). Then whom to call
    comes at once, and there are no duties: those are for whoever stands beside somebody.

    It is said in the program's first language that peerkit speaks; `in_language` says it in another. What the
    program wrote itself (its policy, its own lines) stays as it was written.
    """

    level: Level
    stay: str = STAY
    told: str = ""
    reached: bool | None = None
    on_call: bool | None = None
    call: tuple[Line, ...] = ()
    duties: tuple[Duty, ...] = ()
    policy: str = ""
    uncovered: str = ""
    reference: str = ""
    alert: str = ""
    saved: bool = True
    alone: bool | None = False
    language: str = "en"
    plan: tuple[Message, ...] = attrs.field(default=(), repr=False)

    @property
    def sentences(self) -> tuple[Message, ...]:
        """All of it as sentences, in the order in which they matter. They may hold the person's own words
        (`plan`): they are for the eyes of whoever the steps are for."""
        return (*self.plan, *self._policy)

    @property
    def _policy(self) -> tuple[Message, ...]:
        """All but the plan: what holds for everybody."""
        lines = tuple(line_said(one) for one in self.call)
        told = (self.told, self._asked)
        said = (self.stay, *lines, *told) if self.alone else (self.stay, *told, *lines)
        say = for_locale(self.language)
        return tuple(say(one) for one in (*said, *(duty.words for duty in self.duties), self.policy) if one)

    @property
    def _asked(self) -> Message:
        """Whether somebody can be asked now, unless `told` says already that nobody is told or there: that
        they can be asked, and were not, is no comfort."""
        nobody = self.reached is False or (self.level is Level.NOW and self.on_call is False)
        said = nobody and (self.saved or bool(self.alone))
        on_call = verbatim("") if said else ON_CALL[self.on_call]
        if self.on_call is False and self.uncovered:
            return joined([on_call, _("Said beforehand: {words}", words=weekly(self.uncovered))])
        return on_call

    def in_language(self, locale: str) -> NextSteps:
        """The same, said in another language: `steps.in_language("fr")`."""
        return _said(self, for_locale(locale))

    def __str__(self) -> str:
        return "\n".join(self._policy)


@attrs.frozen
class Known:
    """What next steps are made of, kept in memory: the program, and who is on call at which hours."""

    program: Program | None = None
    offices: tuple[tuple[Appointment, Hours], ...] = ()

    @classmethod
    def of(cls, program: Program | None, appointments: Iterable[Appointment]) -> Known:
        """From records; hours that cannot be read count as always, since that tells somebody too many."""
        return cls(program, tuple((one, lenient(one.hours)) for one in appointments))

    def anybody(self, now: datetime) -> bool:
        """Whether anybody may hold an office of the path within its hours; True if nobody knows. Whether they
        can be reached does not stand here."""
        if self.program is None:
            return True
        zone = program_zone(self.program)
        live = {
            office.role for office, hours in self.offices if office.in_effect(now) and hours.covers(now, zone)
        }
        path = {step.role for step in self.program.path}
        return bool(live & {*path, "on-call"}) or not path.isdisjoint({"outside", "supporter"})

    def steps(
        self,
        level: Level,
        *,
        alone: bool | None = False,
        saved: bool = True,
        reached: bool | None = None,
        on_call: bool | None = None,
        rung: str = "supervisor",
        hand: str = "",
        reference: str = "",
        alert: str = "",
        plan: tuple[Message, ...] = (),
    ) -> NextSteps:
        """The next steps for a level. `alone`: the person answers by themselves (None: nobody says who is
        there). `rung` is the role that is asked first, `hand` what a human made of it already, `plan` what of
        the person's own stands before all."""
        reached = reached if saved else False
        told = UNSAVED[bool(alone)]
        if saved:
            told = _told(level, alone=bool(alone), reached=reached, on_call=on_call, rung=rung)
            if hand and reached:
                told = IN_HAND[hand]
        program = self.program
        lines, duties = in_force(program)
        steps = NextSteps(
            level=level,
            stay=_stay(level, alone),
            told=told,
            reached=reached,
            on_call=on_call,
            call=lines,
            duties=() if alone else duties,
            policy=program.policy if program is not None else "",
            uncovered=program.uncovered if program is not None else "",
            reference=reference,
            alert=alert,
            saved=saved,
            alone=alone,
            plan=plan,
        )
        try:
            return _said(steps, for_locale(*(program.languages if program is not None else ())))
        except Exception:  # noqa: BLE001  # a catalogue that cannot be read: what to do is said as it stands here
            return steps


def _stay(level: Level, alone: bool | None) -> Message:  # noqa: FBT001  # who is there
    if alone is None:
        return IF_WITH
    if alone:
        return ALONE
    return STAY_NOW if level is Level.NOW else STAY


def _told(level: Level, *, alone: bool, reached: bool | None, on_call: bool | None, rung: str) -> Message:
    """Who is told, or that nobody is: one statement, from how the alarm stands."""
    if reached is False:
        if alone and level is not Level.NOW:
            return NOT_TOLD
        texts = NOBODY if on_call is False else UNTOLD
        return texts.get(level, NOT_TOLD)
    if level is Level.NOW and on_call is False:
        return NOBODY_NOW
    if level is Level.TODAY and rung != "supervisor":
        return OTHERS
    if level is Level.TALK and alone:
        return LATER[rung == "supervisor"] if rung else NOT_TOLD
    return SAY.get(level, verbatim(""))


def _said(steps: NextSteps, say: Texts) -> NextSteps:
    return attrs.evolve(
        steps,
        language=say.locale,
        stay=say(steps.stay),
        told=say(steps.told),
        call=tuple(attrs.evolve(line, name=say(line.name)) for line in steps.call),
        duties=tuple(attrs.evolve(duty, words=say(duty.words)) for duty in steps.duties),
        plan=tuple(say(one) for one in steps.plan),
    )


def line_said(line: Line) -> Message:
    """Whom to call, in one line. Only what is not always there says when."""
    number = number_said(line)
    if line.hours not in {"", "always"}:
        number = _("{number} ({hours})", number=number, hours=weekly(line.hours))
    return _("{name}: {number}", name=line.name, number=number)


def number_said(line: Line) -> Message:
    """The number of a line, and where texts go, if it takes any."""
    if not line.text:
        return verbatim(line.number)
    return _("{number}, text {text}", number=line.number, text=line.text)


def in_force(program: Program | None) -> tuple[tuple[Line, ...], tuple[Duty, ...]]:
    """The lines for an alarm and the duties of a program: its own, then the region's. A warm line is not
    among them. Where neither has a line, those that ship: a number that serves another place is better than
    none."""
    if program is None:
        return region(DEFAULT).lines, ()
    lines = tuple(line for line in all_lines(program) if line.sort != WARM)
    there = region(program.region).duties
    return lines or region(DEFAULT).lines, (*program.duties, *_others(there, program.duties))


def all_lines(program: Program) -> tuple[Line, ...]:
    """Every line of a program, its own and then the region's, warm lines among them."""
    there = region(program.region).lines
    shipped = {line.number: line for line in there}
    own = tuple(completed(line, shipped.get(line.number)) for line in program.lines)
    mine = {line.number for line in own}
    return (*own, *(line for line in there if line.number not in mine))


def warm_lines(program: Program | None) -> tuple[Line, ...]:
    """Lines for talking, which are no help in an emergency."""
    return () if program is None else tuple(line for line in all_lines(program) if line.sort == WARM)


def completed(line: Line, shipped: Line | None) -> Line:
    """A program's line with what the region's line of the same number knows beside it: whatever the program
    leaves out is the region's. Where it stands (`source`, `as_of`, `verified`) is one statement, and whole
    of one or of the other."""
    if shipped is None:
        return line
    origin = line if line.source or line.as_of or line.verified else shipped
    return attrs.evolve(
        line,
        name=line.name or shipped.name,
        sort=line.sort or shipped.sort,
        text=line.text or shipped.text,
        hours=line.hours or shipped.hours,
        languages=line.languages or shipped.languages,
        source=origin.source,
        as_of=origin.as_of,
        verified=origin.verified,
    )


def _others(shipped: Iterable[Duty], own: Iterable[Duty]) -> tuple[Duty, ...]:
    codes = {duty.code for duty in own}
    return tuple(duty for duty in shipped if duty.code not in codes)

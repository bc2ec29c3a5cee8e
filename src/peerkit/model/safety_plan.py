# SPDX-License-Identifier: Apache-2.0
"""What somebody wrote down for the hours that are hard, for themselves and for whom they choose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Part, Record, Ref, Safety, one_of, part, record, ref
from peerkit.model.decision import Decision
from peerkit.model.ids import new_id
from peerkit.model.program import Line

SECTIONS = ("signs", "alone", "company", "help", "services", "safer", "worth")
"""The parts of a plan in their order: what tells me that it is getting hard; what I can do by myself; people
and places that take my mind off it; people I can ask for help; professionals and services; making the place
where I am safer; and, if the person wants, what is worth living for."""

WISHED = frozenset({"worth"})
"""Parts that are there if the person wants them, and that nobody misses."""


_NUMBER = re.compile(r"\d(?:[-. ()]*\d)*")


@part
class Entry(Part):
    """One thing in a plan, in the person's words.

    `section` is one of `SECTIONS`. `reach` is how to reach whom or what it names, in any words (a number, an
    address, an hour); under `safer`, who helps with it.

    `suggested` are the words in which somebody else put it forward, for ever theirs, and `suggested_by` is
    whoever that was. `state` is `suggested` or `adopted`.
    """

    id: Operational[str] = attrs.field(factory=new_id)
    section: Operational[str]
    words: Safety[str]
    reach: Safety[str] = ""
    suggested: Safety[str] = ""
    suggested_by: Operational[str] = ""
    state: Operational[str] = "adopted"


@record(
    "safety_plan",
    """
    of       from               act           to       who         strength
    -        -                  begin         kept     person      said
    entries  -                  add           =        person      said
    entries  -                  suggest       =        anyone      none
    entries  suggested          adopt         adopted  person      said
    entries  adopted            change        =        person      said
    entries  adopted            move          =        person      said
    entries  suggested,adopted  drop          =        person      none
    -        *                  share         =        person      witnessed
    -        *                  unshare       =        person|kit  none
    -        *                  let_callers   =        person      witnessed
    -        *                  shut_callers  =        person      none
    -        *                  open_first    =        person      said
    -        *                  stay_closed   =        person      none
    -        kept               review        =        person      said
    -        kept               fall_due      =        kit         none
    -        *                  look_again    =        person      none
    -        *                  stop_review   =        person|kit  none
    -        kept               set_aside     aside    person      none
    -        aside              take_up       kept     person      said
    """,
    subjects="person shared_with callers",
    refs="asks",
)
class SafetyPlan(Record):
    """What a person wrote down for the hours that are hard: in their words, in the order in which they would
    try it, read by whom they choose.

    It is the person's. Whoever walks beside them does not read it unless they share it: `shared_with` are the
    ids of those who may. `callers` is the person's own id if whoever has taken an open alert about them may
    read it too, as long as it is theirs (`for_callers`), else empty. `opens_first` is the wish that the next
    steps of a screen or a concern about them begin with it, in front of somebody who may read it.

    `review_on` is the day (in the program's zone) on which somebody wants to look at it again, `asks` who is
    reminded (empty: the person themselves), `review_due` whether they were. Nothing becomes overdue by it.

    Nothing is a condition of anything: it has no score, need not be whole (`mentions` only says what is not
    there), and is never checked, corrected or cut. Own wording, after the six steps that are usual for such
    plans (Stanley & Brown, Safety planning intervention, Cognitive and Behavioral Practice, 2012); their form
    is not used. The seventh part stands in the newer forms of it.
    """

    person: Operational[str]
    entries: tuple[Entry, ...] = ()
    shared_with: Operational[tuple[str, ...]] = ()
    callers: Operational[str] = ""
    opens_first: Operational[bool] = False
    review_on: Operational[date | None] = None
    review_due: Operational[bool] = False
    asks: Operational[str] = ""
    state: Operational[str] = "kept"

    @classmethod
    @act
    def begin(cls, *, person: Ref, by: Decision | None = None) -> Self:
        """A plan begins, with nothing in it."""
        return cls(person=ref(person))

    @act
    def add(self, section: str, words: str, *, reach: str = "", by: Decision | None = None) -> Self:
        """The person adds something at the end of a part (one of `SECTIONS`)."""
        return self._with(Entry(section=_section(section), words=_said(words), reach=reach))

    @act
    def suggest(
        self,
        section: str,
        words: str,
        *,
        reach: str = "",
        author: Ref | None = None,
        by: Decision | None = None,
    ) -> Self:
        """Somebody with whom it is shared puts something forward. It is no part of the plan until the person
        adopts it.

        `author` is who does; a commit in which that is not whoever decides the act is refused."""
        entry = Entry(
            section=_section(section),
            words=_said(words),
            reach=reach,
            suggested=words,
            suggested_by=ref(author),
            state="suggested",
        )
        return self._with(entry)

    @act
    def adopt(
        self, entry: str, *, words: str | None = None, reach: str | None = None, by: Decision | None = None
    ) -> Self:
        """The person makes a suggestion their own, in their `words` if they have others, at the end of its
        part."""
        return self._changed(entry, words, reach)._placed(entry, len(self.entries))

    @act
    def change(
        self, entry: str, *, words: str | None = None, reach: str | None = None, by: Decision | None = None
    ) -> Self:
        """The person says it otherwise; what is left out stays."""
        return self._changed(entry, words, reach)

    @act
    def move(self, entry: str, to: int, *, by: Decision | None = None) -> Self:
        """The person puts an entry in another place of its part: `to` counts from 1, the first to try."""
        if type(to) is not int or to < 1:
            raise Malformed("a place is a whole number from 1", where="safety_plan.to")
        return self._placed(entry, to - 1)

    @act
    def drop(self, entry: str, *, by: Decision | None = None) -> Self:
        """The person takes something out, or does not want what was suggested."""
        return attrs.evolve(self, entries=tuple(one for one in self.entries if one.id != entry))

    @act
    def share(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """Somebody in the program whom the person chooses may read it, until they say otherwise."""
        if ref(reader) == self.person:
            raise Malformed("it is theirs to read anyway", where="safety_plan.reader")
        return attrs.evolve(self, shared_with=tuple(dict.fromkeys((*self.shared_with, ref(reader)))))

    @act
    def unshare(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """They may no longer read it."""
        return attrs.evolve(self, shared_with=tuple(one for one in self.shared_with if one != ref(reader)))

    @act
    def let_callers(self, *, by: Decision | None = None) -> Self:
        """Whoever takes an alert about the person may read it, as long as the alert is theirs and open."""
        return attrs.evolve(self, callers=self.person)

    @act
    def shut_callers(self, *, by: Decision | None = None) -> Self:
        """Whoever takes an alert may not read it, or no longer."""
        return attrs.evolve(self, callers="")

    @act
    def open_first(self, *, by: Decision | None = None) -> Self:
        """The person wishes that next steps about them begin with it, in front of whoever may read it."""
        return attrs.evolve(self, opens_first=True)

    @act
    def stay_closed(self, *, by: Decision | None = None) -> Self:
        """Next steps do not begin with it, or no longer."""
        return attrs.evolve(self, opens_first=False)

    @act
    def review(self, on: date, *, asks: Ref | None = None, by: Decision | None = None) -> Self:
        """The person chooses a day to look at it again, and who is reminded of it then; left out, they
        themselves."""
        whom = ref(asks)
        return attrs.evolve(
            self,
            review_on=when.day(on, "safety_plan.on"),
            asks="" if whom == self.person else whom,
            review_due=False,
        )

    @act
    def fall_due(self, *, by: Decision | None = None) -> Self:
        """The day has come; who is to be reminded is."""
        return attrs.evolve(self, review_due=True)

    @act
    def look_again(self, *, on: date | None = None, by: Decision | None = None) -> Self:
        """They looked at it again; `on` is the next day for that, if they want one."""
        following = None if on is None else when.day(on, "safety_plan.on")
        return attrs.evolve(self, review_on=following, review_due=False)

    @act
    def stop_review(self, *, by: Decision | None = None) -> Self:
        """Nobody is reminded of it any more."""
        return attrs.evolve(self, review_on=None, review_due=False, asks="")

    @act
    def set_aside(self, *, by: Decision | None = None) -> Self:
        """The person lets it be, without a reason. It opens nowhere by itself, and can be taken up again."""
        return self

    @act
    def take_up(self, *, by: Decision | None = None) -> Self:
        """The person takes it up again, as it was."""
        return self

    @property
    def for_callers(self) -> bool:
        """Whether whoever takes an alert about the person may read it."""
        return bool(self.callers)

    def entry(self, entry: str) -> Entry:
        """The entry with this id; Malformed if there is none."""
        for one in self.entries:
            if one.id == entry:
                return one
        raise Malformed("the plan has no entry with that id", where="safety_plan.entries")

    def of(self, section: str) -> tuple[Entry, ...]:
        """What the person has under a part of it, in their order; without what is only suggested. Malformed
        for what is no part."""
        _section(section)
        return tuple(one for one in self.entries if one.section == section and one.state == "adopted")

    @property
    def suggestions(self) -> tuple[Entry, ...]:
        """What others put forward, and nobody adopted so far."""
        return tuple(one for one in self.entries if one.state == "suggested")

    def lacks(self, lines: Iterable[Line]) -> tuple[Line, ...]:
        """Those of the lines (a program's and its region's) whose number stands nowhere under `services`: to
        be offered, never more."""
        named = {n for one in self.of("services") for n in _numbers(f"{one.words}\n{one.reach}")}
        return tuple(line for line in lines if named.isdisjoint(_numbers(f"{line.number}\n{line.text}")))

    def mentions(self, lines: Iterable[Line] = ()) -> tuple[str, ...]:
        """What somebody may want to know of the plan, as codes: `empty:SECTION` for a part without anything,
        `no-line` if none of the `lines` is named in it, `no-review` if no day is chosen. None of them is a
        fault."""
        found = [f"empty:{one}" for one in SECTIONS if one not in WISHED and not self.of(one)]
        offered = tuple(lines)
        if offered and len(self.lacks(offered)) == len(offered):
            found.append("no-line")
        return (*found, *(() if self.review_on is not None else ("no-review",)))

    def _with(self, entry: Entry) -> Self:
        return attrs.evolve(self, entries=(*self.entries, entry))

    def _changed(self, entry: str, words: str | None, reach: str | None) -> Self:
        self.entry(entry)
        given: dict[str, Any] = {} if words is None else {"words": _said(words)}
        given |= {} if reach is None else {"reach": reach}
        changed = tuple(attrs.evolve(one, **given) if one.id == entry else one for one in self.entries)
        return attrs.evolve(self, entries=changed)

    def _placed(self, entry: str, place: int) -> Self:
        """The entry before whatever stands in that place of its part without it; else at the end."""
        held = self.entry(entry)
        others = [one for one in self.entries if one.id != entry]
        same = [n for n, one in enumerate(others) if (one.section, one.state) == (held.section, "adopted")]
        others.insert(same[place] if place < len(same) else len(others), held)
        return attrs.evolve(self, entries=tuple(others))


def _section(name: str) -> str:
    return one_of(name, SECTIONS, "safety_plan.section")


def _said(words: str) -> str:
    if not words.strip():
        raise Malformed("an entry has words", where="safety_plan.words")
    return words


def _numbers(text: str) -> frozenset[str]:
    """The numbers to call in a text, however they are parted. Whole ones: 911 does not stand in 555-9110."""
    return frozenset(re.sub(r"\D", "", found) for found in _NUMBER.findall(text))

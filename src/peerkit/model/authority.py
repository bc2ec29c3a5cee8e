# SPDX-License-Identifier: Apache-2.0
"""Who may decide some things in somebody's place, by which paper, from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, named, one_of, record, ref
from peerkit.model.decision import Decision

AREAS: Mapping[str, frozenset[str]] = {
    "sharing": frozenset({
        "consent.give",
        "consent.give_once",
        "consent.refuse",
        "consent.withdraw",
        "consent.lift",
        "notice.stop",
    }),
    "referral": frozenset({"referral.send", "referral.recall"}),
}  # fmt: skip
"""What a substitute may be given to decide, by area: these acts, and no other of any kind."""

BASES = ("power_of_attorney", "guardian", "board", "parent", "family", "public_guardian", "other")
"""By what somebody decides for another: a power of attorney for personal care, a guardian whom a court
appointed, a representative whom a board appointed, a parent, a relative whom the law names, a public
guardian; or another basis in law."""


@record(
    "authority",
    """
    of  from      act         to        who     strength
    -   -         record      standing  anyone  none
    -   standing  look_again  =         anyone  none
    -   standing  end         ended     anyone  none
    """,
    subjects="person human",
)
class Authority(Record):
    """That `human` may decide in the place of `person`, in these `areas` (`sharing`, `referral`) and in no
    others.

    The program knows both as a `Person`. `basis` says by what, `paper` where the paper is kept that shows it;
    peerkit judges nobody's capacity, the paper does. It gives something from `starts` until `until`, and no
    longer than to the end of the day `look_on`, by which somebody looks whether it still holds
    (`look_again`). It gives nothing while it cannot be read, while either of the two has left or died, while
    a wall stands between them, while an open concern names the human, to the one who walks beside the
    person, and to whoever writes the decision down as well.

    What no substitute decides, whatever the paper says:

    - a goal, a plan, a review, a measure, progress: the person's own, or they are no goals of theirs;
    - the answers of a screen, and whatever else speaks of danger: another's guess would hide it;
    - their own words, feedback, the answer to a note or a referral, a signature: another's are not theirs;
    - whether somebody walks beside them: peer support is voluntary, and a match takes both;
    - who they are and how to reach them; whether they are done; what is erased; what is taken out;
    - their own no: it stands against every yes of a substitute, and only they lift it.
    """

    person: Operational[str]
    human: Operational[str]
    areas: Operational[tuple[str, ...]]
    basis: Operational[str]
    paper: Own[str]
    look_on: Operational[date]
    starts: Operational[datetime | None] = None
    until: Operational[datetime | None] = None
    state: Operational[str] = "standing"

    @classmethod
    @act
    def record(
        cls,
        *,
        person: Ref,
        human: Ref,
        areas: tuple[str, ...],
        basis: str,
        paper: str,
        look_on: date,
        starts: datetime | None = None,
        until: datetime | None = None,
        by: Decision | None = None,
    ) -> Self:
        """It is written down, by another than the one who is to decide, with the paper before them."""
        if ref(person) == ref(human):
            raise Malformed("nobody stands in their own place", where="authority.human")
        when.window(starts, until, "authority", end="until")
        return cls(
            person=ref(person),
            human=ref(human),
            areas=_areas(areas),
            basis=one_of(basis, BASES, "authority.basis"),
            paper=named(paper, "authority.paper"),
            look_on=when.day(look_on, "authority.look_on"),
            starts=starts,
            until=until,
        )

    @act
    def look_again(self, *, look_on: date, by: Decision | None = None) -> Self:
        """Somebody looked whether it still holds, and it does: until when it is looked at anew."""
        return attrs.evolve(self, look_on=when.day(look_on, "authority.look_on"))

    @act
    def end(self, *, by: Decision | None = None) -> Self:
        """It is over, at once. What was decided by it stands until the person, or who follows, says
        otherwise."""
        return self

    def gives(self, human: str, person: str, area: str, *, now: datetime, today: date) -> bool:
        """Whether it lets this human decide what is in this area for this person, at this instant."""
        return (
            self.state == "standing"
            and (self.human, self.person) == (human, person)
            and human != person  # where records of one human were joined
            and area in self.areas
            and (self.starts is None or self.starts <= now)
            and (self.until is None or now < self.until)
            and today <= self.look_on
        )


def area_of(kind: str, name: str) -> str:
    """The area that an act is in; empty for one that nobody decides in another's place."""
    return next((area for area, acts in AREAS.items() if f"{kind}.{name}" in acts), "")


def _areas(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        one_of(name, tuple(AREAS), "authority.areas")
    if not names:
        raise Malformed("an authority names the areas that it is for", where="authority.areas")
    return tuple(names)

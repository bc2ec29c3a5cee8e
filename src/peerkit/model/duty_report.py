# SPDX-License-Identifier: Apache-2.0
"""What the law may ask of somebody in person, and that they did it, or did not, in their own words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Public, Record, Ref, Safety, coded, named, one_of, record, ref
from peerkit.model.decision import Decision
from peerkit.model.glass import PUT_OFF

HOW = ("phone", "in_person", "writing")
"""By which means a report is made. Which of them fulfils a duty, the law of the place says."""

TOLD = ("before", "after", "later")
"""When the person hears of it: they were told beforehand, afterwards, or are told later (with `PUT_OFF`)."""


@record(
    "duty_report",
    """
    of  from        act           to            who         strength
    -   -           consider      considered    author      own
    -   considered  reported      reported      author      own
    -   considered  not_reported  not_reported  author      own
    -   reported    tell          =             author      own
    -   reported    tell_later    =             author      own
    -   *           share         =             author      own
    -   *           unshare       =             author|kit  none
    """,
    subjects="person author about shared_with",
    refs="arose_from follows",
)
class DutyReport(Record):
    """Somebody thinks that a duty may be theirs in person, and writes down whether they reported.

    peerkit shows the duties of a program (`s.duties()`, `NextSteps.duties`). It never says that one arises,
    never judges a reason, sends no report, and counts nobody's knowing as one: not a supervisor's either.
    Whether somebody reports is no condition of anything here, and closes no alert.

    `author` is the one whose duty it is: each act is their own, in their own account, and nobody writes it
    down for them. `duty` is its code; `region` (ISO 3166-2), `source` and `as_of` (ISO 8601) are where it
    stood on that day, copied by the kit when it is saved. `about` is the person of the program whom it
    concerns: who may need protection, or in whose care they are; empty for somebody who is not known here,
    of whom no name is needed. `arose_from` is the id of the alert or concern that it came with, `follows`
    of an earlier report of theirs: whoever learns more reports again.

    Reported: to which `body`, `how` (`HOW`), when (`occurred`; None: when it was written down), under which
    `reference` of the body's, with the author's own `words`. Not reported: the author's own `reason`.

    `person` is whom it is shown to: the one it is about, once they were `told` (`TOLD`). Where telling would
    endanger somebody (`put_off`) they are not shown it, and the author looks again on the day `look_on`.
    `shared_with` are the ids of those whom the author lets read it, as long as they are in the program.
    Nobody else does.
    """

    person: Operational[tuple[str, ...]] = ()
    author: Operational[str]
    duty: Public[str]
    about: Operational[str] = ""
    shared_with: Operational[tuple[str, ...]] = ()
    region: Public[str] = ""
    source: Public[str] = ""
    as_of: Public[str] = ""
    arose_from: Operational[str] = ""
    follows: Operational[str] = ""
    body: Safety[str] = ""
    how: Operational[str] = ""
    occurred: Operational[datetime | None] = None
    reference: Safety[str] = ""
    words: Safety[str] = ""
    reason: Safety[str] = ""
    told: Operational[str] = ""
    put_off: Operational[str] = ""
    look_on: Operational[date | None] = None
    state: Operational[str] = "considered"

    @classmethod
    @act
    def consider(
        cls,
        duty: str,
        *,
        author: Ref,
        about: Ref | None = None,
        arose_from: Ref | None = None,
        follows: Ref | None = None,
        region: str = "",
        source: str = "",
        as_of: str = "",
        by: Decision | None = None,
    ) -> Self:
        """This may be one. `duty` is the code of one of the program's; the kit adds where it stands."""
        if about is not None and ref(about) == ref(author):
            raise Malformed("it is about somebody else than the one whose duty it is", where="about")
        return cls(
            author=ref(author),
            duty=coded(duty, "duty_report.duty"),
            about=ref(about),
            arose_from=ref(arose_from),
            follows=ref(follows),
            region=region,
            source=source,
            as_of=as_of,
        )

    @act
    def reported(
        self,
        *,
        body: str,
        how: str,
        words: str = "",
        occurred: datetime | None = None,
        reference: str = "",
        told: str = "",
        put_off: str = "",
        look_on: date | None = None,
        by: Decision | None = None,
    ) -> Self:
        """They reported, themselves. Where it is about a person of the program, `told` says when that one
        hears of it; `later` takes why (`put_off`, one of `PUT_OFF`) and the day to look again."""
        made = attrs.evolve(
            self,
            body=named(body, "duty_report.body"),
            how=one_of(how, HOW, "duty_report.how"),
            words=words,
            occurred=when.instant(occurred, "duty_report.occurred"),
            reference=reference,
        )
        if told == "later":
            return made._later(put_off, look_on)
        if put_off or look_on is not None:
            raise Malformed("why and until when go with told=later", where="duty_report.told")
        if self.about or told:
            one_of(told, TOLD, "duty_report.told")
        return made._shown(told)

    @act
    def not_reported(self, *, reason: str, by: Decision | None = None) -> Self:
        """They did not, for a reason of their own. Whoever learns more begins anew, with `follows`."""
        return attrs.evolve(self, reason=named(reason, "duty_report.reason"))

    @act
    def tell(self, *, by: Decision | None = None) -> Self:
        """The person has been told since."""
        return self._shown("after")

    @act
    def tell_later(self, *, put_off: str, look_on: date, by: Decision | None = None) -> Self:
        """Telling would still endanger somebody: on this day the author looks again. So it is where that
        they were told was written down by mistake: from now on they are not shown it."""
        return self._later(put_off, look_on)

    @act
    def share(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """Somebody in the program whom the author chooses may read it, such as their supervisor. It is no
        report."""
        if ref(reader) == self.about:
            raise Malformed("whom it is about reads it once they were told: tell", where="reader")
        return attrs.evolve(self, shared_with=tuple(dict.fromkeys((*self.shared_with, ref(reader)))))

    @act
    def unshare(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """They may no longer read it."""
        return attrs.evolve(self, shared_with=tuple(one for one in self.shared_with if one != ref(reader)))

    def _shown(self, told: str) -> Self:
        shown = (self.about,) if self.about and told else ()
        return attrs.evolve(self, told=told, put_off="", look_on=None, person=shown)

    def _later(self, put_off: str, look_on: date | None) -> Self:
        if look_on is None:
            raise Malformed("on which day the author looks again", where="duty_report.look_on")
        return attrs.evolve(
            self,
            told="later",
            put_off=one_of(put_off, PUT_OFF, "duty_report.put_off"),
            look_on=when.day(look_on, "duty_report.look_on"),
            person=(),
        )

# SPDX-License-Identifier: Apache-2.0
"""What it came to, if the person cares to say: measures and feedback. Both are voluntary, and support never
hangs on either."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model.acts import act
from peerkit.model.attainment import number
from peerkit.model.base import Health, Operational, Own, Record, Ref, coded, one_of, record, ref
from peerkit.model.decision import Decision
from peerkit.model.reliable_change import Change, Reliability, reliable_change

ROUNDS = ("baseline", "follow-up")
"""When a measure is taken."""


@record(
    "measure",
    """
    of  from  act      to         who     strength
    -   -     take     taken      person  said
    -   -     decline  declined   person  none
    -   -     not_ask  not_asked  anyone  none
    """,
    subjects="person",
)
class Measure(Record):
    """What one questionnaire came to for one person, in one round (`baseline` or `follow-up`).

    `instrument` is the id of the questionnaire or of another measure, `edition` its version if known;
    `score` is there in the state `taken` alone. That somebody declined, and that nobody asked, are two
    things, and neither is a score of nought. No wording is kept here, and the score is not indexed: no
    condition, count or order reaches it.
    """

    person: Operational[str]
    instrument: Operational[str]
    round: Operational[str]
    edition: Operational[str] = ""
    score: Health[Decimal | None] = None
    state: Operational[str] = "taken"

    @classmethod
    @act
    def take(
        cls,
        *,
        person: Ref,
        instrument: str,
        round: str,
        score: Decimal | int,
        edition: str = "",
        by: Decision | None = None,
    ) -> Self:
        """The person filled it in, of their own will."""
        return cls._of(
            "taken",
            person=person,
            instrument=instrument,
            when=round,
            edition=edition,
            score=number(score, "measure.score"),
        )

    @classmethod
    @act
    def decline(
        cls,
        *,
        person: Ref,
        instrument: str,
        round: str,
        edition: str = "",
        by: Decision | None = None,
    ) -> Self:
        """The person would rather not."""
        return cls._of("declined", person=person, instrument=instrument, when=round, edition=edition)

    @classmethod
    @act
    def not_ask(
        cls,
        *,
        person: Ref,
        instrument: str,
        round: str,
        edition: str = "",
        by: Decision | None = None,
    ) -> Self:
        """Nobody asked: it was no day for it."""
        return cls._of("not_asked", person=person, instrument=instrument, when=round, edition=edition)

    @classmethod
    def _of(
        cls,
        state: str,
        *,
        person: Ref,
        instrument: str,
        when: str,
        edition: str,
        score: Decimal | None = None,
    ) -> Self:
        return cls(
            person=ref(person),
            instrument=coded(instrument, "measure.instrument"),
            round=one_of(when, ROUNDS, "measure.round"),
            edition=edition and coded(edition, "measure.edition"),
            score=score,
            state=state,
        )

    def change_to(self, later: Measure, known: Reliability | None) -> Change | None:
        """How the score changed from this measure to a later one of the same person and instrument; None
        where one of them has no score, or the instrument's reliability is not `known`. Malformed for
        measures that do not belong together."""
        mine, theirs = ((one.person, one.instrument, one.edition) for one in (self, later))
        if mine != theirs:
            raise Malformed("the two are not of one person, instrument and edition", where="measure")
        if self.score is None or later.score is None:
            return None
        return reliable_change(self.score, later.score, known)


@record(
    "feedback",
    """
    of  from   act            to        who     strength
    -   -      give           given     person  said
    -   -      decline        declined  person  none
    -   given  let_quote      =         person  signed
    -   given  refuse_quotes  =         person  none
    -   given  stop_quoting   =         person  none
    -   given  share          =         person  said
    -   given  unshare        =         person  none
    """,
    subjects="person about shared_with",
)
class Feedback(Record):
    """What a person says of the support they had, in their words; never edited, never a condition.

    `about` is the supporter it speaks of, if it speaks of one. They do not read it, whatever office they
    hold, unless the person shares it: `shared_with` are the ids of those who may.

    `quoting` is a decision of its own: `not_asked`, `yes` (then `quoted_as` is how they want to be named),
    `no`, or `withdrawn`. A standing permission, it is signed or given in the person's own account.
    """

    person: Operational[str]
    words: Own[str] = ""
    about: Operational[str] = ""
    shared_with: Operational[tuple[str, ...]] = ()
    quoting: Operational[str] = "not_asked"
    quoted_as: Own[str] = ""
    state: Operational[str] = "given"

    @classmethod
    @act
    def give(cls, *, person: Ref, words: str, about: Ref | None = None, by: Decision | None = None) -> Self:
        """The person says how it was."""
        if not words.strip():
            raise Malformed("feedback has words, or is declined", where="feedback.words")
        if about is not None and ref(about) == ref(person):
            raise Malformed("about= is the supporter it speaks of", where="feedback.about")
        return cls(person=ref(person), words=words, about=ref(about))

    @classmethod
    @act
    def decline(cls, *, person: Ref, by: Decision | None = None) -> Self:
        """Asked for feedback, the person would rather not."""
        return cls(person=ref(person), state="declined")

    @act
    def let_quote(self, quoted_as: str, *, by: Decision | None = None) -> Self:
        """The person lets these words be quoted, under the name that they choose (such as
        `somebody in the program`)."""
        if not quoted_as.strip():
            raise Malformed("say how they want to be named, such as `anonymous`", where="feedback.quoted_as")
        return attrs.evolve(self, quoting="yes", quoted_as=quoted_as)

    @act
    def refuse_quotes(self, *, by: Decision | None = None) -> Self:
        """Asked whether they may be quoted, the person says no."""
        return attrs.evolve(self, quoting="no", quoted_as="")

    @act
    def stop_quoting(self, *, by: Decision | None = None) -> Self:
        """The person takes it back: from now on nobody quotes these words."""
        return attrs.evolve(self, quoting="withdrawn", quoted_as="")

    @act
    def share(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """Somebody whom the person chooses may read it, such as the supporter it speaks of."""
        return attrs.evolve(self, shared_with=tuple(dict.fromkeys((*self.shared_with, ref(reader)))))

    @act
    def unshare(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """They may no longer read it."""
        return attrs.evolve(self, shared_with=tuple(one for one in self.shared_with if one != ref(reader)))

    @property
    def quotable(self) -> tuple[str, str] | None:
        """The words and how the person wants to be named, if they may be quoted now; None otherwise."""
        return (self.words, self.quoted_as) if self.state == "given" and self.quoting == "yes" else None

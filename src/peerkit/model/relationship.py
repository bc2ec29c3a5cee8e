# SPDX-License-Identifier: Apache-2.0
"""Two people who walk together for a while: from the enquiry to the goodbye, and on to somebody else."""

from __future__ import annotations

from datetime import date
from typing import Self

import attrs

from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, coded, one_of, record, ref, tags
from peerkit.model.decision import Decision

ENDINGS = (
    "goals_met",
    "moved_on",
    "moved_away",
    "stopped_by_person",
    "supporter_left",
    "handed_over",
    "died",
    "lost_touch",
)
"""Neutral reasons for an ending. None is needed: ended is not failed."""

WAYS = ("one_to_one", "group", "either")
"""How somebody wishes to be supported. Drop-in needs no enquiry at all: see `Activity`."""


@record(
    "relationship",
    """
    of  from              act          to        who                  strength
    -   -                 enquire      enquiry   person               said
    -   -                 hand_over    proposed  anyone               none
    -   enquiry,declined  wish         =         person               said
    -   enquiry,declined  propose      proposed  anyone               none
    -   proposed          agree        proposed|agreed  person        said
    -   proposed          take_on      proposed|agreed  supporter     said
    -   enquiry,proposed  decline      declined  person|supporter     none
    -   agreed            pause        paused    person|supporter     none
    -   paused            resume       agreed    person|supporter     said
    -   agreed,paused     reword       =         person|supporter     said
    -   agreed,paused,ended  learn     =         person|supporter     said
    -   agreed,paused     plan_ending  =         person|supporter     said
    -   paused            rest_over    =         kit                  none
    -   agreed,paused     goodbye_due  =         kit                  none
    -   *                 end          ended     anyone               none
    """,
    subjects="person supporter",
    refs="cover follows declined_with",
)
class Relationship(Record):
    """A person and a supporter. It takes both to begin, and either ends it any time, without a reason.

    An enquiry says what the person hopes for and wishes, nothing more is asked; it waits, oldest first,
    until somebody is proposed. `declined_with` are supporters with whom it was declined before: no match
    brings them up again.

    The agreement is in both people's words: `part` (what the supporter is to the person and what not),
    `boundaries`, `rhythm`, `helps` and `does_not_help`, `limits` (what stays between the two, and what
    cannot). `values` are what they hold to, as the library numbers it (`value-3`, `principle-8`) or in codes
    of the program's own. It is agreed once the person (`agree`) and the supporter (`take_on`) both have.
    `policy` is the version of the crisis policy that was shown: left out at `agree`, it is that of the
    program's present words (`Program.policy_version`). `learned` is what the two learned from each other.
    `seeking_as` is `self` or `family`; a loved one is never a
    record. `cover` is who stands in, as the two agreed. `follows` is the relationship from which this one
    takes over. `rests_until` and `ending_on` are days that the two have planned; nothing happens by itself
    on them but that somebody is asked.
    """

    person: Operational[str]
    supporter: Operational[str] = ""
    seeking_as: Operational[str] = "self"
    way: Operational[str] = "one_to_one"
    hopes: Own[str] = ""
    wishes: Own[str] = ""
    languages: Operational[tuple[str, ...]] = ()
    interests: Own[tuple[str, ...]] = ()
    reasons: Own[tuple[str, ...]] = ()
    part: Own[str] = ""
    helps: Own[str] = ""
    does_not_help: Own[str] = ""
    boundaries: Own[str] = ""
    limits: Own[str] = ""
    rhythm: Own[str] = ""
    values: Operational[tuple[str, ...]] = ()
    policy: Operational[str] = ""
    cover: Operational[str] = ""
    follows: Operational[str] = ""
    declined_with: Operational[tuple[str, ...]] = ()
    person_agreed: Operational[bool] = False
    supporter_agreed: Operational[bool] = False
    rests_until: Operational[date | None] = None
    ending_on: Operational[date | None] = None
    ending: Operational[str] = ""
    goodbye: Own[str] = ""
    learned: Own[str] = ""
    state: Operational[str] = "enquiry"

    # -- before ----------------------------------------------------------------------------------------

    @classmethod
    @act
    def enquire(
        cls,
        *,
        person: Ref,
        hopes: str = "",
        seeking_as: str = "self",
        way: str = "one_to_one",
        wishes: str = "",
        languages: tuple[str, ...] = (),
        interests: tuple[str, ...] = (),
        follows: Ref | None = None,
        by: Decision | None = None,
    ) -> Self:
        """A person asks for support, for themselves or as family of somebody. All else may be left out.

        `follows` is an earlier relationship of theirs, if they come back.
        """
        return cls(
            person=ref(person),
            hopes=hopes,
            seeking_as=one_of(seeking_as, ("self", "family"), "relationship.seeking_as"),
            way=one_of(way, WAYS, "relationship.way"),
            wishes=wishes,
            languages=tags(languages, "relationship.languages"),
            interests=tuple(interests),
            follows=ref(follows),
        )

    @act
    def wish(
        self,
        *,
        hopes: str | None = None,
        wishes: str | None = None,
        way: str | None = None,
        languages: tuple[str, ...] | None = None,
        interests: tuple[str, ...] | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The person says more, or otherwise, what they hope for and wish; what is left out stays."""
        return attrs.evolve(
            self,
            hopes=_kept(self.hopes, hopes),
            wishes=_kept(self.wishes, wishes),
            way=self.way if way is None else one_of(way, WAYS, "relationship.way"),
            languages=self.languages if languages is None else tags(languages, "relationship.languages"),
            interests=self.interests if interests is None else tuple(interests),
        )

    @act
    def propose(
        self,
        supporter: Ref,
        *,
        reasons: tuple[str, ...] = (),
        cover: Ref | None = None,
        by: Decision | None = None,
    ) -> Self:
        """A match is proposed, with its reasons. Either may say no without penalty."""
        if ref(supporter) == self.person:
            raise Malformed("nobody is their own supporter", where="relationship.supporter")
        return attrs.evolve(
            self,
            supporter=ref(supporter),
            reasons=tuple(reasons),
            cover=ref(cover),
            person_agreed=False,
            supporter_agreed=False,
        )

    @classmethod
    @act
    def hand_over(
        cls,
        relationship: Relationship,
        supporter: Ref,
        *,
        reasons: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """Somebody else is proposed to go on with a person. Nothing changes for them until both have said
        yes: then the earlier relationship ends as handed over, in the same commit. What helps and what does
        not is taken along, for the two to put in their own words.
        """
        if ref(supporter) in {relationship.person, relationship.supporter}:
            told = "it is handed over to somebody else than the two"
            raise Malformed(told, where="relationship.supporter")
        return cls(
            person=relationship.person,
            supporter=ref(supporter),
            seeking_as=relationship.seeking_as,
            way=relationship.way,
            hopes=relationship.hopes,
            wishes=relationship.wishes,
            languages=relationship.languages,
            interests=relationship.interests,
            helps=relationship.helps,
            does_not_help=relationship.does_not_help,
            reasons=tuple(reasons),
            follows=relationship.id,
            declined_with=relationship.declined_with,
        )

    @act
    def agree(
        self,
        *,
        helps: str = "",
        does_not_help: str = "",
        boundaries: str = "",
        rhythm: str = "",
        values: tuple[str, ...] = (),
        policy: str = "",
        by: Decision | None = None,
    ) -> Self:
        """The person says yes. Words given go into the agreement under those already there."""
        return attrs.evolve(
            self,
            person_agreed=True,
            helps=_joined(self.helps, helps),
            does_not_help=_joined(self.does_not_help, does_not_help),
            boundaries=_joined(self.boundaries, boundaries),
            rhythm=_joined(self.rhythm, rhythm),
            values=_cited((*self.values, *values)),
            policy=coded(policy, "relationship.policy", joined=True) if policy else self.policy,
            state="agreed" if self.supporter_agreed else "proposed",
        )

    @act
    def take_on(
        self,
        *,
        part: str = "",
        helps: str = "",
        does_not_help: str = "",
        boundaries: str = "",
        limits: str = "",
        rhythm: str = "",
        values: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """The supporter says yes. Words given go into the agreement under those already there."""
        return attrs.evolve(
            self,
            supporter_agreed=True,
            part=_joined(self.part, part),
            helps=_joined(self.helps, helps),
            does_not_help=_joined(self.does_not_help, does_not_help),
            boundaries=_joined(self.boundaries, boundaries),
            limits=_joined(self.limits, limits),
            rhythm=_joined(self.rhythm, rhythm),
            values=_cited((*self.values, *values)),
            state="agreed" if self.person_agreed else "proposed",
        )

    @act
    def decline(self, *, by: Decision | None = None) -> Self:
        """One of the two says no. No reason is asked, and nothing follows from it but that these two are not
        proposed to each other again; somebody else may be, until the person ends the enquiry."""
        return attrs.evolve(self, declined_with=_and(self.declined_with, self.supporter))

    # -- while it lasts --------------------------------------------------------------------------------

    @act
    def reword(
        self,
        *,
        part: str | None = None,
        helps: str | None = None,
        does_not_help: str | None = None,
        boundaries: str | None = None,
        limits: str | None = None,
        rhythm: str | None = None,
        values: tuple[str, ...] | None = None,
        cover: Ref | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The agreement is put in other words; what is left out stays."""
        return attrs.evolve(
            self,
            part=_kept(self.part, part),
            helps=_kept(self.helps, helps),
            does_not_help=_kept(self.does_not_help, does_not_help),
            boundaries=_kept(self.boundaries, boundaries),
            limits=_kept(self.limits, limits),
            rhythm=_kept(self.rhythm, rhythm),
            values=self.values if values is None else _cited(values),
            cover=self.cover if cover is None else ref(cover),
        )

    @act
    def learn(self, words: str, *, by: Decision | None = None) -> Self:
        """One of the two says what they learned, also afterwards. It is for both; the words stand under those
        already there."""
        return attrs.evolve(self, learned=_joined(self.learned, words))

    @act
    def pause(self, *, until: date | None = None, by: Decision | None = None) -> Self:
        """A rest. With `until` somebody asks that day how to go on; it does when one of them says so."""
        return attrs.evolve(self, rests_until=when.day(until, "relationship.rests_until"))

    @act
    def resume(self, *, by: Decision | None = None) -> Self:
        """On again."""
        return attrs.evolve(self, rests_until=None)

    @act
    def plan_ending(self, on: date | None, *, goodbye: str = "", by: Decision | None = None) -> Self:
        """The two plan their goodbye for a day (None: not any more), and how. It ends when one says so."""
        return attrs.evolve(
            self, ending_on=when.day(on, "relationship.ending_on"), goodbye=_joined(self.goodbye, goodbye)
        )

    @act
    def rest_over(self, *, by: Decision | None = None) -> Self:
        """The day until which they rest has come: somebody asks how to go on."""
        return attrs.evolve(self, rests_until=None)

    @act
    def goodbye_due(self, *, by: Decision | None = None) -> Self:
        """The day of the planned goodbye has come: somebody asks."""
        return attrs.evolve(self, ending_on=None)

    @act
    def end(self, *, ending: str = "", by: Decision | None = None) -> Self:
        """It ends now. This is never refused; the route moves in the same commit. The door stays open: an
        enquiry that `follows` it begins anew."""
        return attrs.evolve(self, ending=one_of(ending, ("", *ENDINGS), "relationship.ending"))

    @property
    def walking(self) -> bool:
        """Whether the two walk together, also while they rest."""
        return self.state in {"agreed", "paused"}

    @property
    def over(self) -> bool:
        """Whether it has ended, or one of the two said no."""
        return self.state in {"ended", "declined"}

    @property
    def waiting(self) -> bool:
        """Whether the person waits for somebody to be proposed."""
        return self.state in {"enquiry", "declined"}


def _joined(before: str, more: str) -> str:
    return f"{before}\n{more}" if before and more else before or more


def _cited(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(coded(one, "relationship.values") for one in values))


def _kept(before: str, given: str | None) -> str:
    return before if given is None else given


def _and(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return known if not one or one in known else (*known, one)

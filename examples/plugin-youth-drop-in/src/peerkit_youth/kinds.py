# SPDX-License-Identifier: Apache-2.0
"""What the drop-in keeps: a visit, and words that are a young person's own.

A shift needs no kind: it is an `Activity` of peerkit's, in the format `youth_drop_in`.
"""

from __future__ import annotations

from typing import Self

from attrs import evolve

from peerkit import Contact, Decision, Identity, Malformed, Operational, Own, Record, Ref, act, record, ref
from peerkit_youth.words import TOPICS, _

DROP_IN = "youth_drop_in"

RIGHTS_OF_VISITS = """
role         kind         read  acts
own:person   youth_visit  yes   leave_name,never_mind
own:worker   youth_visit  yes   count,leave_name,never_mind,call,strike
coordinator  youth_visit  yes   strike
"""

RIGHTS_OF_WORDS = """
role             kind         read  acts
own:person       youth_words  yes   *
own:shared_with  youth_words  yes   -
"""

LABELS_OF_VISITS = {
    ("kind", "youth_visit"): _("visit to the drop-in"),
    ("field", "shift"): _("shift"),
    ("field", "person"): _("young person"),
    ("field", "worker"): _("worker on shift"),
    ("field", "heads"): _("how many came"),
    ("field", "topics"): _("what they asked for"),
    ("field", "first_name"): _("first name"),
    ("field", "way"): _("how to reach them"),
    ("state", "counted"): _("counted, no name"),
    ("state", "known"): _("left a name"),
    ("state", "waiting"): _("would like a call"),
    ("state", "called"): _("was called"),
    ("state", "struck"): _("struck"),
    ("act", "count"): _("count who came"),
    ("act", "leave_name"): _("leave a first name"),
    ("act", "never_mind"): _("no call after all"),
    ("act", "call"): _("call"),
    ("act", "strike"): _("strike a miscount"),
    **{("topics", code): words for code, words in TOPICS.items()},
}

LABELS_OF_WORDS = {
    ("kind", "youth_words"): _("words of one's own"),
    ("field", "person"): _("young person"),
    ("field", "would_have_helped"): _("what would have helped today"),
    ("field", "shared_with"): _("shown to"),
    ("state", "kept"): _("kept"),
    ("act", "write"): _("write"),
    ("act", "reword"): _("put it otherwise"),
    ("act", "show"): _("show to somebody"),
    ("act", "close"): _("show to nobody any more"),
}


def _known(topics: tuple[str, ...]) -> tuple[str, ...]:
    """The topics, if each is a code: they stand in the open, so nobody's words may."""
    if not set(topics) <= TOPICS.keys():
        raise Malformed(_("a topic is one of the codes of the drop-in"), where="topics")
    return topics


@record(
    "youth_visit",
    """
    of  from             act         to             who     strength
    -   -                count       counted        worker  none
    -   -                leave_name  known|waiting  person  said
    -   waiting          never_mind  known          person  none
    -   waiting          call        called         anyone  none
    -   counted          strike      struck         anyone  none
    """,
    subjects="person worker",
    refs="shift",
    module="youth",
)
class Visit(Record):
    """Who came through the door during a shift: so many, without names; or one young person who left theirs.

    Nobody has to leave anything. `first_name` and `way` (`text me, never the house phone`) are for the
    worker who calls, and for nobody else.
    """

    shift: Operational[str]
    worker: Operational[str]
    person: Operational[str] = ""
    heads: Operational[int] = 1
    topics: Operational[tuple[str, ...]] = ()
    first_name: Identity[str] = ""
    way: Contact[str] = ""
    state: Operational[str] = "counted"

    @classmethod
    @act
    def count(
        cls,
        *,
        shift: Ref,
        worker: Ref,
        heads: int = 1,
        topics: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """So many came. Who they are is nowhere asked."""
        if heads < 1:
            raise Malformed(_("at least one came"), where="heads")
        return cls(shift=ref(shift), worker=ref(worker), heads=heads, topics=_known(topics))

    @classmethod
    @act
    def leave_name(
        cls,
        *,
        shift: Ref,
        worker: Ref,
        person: Ref,
        first_name: str,
        way: str = "",
        call: bool = False,
        topics: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """A young person leaves a first name; if they like a way to be reached, and the wish for a call."""
        return cls(
            shift=ref(shift),
            worker=ref(worker),
            person=ref(person),
            first_name=first_name,
            way=way,
            topics=_known(topics),
            state="waiting" if call else "known",
        )

    @act
    def never_mind(self, *, by: Decision | None = None) -> Self:
        """No call after all. Nobody asks why."""
        return self

    @act
    def call(self, *, by: Decision | None = None) -> Self:
        """The worker called, in the way that was wished."""
        return self

    @act
    def strike(self, *, by: Decision | None = None) -> Self:
        """It was counted wrongly."""
        return self


@record(
    "youth_words",
    """
    of  from  act     to    who     strength
    -   -     write   kept  person  own
    -   kept  reword  kept  person  own
    -   kept  show    kept  person  own
    -   kept  close   kept  person  none
    """,
    subjects="person shared_with",
    module="youth",
)
class Words(Record):
    """What would have helped today, in a young person's own words.

    Nobody reads it but them, until they show it to somebody. Whoever offers the page says so first: it
    alarms nobody, and somebody in danger is not alone with it (the lines of the program stand beside it).
    """

    person: Operational[str]
    would_have_helped: Own[str]
    shared_with: Operational[tuple[str, ...]] = ()
    state: Operational[str] = "kept"

    @classmethod
    @act
    def write(cls, *, person: Ref, would_have_helped: str, by: Decision | None = None) -> Self:
        """They write it in their own session, by their own hand."""
        return cls(person=ref(person), would_have_helped=would_have_helped)

    @act
    def reword(self, would_have_helped: str, *, by: Decision | None = None) -> Self:
        """They put it otherwise."""
        return evolve(self, would_have_helped=would_have_helped)

    @act
    def show(self, to: Ref, *, by: Decision | None = None) -> Self:
        """They show it to somebody."""
        return evolve(self, shared_with=(*self.shared_with, ref(to)))

    @act
    def close(self, *, by: Decision | None = None) -> Self:
        """They show it to nobody any more."""
        return evolve(self, shared_with=())

# SPDX-License-Identifier: Apache-2.0
"""The person's own notebook on living with diabetes: theirs alone, read by whom they choose.

Nothing in it is a condition of anything, is scored, or is ever corrected. What stands under medicines and
sick days is what the person wrote down, and nobody's advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self

import attrs

from peerkit import (
    Decision,
    Health,
    Malformed,
    Objection,
    Operational,
    Own,
    Part,
    Record,
    Ref,
    act,
    new_id,
    part,
    record,
    ref,
)
from peerkit.hooks import BARRIERS, NEEDS, Proposal
from peerkit.texts import Message, joined, verbatim
from peerkit_diabetes.words import _

PAGES = ("feelings", "medicines", "sick_day", "in_the_way")
"""Pages of plain words: how it is to live with it (burden, anger, grief, whatever it is); what I take; my own
plan for sick days; what else is in the way."""

CODES = tuple(dict.fromkeys((*BARRIERS, *NEEDS)))
"""What may be short, by code: peerkit's own barriers and needs."""

RIGHTS = """
role             kind               read  acts
own:person       diabetes_notebook  yes   *
own:shared_with  diabetes_notebook  yes   -
supporter        diabetes_notebook  no    begin,say_barriers,write,ask,note_answer,drop_question,add_support
supporter        diabetes_notebook  no    drop_support,add_resource,drop_resource,share,unshare
"""
"""A supporter writes it down with somebody who has no account, by that person's decision, and reads it later
only if they are named, as with a safety plan."""


@part
class Query(Part):
    """A question for the care team, and what they said. `state` is `open` or `answered`."""

    id: Operational[str] = attrs.field(factory=new_id)
    words: Own[str]
    answer: Own[str] = ""
    state: Operational[str] = "open"


@part
class Support(Part):
    """Somebody or something that helps, and with what."""

    id: Operational[str] = attrs.field(factory=new_id)
    who: Own[str]
    helps: Own[str] = ""
    state: Operational[str] = "there"


@part
class Resource(Part):
    """A place nearby: an entry of the program's directory (`service`, its id), or words."""

    id: Operational[str] = attrs.field(factory=new_id)
    service: Operational[str] = ""
    words: Own[str] = ""
    state: Operational[str] = "there"


@record(
    "diabetes_notebook",
    """
    of         from  act            to        who     strength
    -          -     begin          kept      person  said
    -          *     say_barriers   =         person  said
    -          *     write          =         person  said
    questions  -     ask            =         person  said
    questions  *     note_answer    answered  person  said
    questions  *     drop_question  =         person  none
    supports   -     add_support    =         person  said
    supports   *     drop_support   =         person  none
    resources  -     add_resource   =         person  said
    resources  *     drop_resource  =         person  none
    -          *     share          =         person  witnessed
    -          *     unshare        =         person  none
    -          *     reader_gone    =         anyone  none
    """,
    subjects="person shared_with",
    module="diabetes",
)
class DiabetesNotebook(Record):
    """What a person wrote down for themselves about living with diabetes; one a person.

    It is the person's alone: nobody reads it by an office or a role, and it opens to whom they name
    (`shared_with`). `barriers` are codes of what is short (`CODES`), by which goals and services are looked
    for; `feelings`, `medicines`, `sick_day` and `in_the_way` are pages in their own words.
    """

    person: Operational[str]
    barriers: Own[tuple[str, ...]] = ()
    in_the_way: Own[str] = ""
    feelings: Health[str] = ""
    medicines: Health[str] = ""
    sick_day: Health[str] = ""
    questions: tuple[Query, ...] = ()
    supports: tuple[Support, ...] = ()
    resources: tuple[Resource, ...] = ()
    shared_with: Operational[tuple[str, ...]] = ()
    state: Operational[str] = "kept"

    @classmethod
    @act
    def begin(cls, *, person: Ref, by: Decision | None = None) -> Self:
        """A notebook begins, with nothing in it."""
        return cls(person=ref(person))

    @act
    def say_barriers(self, codes: tuple[str, ...] = (), *, by: Decision | None = None) -> Self:
        """The person says what is short now, by code (`CODES`), in place of what they said before. Malformed
        for a code that is none."""
        given = tuple(dict.fromkeys(codes))
        if not set(given) <= set(CODES):
            raise Malformed(no_such(CODES), where="diabetes_notebook.barriers")
        return attrs.evolve(self, barriers=given)

    @act
    def write(self, page: str, words: str, *, by: Decision | None = None) -> Self:
        """The person writes a page (one of `PAGES`) anew; without words it is empty again."""
        if page not in PAGES:
            told = _("a page is one of these: {pages}", pages=", ".join(PAGES))
            raise Malformed(told, where="diabetes_notebook.page")
        given: dict[str, Any] = {page: words.strip()}
        return attrs.evolve(self, **given)

    @act
    def ask(self, words: str, *, by: Decision | None = None) -> Self:
        """The person has a question for their care team."""
        made = Query(words=_said(words))
        return attrs.evolve(self, questions=(*self.questions, made))

    @act
    def note_answer(self, question: str, answer: str, *, by: Decision | None = None) -> Self:
        """What they were told, as the person heard it."""
        changed = tuple(
            attrs.evolve(one, answer=_said(answer)) if one.id == question else one for one in self.questions
        )
        return attrs.evolve(self, questions=changed)

    @act
    def drop_question(self, question: str, *, by: Decision | None = None) -> Self:
        """The person takes a question out."""
        return attrs.evolve(self, questions=tuple(one for one in self.questions if one.id != question))

    @act
    def add_support(self, who: str, *, helps: str = "", by: Decision | None = None) -> Self:
        """Somebody or something that helps, and with what."""
        made = Support(who=_said(who), helps=helps.strip())
        return attrs.evolve(self, supports=(*self.supports, made))

    @act
    def drop_support(self, support: str, *, by: Decision | None = None) -> Self:
        """The person takes it out of their map."""
        return attrs.evolve(self, supports=tuple(one for one in self.supports if one.id != support))

    @act
    def add_resource(
        self, *, service: Ref | None = None, words: str = "", by: Decision | None = None
    ) -> Self:
        """A place nearby that the person wants to remember: an entry of the directory, words, or both."""
        held = ref(service)
        if not held and not words.strip():
            told = _("a place is an entry of the directory, or words")
            raise Malformed(told, where="diabetes_notebook.resources")
        made = Resource(service=held, words=words.strip())
        return attrs.evolve(self, resources=(*self.resources, made))

    @act
    def drop_resource(self, resource: str, *, by: Decision | None = None) -> Self:
        """The person takes a place out."""
        return attrs.evolve(self, resources=tuple(one for one in self.resources if one.id != resource))

    @act
    def share(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """Somebody in the program whom the person chooses may read it, until they say otherwise."""
        if ref(reader) == self.person:
            raise Malformed(_("it is theirs to read anyway"), where="diabetes_notebook.reader")
        return attrs.evolve(self, shared_with=tuple(dict.fromkeys((*self.shared_with, ref(reader)))))

    @act
    def unshare(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """They may no longer read it."""
        return attrs.evolve(self, shared_with=tuple(one for one in self.shared_with if one != ref(reader)))

    @act
    def reader_gone(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """Somebody who could read it has left the program; the module itself writes this."""
        return attrs.evolve(self, shared_with=tuple(one for one in self.shared_with if one != ref(reader)))

    @property
    def open_questions(self) -> tuple[Query, ...]:
        """Questions that nobody answered so far."""
        return tuple(one for one in self.questions if one.state == "open")


def no_such(words: Iterable[str]) -> Message:
    """That something is none of these codes, or of the words for them."""
    return _("what is short is said by these codes: {codes}", codes=joined([*words], ", "))


def check(proposal: Proposal) -> Iterator[Objection]:
    """One notebook a person: whoever begins a second one would look for half of their words in vain."""
    for made, _change in proposal.of(DiabetesNotebook, "begin"):
        if any(one.id != made.id for one in proposal.view.find(DiabetesNotebook, person=made.person)):
            told = _("they have a notebook: write in that one")
            yield Objection("diabetes-notebook", told, made.kind, made.id)


def named(who: str, what: str) -> Message:
    """Somebody or somewhere, and what is said of them; either may be empty."""
    return _("{who}: {what}", who=who, what=what) if who and what else verbatim(who or what)


def _said(words: str) -> str:
    if not words.strip():
        raise Malformed(_("there are no words in it"), where="diabetes_notebook.words")
    return words.strip()

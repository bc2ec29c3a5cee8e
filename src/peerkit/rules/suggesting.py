# SPDX-License-Identifier: Apache-2.0
"""A match that can be explained: who could walk beside this person, with the reasons as data.

Only what the two chose to tell counts, and nobody is ranked by who they are. Either may say no; with whom it
was declined before, and who is kept apart by a wall, is not brought up.
"""

from __future__ import annotations

from collections.abc import Iterator

from peerkit.hooks import Question, Suggestion, View
from peerkit.model.base import fold
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.relationship import Relationship
from peerkit.rules import presence
from peerkit.rules.readable import find, get
from peerkit.rules.standing import standing_of

SOURCE = "peerkit: room, languages, what both told of, and whose experience it is"
WALKING = frozenset({"proposed", "agreed", "paused"})


def match(question: Question) -> Iterator[Suggestion]:
    """For an enquiry: active supporters who have room, with the reasons that speak for each."""
    enquiry = question.about
    if question.topic != "match" or not isinstance(enquiry, Relationship):
        return
    view = question.view
    person = get(view, Person, enquiry.person)
    spoken = {*enquiry.languages, *(person.languages if person is not None else ())}
    apart = {enquiry.person, *enquiry.declined_with, *presence.apart_from(view, enquiry.person)}
    for role in find(view, PeerSupporter, state="active"):
        supporter = None if role.person in apart else get(view, Person, role.person)
        room = role.capacity - walking(view, role.person)
        if supporter is None or supporter.state != "here" or room < 1:
            continue
        if standing_of(view, role.person).missing:
            continue  # proposing them would be refused
        reasons = list(_reasons(enquiry, role, spoken, {*role.languages, *supporter.languages}))
        weight = float(len(reasons)) + min(room, 10) / 100
        told = "; ".join([f"has room for {room} more", *reasons])
        yield Suggestion(supporter.id, told, SOURCE, role.id, weight)


def _reasons(enquiry: Relationship, role: PeerSupporter, spoken: set[str], speaks: set[str]) -> Iterator[str]:
    if shared := sorted(spoken & speaks):
        yield f"speaks {', '.join(shared)} too"
    told = {fold(one): one for one in role.specialisms}
    if both := sorted(told[one] for one in {fold(one) for one in enquiry.interests} & told.keys()):
        yield f"both told of {', '.join(both)}"
    if enquiry.seeking_as == "family" and role.experience in {"family", "both"}:
        yield "has walked beside family of their own"
    if enquiry.seeking_as == "self" and role.experience in {"own", "both"}:
        yield "has been through something themselves"


def walking(view: View, supporter: str) -> int:
    """How many people somebody walks beside, those included to whom they are proposed."""
    found = find(view, Relationship, subject=supporter)
    return sum(1 for one in found if one.supporter == supporter and one.state in WALKING)

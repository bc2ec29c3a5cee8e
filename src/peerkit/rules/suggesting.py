# SPDX-License-Identifier: Apache-2.0
"""A match that can be explained: who could walk beside this person, with the reasons as data.

Only what supporters chose to tell counts, and nobody is ranked by who they are. Either may say no.
"""

from __future__ import annotations

from collections.abc import Iterator

from peerkit.hooks import Question, Suggestion, View
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.relationship import Relationship
from peerkit.rules.readable import find, get

SOURCE = "peerkit: room, languages and whose experience it is"
WALKING = frozenset({"proposed", "agreed", "paused"})


def match(question: Question) -> Iterator[Suggestion]:
    """For an enquiry: active supporters who have room, with the reasons that speak for each."""
    enquiry = question.about
    if question.topic != "match" or not isinstance(enquiry, Relationship):
        return
    view = question.view
    person = get(view, Person, enquiry.person)
    for role in find(view, PeerSupporter, state="active"):
        room = role.capacity - _walking(view, role.person)
        supporter = get(view, Person, role.person)
        if role.person == enquiry.person or room < 1 or supporter is None or supporter.state != "here":
            continue
        reasons = [f"has room for {room} more"]
        spoken = set(person.languages if person is not None else ())
        shared = sorted(spoken & {*role.languages, *supporter.languages})
        if shared:
            reasons.append(f"speaks {', '.join(shared)} too")
        if enquiry.seeking_as == "family" and role.experience in {"family", "both"}:
            reasons.append("has walked beside family of their own")
        if enquiry.seeking_as == "self" and role.experience in {"own", "both"}:
            reasons.append("has been through something themselves")
        weight = float(len(reasons)) + min(room, 10) / 100
        yield Suggestion(supporter.id, "; ".join(reasons), SOURCE, role.id, weight)


def _walking(view: View, supporter: str) -> int:
    found = find(view, Relationship, subject=supporter)
    return sum(1 for one in found if one.supporter == supporter and one.state in WALKING)

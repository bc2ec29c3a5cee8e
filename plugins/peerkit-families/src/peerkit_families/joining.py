# SPDX-License-Identifier: Apache-2.0
"""Joining records where somebody comes as family: two who share a surname, a home and a telephone are joined
by mistake most easily, and then what the one agreed to would open what is the other's.

So somebody who comes as family is joined only with a record that bears the same name. Where the two are one
human all the same, written down under two names, the name is mended first: that is a look more, by somebody
who asked them.
"""

from __future__ import annotations

from collections.abc import Iterator

from peerkit import Merge, Objection, Opaque, Person, Relationship
from peerkit.hooks import Proposal, View, get_readable
from peerkit_families.walking import FAMILY
from peerkit_families.words import _

READS = frozenset({"merge", "person"})


def check(proposal: Proposal) -> Iterator[Objection]:
    """What stands against joining two records, one of which is a family member's."""
    view = proposal.view
    for merge, _change in proposal.of(Merge, "begin"):
        names = {_name(view, merge.kept), _name(view, merge.away)}
        if (len(names) > 1 or "" in names) and (_as_family(view, merge.kept) or _as_family(view, merge.away)):
            told = _(
                "one of the two comes as family, and the records bear two names: they "
                "may be a family member and "
                "whom they love. If they are one human, ask them, and write the same name in both first"
            )
            yield Objection("families-other-name", told, merge.kind, merge.id)


def _as_family(view: View, human: str) -> bool:
    """Whether they ever sought support as family; what cannot be read may have been that."""
    found = view.find(Relationship, person=human)
    return any(isinstance(one, Opaque) or one.seeking_as == FAMILY for one in found)


def _name(view: View, human: str) -> str:
    """The name as people compare names; empty if it cannot be read."""
    person = get_readable(view, Person, human)
    return "" if person is None else " ".join(person.name.casefold().split())

# SPDX-License-Identifier: Apache-2.0
"""Which record is meant: its id, kind/id, or the name of the person whose one and only it is; or nothing, for
one's own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from peerkit.cli import people
from peerkit.cli.gathering import gathered, tell_unreadable
from peerkit.cli.speaking import label
from peerkit.errors import Malformed, NotFound
from peerkit.model.base import Record
from peerkit.model.ids import is_id
from peerkit.texts import _

if TYPE_CHECKING:
    from peerkit.kit import Session

R = TypeVar("R", bound=Record)


def pick(s: Session, kind: type[R], given: str, *, states: Collection[str] = (), mine: str = "person") -> R:
    """The record of an id, or the only one of a person (by name or id) that is in one of these states; with
    nothing given, the only one that is the actor's own, in the field `mine`.

    NotFound if there is none for this actor; Malformed names the ids if there are several.
    """
    of, _sign, record_id = given.rpartition("/")
    if of and of not in {kind.kind, "person"}:
        raise Malformed(_("a {kind} is asked for here", kind=kind.kind), where=kind.kind)
    if given and of != "person" and is_id(record_id):
        try:
            return s.get(kind, record_id)
        except NotFound:
            if of:
                raise
    if given:
        found = people.person(s, record_id if of == "person" else given)
        held, dark = gathered(s, kind, person=found.id)
    else:
        held, dark = gathered(s, kind, **{mine: s.actor.person})
    fits = [one for one in held if not states or getattr(one, "state", "") in states]
    if not fits:
        tell_unreadable(kind, dark)
        what = label("", "kind", kind.kind)
        theirs = _("there is no {kind} of theirs for you that this could be done with", kind=what)
        yours = _("there is no {kind} of yours that this could be done with", kind=what)
        raise NotFound(theirs if given else yours)
    if len(fits) > 1:
        ids = ", ".join(one.id for one in fits)
        told = _("there are {n} of theirs: name one by id ({ids})", n=len(fits), ids=ids)
        raise Malformed(told, where=kind.kind)
    return fits[0]


def part_of(held: Sequence[Any], given: str) -> str:
    """The id of a part of a record, by its number in the list that is shown or by its id; blank for none."""
    numbers = {str(number): one.id for number, one in enumerate(held, start=1)}
    return numbers.get(given.lstrip("0")) or next((one.id for one in held if one.id == given), "")

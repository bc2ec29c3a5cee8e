# SPDX-License-Identifier: Apache-2.0
"""What an observer may give back: a worry of its module's, which the kit raises as a concern."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import cast

import attrs

from peerkit.errors import Malformed
from peerkit.levels import Level
from peerkit.model.base import Ref, ref
from peerkit.model.ids import is_id
from peerkit.texts import Message

LONGEST = 200
"""Characters of a key at most. Own choice."""


def _id(given: Ref) -> str:
    found = ref(given) if given else ""
    if found and not is_id(found):
        told = "whom a worry is about, and whom it reaches first, is a record or its id"
        raise Malformed(told, where="Worry")
    return found


def _faults(worry: Worry) -> Iterator[tuple[str, str]]:
    """What does not fit, with the field: a plugin's code may give anything."""
    key, words, at = (cast("object", one) for one in (worry.key, worry.words, worry.occurred))
    if not (isinstance(key, str) and key.strip() and len(key) <= LONGEST):
        told = f"a key is a text of 1 to {LONGEST} characters that names one event, such as a record's id"
        yield "key", told
    if not isinstance(words, Message) or words.values or not words.strip():
        told = (
            "the words are a sentence of the module's own, marked with _(…) and with nothing filled in: what "
            "somebody wrote stands in the record that it comes from"
        )
        yield "words", told
    if not worry.about:
        yield "about", "a worry says whom it is about"
    if worry.level not in {Level.TODAY, Level.NOW}:
        yield "level", "the level is today or now"
    if at is not None and not (isinstance(at, datetime) and at.tzinfo is not None):
        yield "occurred", "when it was is an instant with a zone"


@attrs.frozen
class Worry:
    """What `peerkit_observe` gives back where a human must look: the kit raises it as a concern.

    `key` names the one event that it comes from, such as the id of a record (with a version, where each
    version is an event): one worry of one plugin is raised once under it, however often the page is given
    again. `words` are the module's own fixed sentence, marked for translation and with nothing filled in,
    never somebody's words: it says what was found, and the record says the rest. `about` is whom it is
    about, a person in a record that the plugin reads; `first` whom it reaches first (`kit.concern`), `level`
    `now` or `today`, `occurred` when it was, if the record knows. Malformed for anything else.

    ```python
    Worry(f"thirst:{visit.id}", _("Nobody watered here for a week."), about=visit.person, level="today")
    ```
    """

    key: str
    words: str = attrs.field(repr=False)
    about: str = attrs.field(converter=_id)
    first: str = attrs.field(default="", converter=_id)
    level: str = "now"
    occurred: datetime | None = None

    def __attrs_post_init__(self) -> None:
        for field, told in _faults(self):
            raise Malformed(told, where=f"Worry.{field}")

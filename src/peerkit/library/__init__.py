# SPDX-License-Identifier: Apache-2.0
"""The library of resources: guidelines, values, training and evidence of peer support, as data.

    from peerkit import library

    library.resources(about="guidelines")      # titles, publishers, years, links, what each is for
    library.search("language guide")
    library.values(), library.principles()     # with whom they are seen, and how surely

peerkit ships titles and links, never somebody else's text; what a thing is for is said in peerkit's own
words, and by `peerkit.texts` in French too. `verified` is False for whatever was not seen in a source.
"""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from typing import Any

import attrs

from peerkit.errors import Malformed
from peerkit.texts import Message

ABOUT = (
    "what peer support is",
    "guidelines",
    "values",
    "language",
    "training",
    "toolkits",
    "safety",
    "families",
    "diabetes",
    "evidence",
)
"""What a resource may be about."""


@attrs.frozen(kw_only=True)
class Resource:
    """Something to read, learn from or call: its own title, who publishes it, and what it is for.

    `year` is 0 where it is not known; `languages` are those that it is known to be in. `licence` says what
    may be done with its text, where that was seen. `seen` is where the facts here were seen, `as_of` the day
    on which the entry was put together from that. `link` is the publisher's own site where no nearer address
    was seen; links are not followed by peerkit.
    """

    id: str
    title: str
    publisher: str
    about: str
    purpose: Message
    year: int = 0
    link: str = ""
    languages: tuple[str, ...] = ()
    licence: str = ""
    seen: str = ""
    as_of: str = ""
    verified: bool = False


@attrs.frozen(kw_only=True)
class Value:
    """A guiding value (`kind` is `value`) or a principle of practice (`principle`), by its number.

    Shortened in peerkit's own words. `source` is whose list it is, `seen` where it was seen: in a third
    party's copy only, so `verified` is False and an agreement that cites it says so.
    """

    kind: str
    number: int
    words: Message
    source: str
    seen: str
    verified: bool = False

    @property
    def id(self) -> str:
        """What an agreement cites it by (`Relationship.values`): `value-3`, `principle-8`."""
        return f"{self.kind}-{self.number}"


@functools.cache
def _held(name: str) -> dict[str, Any]:
    text = (importlib.resources.files("peerkit.library") / "data" / f"{name}.toml").read_text(
        encoding="utf-8"
    )
    return tomllib.loads(text)


@functools.cache
def _resources() -> tuple[Resource, ...]:
    held = _held("resources")
    return tuple(_resource({"as_of": held["as_of"], **one}) for one in held["resources"])


def _resource(one: dict[str, Any]) -> Resource:
    return Resource(
        **{
            **one,
            "purpose": Message(one["purpose"]),
            "languages": tuple(one.get("languages", ())),
        }
    )


def resources(*, about: str = "", language: str = "") -> tuple[Resource, ...]:
    """All resources, or those about something (one of `ABOUT`) or in a language; else Malformed."""
    if about and about not in ABOUT:
        raise Malformed(f"a resource is about one of {', '.join(ABOUT)}", where="resources.about")
    return tuple(
        one
        for one in _resources()
        if about in {"", one.about} and (not language or language in one.languages)
    )


def resource(id: str) -> Resource:
    """The resource with this id. NotFound if there is none."""
    from peerkit.errors import NotFound

    found = next((one for one in _resources() if one.id == id), None)
    if found is None:
        raise NotFound("the library has no resource of that id")
    return found


def search(words: str, *, locale: str = "en") -> tuple[Resource, ...]:
    """The resources in whose title, publisher, subject or purpose (said in `locale`) every word stands, with
    or without its accents."""
    from peerkit.model.base import fold
    from peerkit.texts import for_locale

    wanted = str(fold(words)).split()
    say = for_locale(locale)

    def text(one: Resource) -> str:
        said = (
            one.title,
            one.publisher,
            say.label("resource", "about", one.about),
            one.about,
            say(one.purpose),
        )
        return str(fold(" ".join(said)))

    return tuple(one for one in _resources() if all(word in text(one) for word in wanted))


@functools.cache
def values() -> tuple[Value, ...]:
    """The guiding values, in the order of their list."""
    return _values("value")


@functools.cache
def principles() -> tuple[Value, ...]:
    """The principles of practice, in the order of their list."""
    return _values("principle")


def _values(kind: str) -> tuple[Value, ...]:
    held = _held("values")[kind]
    return tuple(
        Value(
            kind=kind,
            number=number,
            words=Message(words),
            source=held["source"],
            seen=held["seen"],
            verified=held["verified"],
        )
        for number, words in enumerate(held["words"], start=1)
    )


__all__ = ["ABOUT", "Resource", "Value", "principles", "resource", "resources", "search", "values"]

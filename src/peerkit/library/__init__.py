# SPDX-License-Identifier: Apache-2.0
"""The library of resources: guidelines, values, training and evidence of peer support, as data.

    from peerkit import library

    library.resources(about="guidelines")      # titles, publishers, years, links, what each is for
    library.search("language guide")
    library.values(), library.principles()     # with whom they are seen, and how surely

    library.resources(plugins=kit.plugins)     # and what the plugins of a program supply (`hooks.Resource`)

peerkit ships titles and links, never somebody else's text; what a thing is for is said in peerkit's own
words, and by `peerkit.texts` in French too. `verified` is False for whatever was not seen in a source.
"""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections.abc import Iterable
from typing import Any, Protocol

import attrs

from peerkit.codes import is_code
from peerkit.errors import Malformed
from peerkit.texts import Message, Texts

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

    def fault(self) -> str:
        """What is wrong with it, in words; empty if nothing."""
        for text in ("title", "publisher", "purpose"):
            if not str(getattr(self, text)).strip():
                return f"the resource {self.id} has no {text}"
        if not is_code(self.id):
            return "a resource's id is a code, such as 'garden-guide'"
        if self.about not in ABOUT:
            return f"the resource {self.id} is about one of {', '.join(ABOUT)}"
        if self.verified and not self.seen.strip():
            return f"the resource {self.id} is verified, and says not where it was seen"
        if self.link and not self.link.startswith(("https://", "http://")):
            return f"the resource {self.id} has a link that is no address of the web"
        return ""


class Supplies(Protocol):
    """Plugins of whom one may ask what they supply: a kit's (`kit.plugins`)."""

    def supplies(self, kind: type[Resource], /) -> Iterable[tuple[Any, Resource]]:
        """Each plugin with each of its resources."""
        ...

    def texts(self, *languages: str) -> Texts:
        """Their texts and peerkit's own, said in the first of these languages that peerkit speaks."""
        ...


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


def _all(plugins: Supplies | None) -> tuple[Resource, ...]:
    more = () if plugins is None else plugins.supplies(Resource)
    return (*_resources(), *(one for _plugin, one in more))


def resources(
    *, about: str = "", language: str = "", plugins: Supplies | None = None
) -> tuple[Resource, ...]:
    """All resources, or those about something (one of `ABOUT`, else Malformed) or in a language. With
    `plugins` (`kit.plugins`) those too that a program's plugins supply, behind peerkit's own."""
    if about and about not in ABOUT:
        raise Malformed(f"a resource is about one of {', '.join(ABOUT)}", where="resources.about")
    return tuple(
        one
        for one in _all(plugins)
        if about in {"", one.about} and (not language or language in one.languages)
    )


def resource(id: str, *, plugins: Supplies | None = None) -> Resource:
    """The resource with this id, also among those of `plugins`. NotFound if there is none."""
    from peerkit.errors import NotFound

    found = next((one for one in _all(plugins) if one.id == id), None)
    if found is None:
        raise NotFound("the library has no resource of that id")
    return found


def search(words: str, *, locale: str = "en", plugins: Supplies | None = None) -> tuple[Resource, ...]:
    """The resources in whose title, publisher, subject or purpose (said in `locale`) every word stands, with
    or without its accents; also among those of `plugins`."""
    from peerkit.model.base import fold
    from peerkit.texts import for_locale

    wanted = str(fold(words)).split()
    say = for_locale(locale) if plugins is None else plugins.texts(locale)

    def text(one: Resource) -> str:
        said = (
            one.title,
            one.publisher,
            say.label("resource", "about", one.about),
            one.about,
            say(one.purpose),
        )
        return str(fold(" ".join(said)))

    return tuple(one for one in _all(plugins) if all(word in text(one) for word in wanted))


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


__all__ = [
    "ABOUT",
    "Resource",
    "Supplies",
    "Value",
    "principles",
    "resource",
    "resources",
    "search",
    "values",
]

# SPDX-License-Identifier: Apache-2.0
"""All records of a kind, over all pages; and saying which of them cannot be read: what is not shown may be
somebody who waits."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar

import click

from peerkit.cli.speaking import say
from peerkit.model.base import Record
from peerkit.texts import _

if TYPE_CHECKING:
    from peerkit.codec import Opaque
    from peerkit.kit import Session

R = TypeVar("R", bound=Record)


def every(s: Session, kind: type[R], *conditions: Callable[[R], Any], **equal: Any) -> list[R]:
    """All records of a kind that meet the conditions and that this actor may read, in the order in which
    they began. Those that cannot be read are told."""
    found, dark = gathered(s, kind, *conditions, **equal)
    tell_unreadable(kind, dark)
    return found


def gathered(
    s: Session, kind: type[R], *conditions: Callable[[R], Any], **equal: Any
) -> tuple[list[R], list[Opaque]]:
    """Such records, and beside them those that cannot be read."""
    found: list[R] = []
    dark: list[Opaque] = []
    after: str | None = None
    while True:
        page = s.find(kind, *conditions, order="id", limit=1000, after=after, **equal)
        found += page.readable
        dark += page.unreadable
        if (after := page.after) is None:
            return found, dark


def tell_unreadable(kind: type[Record], dark: Collection[Opaque]) -> None:
    """Say on standard error which records of a kind are not shown, since they cannot be read."""
    if dark:
        told = _(
            "WARNING: damaged, or written by a newer peerkit, and not shown: {records}",
            records=", ".join(f"{kind.kind}/{one.id}" for one in dark),
        )
        click.secho(say(told), fg="red", err=True)

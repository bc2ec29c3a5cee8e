# SPDX-License-Identifier: Apache-2.0
"""Options that many commands share. They set the `App`; no command function sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from peerkit.cli.app import ROLES, App
from peerkit.cli.speaking import label, say
from peerkit.errors import Malformed
from peerkit.texts import _

if TYPE_CHECKING:
    from peerkit.kit import Kit

F = TypeVar("F", bound=Callable[..., Any])

HOW = ("paper", "spoken", "device")
"""By which means somebody else's decision can be given at a keyboard that is not theirs."""


def shortages(typed: Iterable[str]) -> tuple[str, ...]:
    """What is short, as it was typed, as codes: by the words of the reader's language (`revenu`), or by the
    codes themselves. What is neither stays as it is, and is refused by whoever knows more codes."""
    from peerkit.model.base import fold
    from peerkit.texts.labels import DESCRIBED

    known = {fold(say(label("", "shortage", code))): code for code in DESCRIBED["", "shortage"]}
    return tuple(one if one in DESCRIBED["", "shortage"] else known.get(fold(one), one) for one in typed)


def _sets(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def store(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        if value is not None and value is not False:
            setattr(ctx.ensure_object(App), name, value)

    return store


def db_option() -> click.Option:
    """`--db`."""
    return click.Option(
        ["--db"],
        metavar="URL",
        envvar="PEERKIT_DB",
        show_envvar=True,
        expose_value=False,
        is_eager=True,
        callback=_sets("url"),
        help="The program's database, such as sqlite:///program.db (a file here).",
    )


def as_option() -> click.Option:
    """`--as`."""
    return click.Option(
        ["--as"],
        metavar="ROLE",
        type=click.Choice(ROLES),
        expose_value=False,
        callback=_sets("role"),
        help=f"Act in one of your own roles only: {', '.join(ROLES)}.",
    )


def json_option() -> click.Option:
    """`--json`."""
    return click.Option(
        ["--json"],
        is_flag=True,
        expose_value=False,
        callback=_sets("as_json"),
        help="Print JSON, for a program to read.",
    )


def _with(make: Callable[[], click.Option]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        held = getattr(function, "__click_params__", None)
        if held is None:
            held = function.__click_params__ = []  # type: ignore[attr-defined]  # as click itself does
        held.append(make())
        return function

    return decorate


database = _with(db_option)
acting = _with(as_option)
as_json = _with(json_option)


def day(text: str, where: str) -> date:
    """A day as it is typed; Malformed for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(_("a day is written like 2026-11-22"), where=where) from None


def instant(text: str, where: str) -> datetime:
    """An instant as it is typed; Malformed for what is none, and for a time without its zone."""
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found
    raise Malformed(_("an instant is written like 2026-11-22T09:30Z"), where=where)


def took_place(kit: Kit, text: str) -> datetime:
    """When something took place, as it is typed: on the wall's clock of the program, unless it has its zone.
    Malformed for what is no time, and for one that has not come yet."""
    from peerkit.model import when

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(_("it is written like 2026-11-22T14:30"), where="--occurred") from None
    if found.tzinfo is None:
        zone = kit.program.timezone
        found = when.in_zone(when.wall(found, "--occurred", zone), zone)
    if found > kit.clock.now():
        raise Malformed(_("that has not come yet"), where="--occurred")
    return found

# SPDX-License-Identifier: Apache-2.0
"""What a command is handed: the database it works on and the human at the keyboard."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

import attrs
import click

from peerkit.cli.speaking import knowing, say
from peerkit.errors import NotFound, Objection, PeerkitError, PluginError, Refused
from peerkit.texts import _

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.model.actor import Actor
    from peerkit.plugins import PluginRecord, Plugins
    from peerkit.safety.shelf import Shelf

ISSUER = "login"
"""Who vouches on the command line: the operating system, by its login."""

ROLES = ("person", "supporter", "cover", "supervisor", "on-call", "coordinator", "privacy")


def login() -> str:
    """The operating system's login, by the process's user id and not by the environment."""
    try:
        import pwd
    except ImportError:  # no such thing on Windows
        return getpass.getuser()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container without a user of that number
        return str(os.getuid())


def installed() -> Plugins:
    """What is installed here and not blocked, whatever a program accepted: for lists and for finding
    a command."""
    from peerkit.kit.opening import builtins
    from peerkit.plugins import Plugins

    return Plugins.load(builtin=builtins(), lists=True)


class Before(Enum):
    """In front of whom something is shown: who runs the program's machine, a person who is asked or who
    reads, beside somebody or not, and a person who answers by themselves."""

    whoever_runs_it = auto()
    a_person = auto()
    them_alone = auto()


UNHEARD = _(
    "Just now this program's notices may reach nobody: if somebody must know, tell them yourself. Whoever "
    "looks after the program finds out more with `peerkit health`."
)


@attrs.define
class App:
    """The state of one call of `peerkit`, which a command gets as click's `obj`.

    A plugin's command gets it too (`@click.pass_obj`) and uses `kit()`, `actor()` and `as_json`.
    """

    url: str | None = None
    role: str = ""
    login: str = attrs.field(factory=login)
    """The subject: who sits at the keyboard, as the operating system says."""
    as_json: bool = False
    plugin: PluginRecord | None = None
    """The plugin whose command this is; it must be one that the program has accepted."""
    before: Before = Before.whoever_runs_it
    """Who sits in front of what this command shows, and so what of the program's own state is said there."""
    _held: Any = attrs.field(default=None, init=False, repr=False)

    @contextmanager
    def kit(self) -> Iterator[Kit]:
        """The program's kit, closed at the end. Inside, every further call gives the same one."""
        if self._held is not None:
            yield self._held
            return
        import peerkit

        with peerkit.open(self.database()) as kit:
            try:
                self._accepted(kit)
                with self.using(kit), knowing(kit.plugins.labels):
                    yield kit
            finally:
                self._warn(kit)

    @contextmanager
    def using(self, kit: Kit) -> Iterator[Kit]:
        """Work on a kit that is open already."""
        before, self._held = self._held, kit
        try:
            yield kit
        finally:
            self._held = before

    def say(self, message: str) -> str:
        """A message in the language of this call, for what a plugin's command prints."""
        return say(message)

    def shelf(self) -> Shelf:
        """The questionnaires: of the program, where a database is named; else of peerkit and of what is
        installed here."""
        from peerkit.hooks import Instrument
        from peerkit.safety.shelf import Shelf, Supplied

        if self.url:
            with self.kit() as kit:
                return kit.net.shelf(kit)
        found = installed().supplies(Instrument)
        return Shelf.bare(Supplied(record.name, one.text, one.source) for record, one in found)

    def database(self) -> str:
        """The URL of the database; a usage error says how to name one."""
        if not self.url:
            raise click.UsageError(_("Which program? Name its database with --db URL or in PEERKIT_DB."))
        if ":" not in self.url:
            raise click.UsageError(
                _("A database is named by its URL: sqlite:///program.db is program.db here.")
            )
        return self.url

    def actor(self, kit: Kit) -> Actor:
        """The human at the keyboard, narrowed to the role of `--as`.

        NotFound if the login is linked to nobody; Refused for a role that is not theirs.
        """
        from peerkit.model.actor import Actor

        if kit.sandbox_coordinator:
            held = Actor(kit.sandbox_coordinator, via="sandbox")
        else:
            try:
                held = kit.actor_for(ISSUER, self.login)
            except NotFound:
                raise NotFound(
                    _(
                        "your login is linked to nobody in this program: a coordinator links it "
                        "(peerkit people link NAME {login})",
                        login=self.login,
                    )
                ) from None
        if not self.role:
            return held
        mine = {*kit.grants(held).roles, "person"} - {"anyone"}
        if self.role not in mine:
            sentence = _("you have no such role here now; yours are {roles}", roles=", ".join(sorted(mine)))
            raise Refused([Objection("not-your-role", sentence)])
        return attrs.evolve(held, role=self.role)

    def actor_or_none(self, kit: Kit) -> Actor | None:
        """The human at the keyboard, or None if the login is linked to nobody."""
        try:
            return self.actor(kit)
        except NotFound:
            if self.role:
                raise
            return None

    def _accepted(self, kit: Kit) -> None:
        if self.plugin is None:
            return
        for one in kit.plugins:
            if one.name == self.plugin.name and one.status == "loaded":
                return
        raise PluginError(
            _(
                "this program has not accepted the plugin {plugin}: peerkit plugins accept {name}",
                plugin=self.plugin.label,
                name=self.plugin.name,
            )
        )

    def _warn(self, kit: Kit) -> None:
        if self.before is Before.them_alone:
            return  # whether somebody was told stands in what to do now
        try:
            warnings = kit.warnings()
        except PeerkitError:
            return  # the store fails: the error on its way says so
        if self.before is Before.a_person:
            if warnings:
                click.echo(say(UNHEARD), err=True)
            return
        for warning in warnings:
            click.secho(say(_("WARNING: {what}", what=warning)), fg="red", bold=True, err=True)

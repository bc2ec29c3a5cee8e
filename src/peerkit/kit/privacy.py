# SPDX-License-Identifier: Apache-2.0
"""What a kit does about people's data: letting it out, opening it, joining and parting it, removing it."""

from __future__ import annotations

from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, Any, cast

from peerkit.model.actor import Actor
from peerkit.model.base import Ref, ref

if TYPE_CHECKING:
    from peerkit.kit.erasing import Erasure
    from peerkit.kit.kit import Kit
    from peerkit.kit.merging import Joined
    from peerkit.kit.own_log import Entry
    from peerkit.kit.take_out import TakenOut
    from peerkit.model.glass import BreakGlass


class Privacy:
    """The part of a `Kit` that is about whose data it is; each does its work in a module of its own."""

    def disclose(
        self, query: Any, *, to: Ref, purpose: str, actor: Actor | Ref | None = None, **details: Any
    ) -> Any:
        """Let data out, page by page, asking consent again for each. See `peerkit.gate`."""
        from peerkit.gate import disclose

        kit = cast("Kit", self)
        return disclose(kit, query, to=ref(to), purpose=purpose, actor=kit._actor(actor), **details)

    def break_glass(self, person: Ref, *, reason: str, actor: Actor | Ref | None = None) -> BreakGlass:
        """Open one person's record to the actor without that person's word, because it cannot wait.

        The actor supports others or holds an office, and gives a `reason`. It lasts `glass_minutes` of the
        settings and ends by itself; what is read meanwhile is logged with it; a named human tells the
        person, and another than the actor reviews it. While it lasts, breaking it again gives the same.
        Malformed without a reason, NotFound for nobody, Refused for an actor who only receives support, whom
        an open concern names, or whom a wall keeps from the person.
        """
        from peerkit.kit.glass import break_glass

        kit = cast("Kit", self)
        return break_glass(kit, kit._actor(actor), ref(person), reason)

    def log(
        self,
        *,
        actor: Actor | Ref | None = None,
        person: Ref | None = None,
        everything: bool = False,
        since: datetime | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> tuple[Entry, ...]:
        """What happened with a person's record, in plain words, newest first: who read what, what left to
        whom on what basis and what was held back, who decided what.

        The actor's own, or for a coordinator or the privacy contact that of `person`, which is logged too.
        What may not be shown is shown as existing (`what` is `hidden`); so is what concerns `discreet`
        recipients, unless `everything` is asked for. `since` is an aware instant, `before` the position of
        the last entry of the page before. Refused for another's log, or acting in a role.
        """
        from peerkit.kit.own_log import log

        kit = cast("Kit", self)
        whose = "" if person is None else ref(person)
        return log(
            kit,
            kit._actor(actor),
            person=whose,
            everything=everything,
            since=since,
            before=before,
            limit=limit,
        )

    def take_out(
        self,
        path: str | PathLike[str],
        *,
        passphrase: str,
        actor: Actor | Ref | None = None,
        anyway: bool = False,
    ) -> TakenOut:
        """Write everything about the actor that they may read, and their log, to one encrypted file.

        A PDF (AES-256) with pages for a human and `take-out.json` attached for a program; readable by its
        owner alone, never over another file. The host asks for a fresh sign-in first. Where the person said
        that their device is watched it is Refused with what to think of, unless `anyway`. Malformed for a
        passphrase of less than 15 characters, PluginError without the extra `takeout`.
        """
        from peerkit.kit.take_out import take_out

        kit = cast("Kit", self)
        return take_out(kit, kit._actor(actor), path, passphrase, anyway=anyway)

    def catch_up(self) -> None:
        """Write the reads that could not wait and whose log had failed."""
        from peerkit.kit.committing import catch_up

        catch_up(cast("Kit", self))

    def merge(self, kept: Ref, away: Ref, *, reason: str, actor: Actor | Ref | None = None) -> Joined:
        """Two records of one human become one: all that hangs on `away` hangs on `kept` from now on.

        A run in pieces, each a commit; one that was stopped half-way goes on when it is called again. The
        stricter of two words on sharing wins, open alerts and referrals stay open. Malformed without a
        reason, NotFound for nobody; Refused for one and the same, where one of them died, where a record
        shows the two together, and for an actor who is one of them or no coordinator. See `split`.
        """
        from peerkit.kit.merging import merge

        kit = cast("Kit", self)
        return merge(kit, kit._actor(actor), ref(kept), ref(away), reason)

    def split(self, merge: Ref, *, reason: str, actor: Actor | Ref | None = None) -> Joined:
        """A merge was wrong: each gets back exactly what hung on them before, as history tells.

        What came since stays where it is and is listed in `look`, for a human to file. A run in pieces like
        `merge`. Refused where a later merge builds on this one: part that first.
        """
        from peerkit.kit.parting import split

        kit = cast("Kit", self)
        return split(kit, kit._actor(actor), ref(merge), reason)

    def snapshot(self, path: str, *, actor: Actor | Ref | None = None, why: str = "backup") -> None:
        """Write a consistent copy of the whole store to a new file. An operator's door: it is logged who
        took the copy and why. StorageError where the file exists or cannot be written."""
        from peerkit.model.keeping import Read

        kit = cast("Kit", self)
        who = kit._actor(actor)
        kit.grants(who)  # NotFound for nobody whom the program knows
        kit.write_new(lambda: Read.log(person=(), reader=who.person, of="*", records=(), why=why))
        kit.storage.snapshot(path)

    def compact(self) -> bool:
        """Finish an erasure that answered `pending`, whatever the size of the store: writers wait meanwhile,
        so do it at an hour at which they can. False if a reader still holds old pages: try again."""
        from peerkit.ports import Compacting

        storage = cast("Kit", self).storage
        return storage.compact() if isinstance(storage, Compacting) else True

    def erase(self, *records: Ref, basis: str, asked_by: Ref, decided_by: Ref) -> Erasure:
        """Remove the bodies of every version of these records, for ever. See `peerkit.kit.erasing`."""
        from peerkit.kit.erasing import erase

        kit = cast("Kit", self)
        return erase(
            kit, [ref(r) for r in records], basis=basis, asked_by=ref(asked_by), decided_by=ref(decided_by)
        )

# SPDX-License-Identifier: Apache-2.0
"""A directory into a program: listings become services through the same five steps as everything else.

What was done is the state: an entry that is stored with its listing's digest is done. So an import that was
interrupted is finished by running it again, and one that is run twice changes nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import Factory, define, frozen

import peerkit
from peerkit.errors import Malformed, Refused
from peerkit_hsds.mapping import FORM, entry
from peerkit_hsds.outcome import Outcome, Turned
from peerkit_hsds.reading import Directory, Progress, read
from peerkit_hsds.steps import Step, plan
from peerkit_hsds.values import Listing, Origin

BATCH = 250
"""Entries in one commit: large enough that the disk is no hindrance, small enough that others get between."""
FEW = 10
"""So many entries have to be missing, or to look like others, before anybody is asked about it."""


def import_directory(
    kit: peerkit.Kit,
    path: str | os.PathLike[str],
    *,
    actor: peerkit.Actor | peerkit.Record | str,
    source: str | None = None,
    sure: bool = False,
    dry: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Import the directory at a path (a folder, a zip archive, one file), as somebody who may list services.

    `source` names the directory within the program, its folder's or file's name unless told: a later edition
    is imported under the same name. What is new is listed, what differs revised, what is there no longer
    marked as gone, what is back listed again; in commits of a few hundred, each whole. With `dry` nothing is
    written. `progress` is called now and then, from the caller's thread.

    Raises Malformed where there is no directory at the path, and where this looks like another directory
    under the name of one that is known, or the reverse (unless `sure`); Refused where the actor may not do
    it. What was committed before an error stays, and the next run goes on from there.
    """
    with read(path, progress=progress) as directory:
        if not directory.expected:
            told = "It holds no service, organization or place in any form that HSDS has"
            if faults := directory.faults():
                told = f"Nothing in it could be read as a directory's. {'; '.join(faults)}"
            raise Malformed(told, where=str(path))
        run = _Import(kit, actor, source or directory.source, sure=sure, dry=dry)
        return run.all(directory)


@frozen
class _Due:
    """What is to be done about an entry. Its listing is let go as soon as the entry is made of it, so that no
    more than one commit's worth of anything is held."""

    done: str
    key: str
    origin: Origin
    entry: dict[str, Any] | None = None


@define
class _Import:
    kit: peerkit.Kit
    actor: Any
    source: str
    sure: bool
    dry: bool
    ids: dict[str, str] = Factory(dict)
    """Keys of entries under this source and the ids of their services."""
    digests: dict[str, str] = Factory(dict)
    """Keys of those that are not gone, and what their listings' digests were."""
    counts: Counter[str] = Factory(Counter)
    refused: list[Turned] = Factory(list)

    def all(self, directory: Directory) -> Outcome:
        """The whole import."""
        self._known()
        known = len(self.digests)
        steps = plan(self.digests, self._recognised(directory))
        gone: list[_Due] = []
        batch: list[_Due] = []
        for step in steps:
            if step.listing is None:
                gone.append(_Due("gone", step.key, Origin("", 0)))
            elif step.action == "same":
                self.counts["same"] += 1
            else:
                batch.append(self._due(step, step.listing))
                if len(batch) == BATCH:
                    self._commit(batch)
                    batch = []
        self._commit(batch)
        left = not directory.report.whole or (not self.sure and len(gone) >= FEW and 2 * len(gone) > known)
        for at in range(0, 0 if left else len(gone), BATCH):
            self._commit(gone[at : at + BATCH])
        return Outcome(
            self.source,
            directory.report,
            **{name: self.counts[name] for name in ("listed", "revised", "returned", "same", "gone")},
            missing=len(gone) if left else 0,
            refused=tuple(self.refused),
            dry=self.dry,
        )

    # what is there

    def _known(self) -> None:
        for service in self._find(source=self.source):
            self.ids[service.source_key] = service.id
            if service.state == "listed":
                form, _, digest = service.digest.partition(":")
                self.digests[service.source_key] = digest if form == FORM else ""

    def _find(self, **equal: Any) -> Iterator[peerkit.Service]:
        after: str | None = None
        while True:
            with self.kit.session(self.actor) as s:
                page = s.find(peerkit.Service, limit=1000, after=after, **equal)
            yield from page.readable
            if (after := page.after) is None:
                return

    def _recognised(self, listings: Iterator[Listing]) -> Iterator[Listing]:
        """The listings, once it is clear from the first of them whose they are."""
        first = [listing for _, listing in zip(range(BATCH), listings, strict=False)]
        if not self.sure:
            self._look(first)
        yield from first
        yield from listings

    def _look(self, first: Iterable[Listing]) -> None:
        """Malformed where the first entries are others than those known under the name; or where the name is
        new and they are known under another."""
        named = {listing.key: (listing.name, listing.organization) for listing in first}
        equal = {"source": self.source} if self.ids else {}
        seen: Counter[str] = Counter()
        alike: Counter[str] = Counter()
        for held in self._find(source_key=tuple(named), **equal):
            seen[held.source] += 1
            alike[held.source] += named[held.source_key] == (held.name, held.organization)
        for name, many in seen.items():
            if name == self.source and many >= FEW and 2 * alike[name] < many:
                told = (
                    f"most entries have other names than those imported before as {name}: give another"
                    " directory a name of its own (--source), or say that it is the same one (--sure)"
                )
                raise Malformed(told, where="source")
            if name != self.source and alike[name] >= FEW and 2 * alike[name] > len(named):
                told = (
                    f"most entries are there already, imported as {name}: say so (--source {name}), or that"
                    " this is another directory (--sure)"
                )
                raise Malformed(told, where="source")

    # what is to be done

    def _due(self, step: Step, listing: Listing) -> _Due:
        done = "revised" if step.action == "changed" else "returned" if step.key in self.ids else "listed"
        return _Due(done, step.key, listing.origin, entry(listing, source=self.source))

    def _commit(self, batch: list[_Due]) -> None:
        """One commit. Entries that a rule objects to are put aside and counted as refused."""
        while batch and not self.dry:
            attempt = _Attempt(batch, self.ids)
            try:
                self.kit.run(attempt, actor=self.actor)
                break
            except Refused as refusal:
                left = attempt.without(refusal, self.refused)
                if not attempt.saved or len(left) == len(batch):
                    raise  # a right is missing, or what is in the way is no entry's
                batch = left
        self.counts.update(due.done for due in batch)


@define
class _Attempt:
    """A commit tried: called with a session, it does what is due."""

    batch: list[_Due]
    ids: Mapping[str, str]
    made: dict[str, _Due] = Factory(dict)
    saved: bool = False

    def __call__(self, s: Any) -> None:
        self.made, self.saved = {}, False
        for due in self.batch:
            known = self.ids.get(due.key)
            if known is None and due.entry is not None:
                self.made[s.save(peerkit.Service.list(entry=due.entry)).id] = due
            elif known is not None:
                self.made[known] = due
                held = s.get(peerkit.Service, known)
                if due.entry is not None:
                    s.save(held.revise(entry=due.entry))
                elif held.state == "listed":  # else another import was quicker
                    s.save(held.lapse())
        self.saved = True

    def without(self, refusal: Refused, refused: list[Turned]) -> list[_Due]:
        """The batch without the entries that were objected to, which are added to `refused`."""
        codes: dict[str, list[str]] = {}
        for objection in refusal.objections:
            if objection.record in self.made:
                codes.setdefault(self.made[objection.record].key, []).append(objection.code)
        refused.extend(
            Turned(due.key, due.origin, tuple(dict.fromkeys(codes[due.key])))
            for due in self.batch
            if due.key in codes
        )
        return [due for due in self.batch if due.key not in codes]

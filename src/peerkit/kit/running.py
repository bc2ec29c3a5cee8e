# SPDX-License-Identifier: Apache-2.0
"""Running a function as one commit, once: retried on Conflict, looked up by its key before it runs."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from peerkit.errors import Conflict, Malformed, StorageError, UnsavedScreen
from peerkit.kit.committing import KEY_OPEN, Receipt
from peerkit.kit.session import Session
from peerkit.model import ids
from peerkit.model.actor import Actor
from peerkit.ports import Mark
from peerkit.safety import once

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

T = TypeVar("T")


def run(kit: Kit, fn: Callable[[Session], T], *, actor: Actor, key: str | None, retries: int) -> Receipt:
    """See `Kit.run`."""
    if type(retries) is not int or retries < 0:
        raise Malformed("retries is a whole number, 0 or more", where="run.retries")
    if not callable(given := cast("object", fn)) or inspect.iscoroutinefunction(given):
        raise Malformed(_PLAIN, where="run.fn")
    name = _name(actor, key)
    began = kit.clock.now()
    attempt = 0
    said = once.Once(kit, name)
    while True:
        if (done := _done(kit, name, key)) is not None:
            return _listen(kit, fn, actor, name, done)
        marks = () if key is None else (Mark(name, KEY_OPEN, None),)
        source = kit.ids if key is None else ids.KeyedIds(name, lambda: began)
        session = Session(kit, actor, ids_from=source, marks=marks)
        said.again()
        try:
            with once.hearing(said), session as opened:
                result = _given(fn(opened))
        except Conflict:
            if (done := _done(kit, name, key)) is not None:
                return _listen(kit, fn, actor, name, done)  # somebody used the key meanwhile
            if attempt == retries:
                raise
            attempt += 1
            continue
        assert session.receipt is not None  # noqa: S101  # the block ended without an error
        return attrs.evolve(session.receipt, key=key, result=result)


def _listen(kit: Kit, fn: Callable[[Session], T], actor: Actor, name: str, done: Receipt) -> Receipt:
    """The first receipt; and what the function has to say to the safety lane is heard, since a key may be
    too coarse, and an alarm is never lost for that.

    Nothing that it saves is written, and what is no longer legal in it stays without effect. Malformed if
    it said anything to the lane that the run had not said before (it is stored), or if it did not come as
    far as to say again what it had.
    """
    said, result = once.Once(kit, name, replay=True), None
    # The first version that the run made of each record stands last here.
    versions = {record: version for _, record, version in reversed(done.records)}
    session = Session(kit, actor, ids_from=kit.ids, replay=versions)
    failed = False
    try:
        with once.hearing(said), session as opened:
            result = _given(fn(opened))
    except (UnsavedScreen, StorageError):
        raise
    except Exception:  # noqa: BLE001  # its acts may not be legal any more: that is why there is a key
        failed = True
    if said.other:
        raise Malformed(
            "the key was used before, and this run says something else to the safety lane. That is stored, "
            "and a human is asked to look; nothing else of this run is. Give each piece of work its own key",
            where="run.key",
        )
    if failed and said.unheard:
        raise Malformed(
            "the key was used before, and the run could not be followed to what it says to the safety lane: "
            "whether that is stored is not known. Look at screens and alerts, and say it outside of a run",
            where="run.key",
        )
    return attrs.evolve(done, result=result) if said.spoken and not failed else done


_PLAIN = "run and arun take a plain function of the session; an async one is never awaited"


def _given(result: T) -> T:
    """What the function gave. An awaitable would never run, and the block would end as if its
    work were done."""
    if inspect.isawaitable(result):
        if inspect.iscoroutine(result):
            result.close()
        raise Malformed(_PLAIN, where="run.fn")
    return result


def _name(actor: Actor, key: str | None) -> str:
    if key is None:
        return ""
    given: object = key  # whatever a caller passed on
    try:
        if isinstance(given, str) and given.encode():  # hashed, as links are: a mark is never erased
            return "key:" + hashlib.sha256(json.dumps([actor.person, given]).encode()).hexdigest()
    except UnicodeEncodeError:
        pass
    raise Malformed("a key is a text", where="run.key")


def _done(kit: Kit, name: str, key: str | None) -> Receipt | None:
    """The receipt of the run that used the key first; None if nobody did."""
    if key is None or (held := kit.storage.marks(name).get(name)) is None:
        return None
    records = tuple((kind, record, version) for kind, record, version in json.loads(held))
    written = [
        stored.envelope
        for kind, record, version in records
        for stored in kit.storage.history(kind, record)
        if stored.envelope.version == version
    ]
    positions = [envelope.position for envelope in written] or [kit.storage.position()]
    at = written[-1].at if written else None
    return Receipt(
        min(positions), max(positions), at, "", records, key=key, replayed=True, warnings=kit.warnings()
    )

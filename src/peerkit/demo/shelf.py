# SPDX-License-Identifier: Apache-2.0
"""The small directory that ships with the demo, in peerkit's own form: the fields of `Service`."""

from __future__ import annotations

import importlib.resources
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from peerkit.errors import NotFound

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.model.actor import Actor
    from peerkit.model.directory import Service

SOURCE = "peerkit-demo"


def entries() -> list[dict[str, Any]]:
    """The entries, each as the fields of a `Service`."""
    text = (importlib.resources.files("peerkit.demo") / "directory.json").read_text(encoding="utf-8")
    held = json.loads(text)
    assured = datetime.fromisoformat(held["assured"]).replace(tzinfo=UTC)
    made = []
    for raw in held["services"]:
        entry = {"source": SOURCE, "source_key": raw["key"], "assured_at": assured, **raw}
        del entry["key"]
        made.append(entry)
    return made


def load(kit: Kit, actor: Actor) -> int:
    """List every entry, in one commit; how many there are."""
    from peerkit import Service

    made = entries()
    with kit.session(actor) as s:
        for entry in made:
            s.save(Service.list(entry=entry))
    return len(made)


def find(kit: Kit, actor: Actor, *wanted: str) -> Service:
    """The first service found by these words, tried in turn; else any. NotFound in an empty directory."""
    from peerkit import Service

    with kit.session(actor) as s:
        for words in wanted:
            found = s.search(Service, words, limit=1, state="listed")
            if found:
                return found[0]
        rest = s.find(Service, limit=1, state="listed")
    if not rest:
        raise NotFound("the directory is empty: there is nobody to refer to")
    return rest[0]

# SPDX-License-Identifier: Apache-2.0
"""A rule of peerkit's own that fails is no plugin's little mishap: refused, unless it is a fact."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Refused, Relationship, Task
from peerkit.rules import responses

CANARY = "CANARY of the rule"


def broken(proposal: Any) -> Any:
    raise LookupError(CANARY)
    yield


def test_what_a_broken_rule_would_have_added_to_is_refused(world: Any, monkeypatch: Any) -> None:
    kai = world.supporter("kai")
    proposed = world.proposed(world.maya, kai)
    monkeypatch.setattr(responses, "ALL", (*responses.ALL, broken))
    with pytest.raises(Refused) as caught:
        world.save(world.get(proposed).agree(), actor=world.maya)
    assert "rule-failed" in caught.value.codes
    assert CANARY not in str(caught.value)
    assert world.get(proposed).person_agreed is False


def test_a_fact_is_committed_and_a_task_says_that_a_rule_failed(world: Any, monkeypatch: Any) -> None:
    agreed = world.match(world.maya, world.supporter("kai"))
    monkeypatch.setattr(responses, "ALL", (*responses.ALL, broken))
    world.save(agreed.end(), actor=world.maya)
    assert world.every(Relationship, state="ended")
    (told,) = world.every(Task, what="plugin-failed")
    assert CANARY not in told.note

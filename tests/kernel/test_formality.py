# SPDX-License-Identifier: Apache-2.0
"""How formal a relationship is follows from what is there, with its reasons (OPDI, *Peer Support*)."""

from __future__ import annotations

from typing import Any

import attrs

import peerkit
from peerkit import PeerSupporter


def test_it_is_formal_when_all_four_of_opdis_criteria_are_there(world: Any) -> None:
    kai = world.supporter("kai")
    role = world.every(PeerSupporter)[0]
    agreed = world.match(world.maya, kai)
    assert peerkit.formality(agreed, role, trained=True).missing == ("expressed_wishes",)
    worded = world.save(agreed.reword(helps="silence"), actor=world.maya)
    assert peerkit.formality(worded, role, trained=True) == peerkit.formality(worded, role, trained=True)
    assert peerkit.formality(worded, role, trained=True).level == "formal"
    assert peerkit.formality(worded, role).level == "between"
    assert peerkit.formality(worded, None, trained=True).level == "between"
    informal = peerkit.formality(worded, None)
    assert (informal.level, informal.met) == ("informal", ("expressed_wishes",))
    ended = attrs.evolve(role, state="ended")
    assert "designated_role" in peerkit.formality(worded, ended, trained=True).missing

# SPDX-License-Identifier: Apache-2.0
"""Which words of the crisis policy an agreement was made on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from peerkit.model.acts import replay
from peerkit.model.base import Record
from peerkit.model.relationship import Relationship

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

R = TypeVar("R", bound=Record)


def with_policy(kit: Kit, record: R) -> R:
    """The record; where a person says yes to an agreement and nobody said which version of the policy they
    were shown, with that of the program's present words."""
    trail = record.trail
    if not isinstance(record, Relationship) or trail is None:
        return record
    open_ = [one.name == "agree" and not one.args.get("policy") for one in trail.acts]
    if not any(open_) or not (version := kit.program.policy_version):
        return record
    acts = [
        attrs.evolve(one, args={**one.args, "policy": version}) if fill else one
        for one, fill in zip(trail.acts, open_, strict=True)
    ]
    return cast("R", replay(acts, trail.before or type(record)))

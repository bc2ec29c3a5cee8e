# SPDX-License-Identifier: Apache-2.0
"""Where a duty stands on the day on which somebody thinks of it, kept with what they write down."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from peerkit.errors import Malformed
from peerkit.model.acts import replay
from peerkit.model.base import Record
from peerkit.model.duty_report import DutyReport
from peerkit.safety.next_steps import in_force

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

R = TypeVar("R", bound=Record)


def with_duty(kit: Kit, record: R) -> R:
    """The record; a duty report that begins, with the region, source and date of its duty as they stand in
    the program now, whatever was given for them. Malformed if the program has no duty of that code."""
    trail = record.trail
    if not isinstance(record, DutyReport) or record.version or trail is None:
        return record
    program = kit.program
    duty = next((one for one in in_force(program)[1] if one.code == record.duty), None)
    if duty is None:
        told = "the program and its region have no duty of that code: s.duties() has those there are"
        raise Malformed(told, where="duty_report.duty")
    stands = {"region": program.region, "source": duty.source, "as_of": duty.as_of}
    acts = [
        attrs.evolve(one, args={**one.args, **stands}) if one.name == "consider" else one
        for one in trail.acts
    ]
    return cast("R", replay(acts, type(record)))

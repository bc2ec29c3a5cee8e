# SPDX-License-Identifier: Apache-2.0
"""The clock of one machine: the true time, which a `TimeMachine` keeps, and how wrong this machine has it."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from peerkit.testing import TimeMachine


@attrs.define(eq=False)
class Wrist:
    """A machine's clock. `off` is by how much it is ahead (behind, if negative); faults set it."""

    true: TimeMachine
    machine: str
    """Which machine's it is."""
    off: timedelta = timedelta(0)

    def now(self) -> datetime:
        """What this machine takes for the present instant."""
        return self.true.now() + self.off

# SPDX-License-Identifier: Apache-2.0
"""What `health` finds wrong."""

from __future__ import annotations

import attrs


@attrs.frozen
class Problem:
    """One thing that is wrong: a code to test for, a sentence to show, and whether an alarm may be lost or
    late because of it (`grave`)."""

    code: str
    sentence: str
    grave: bool = True

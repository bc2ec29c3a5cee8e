# SPDX-License-Identifier: Apache-2.0
"""Instruments that tests speak of already and that are not here yet. Empty this, and nothing is skipped."""

from __future__ import annotations

import pytest

from peerkit.instruments import Instrument, installed, load

COMING = {"phq-9", "phq-2", "gad-7", "k6", "k10", "k10-0-4", "poverty"}


def here(id_: str) -> Instrument:
    """The instrument; the test is skipped where it is one of those that are still to come."""
    if id_ in COMING - set(installed()):
        pytest.skip("not here yet")
    return load(id_)

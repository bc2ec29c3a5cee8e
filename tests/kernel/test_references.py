# SPDX-License-Identifier: Apache-2.0
"""References stand in notices and are typed on a command line."""

from __future__ import annotations

from peerkit.model.ids import reference


def test_a_reference_can_be_typed_and_read_out() -> None:
    found = [reference() for _ in range(500)]
    assert len(set(found)) == len(found)
    assert all(len(one) == 16 and set(one) <= set("0123456789abcdef") for one in found)

# SPDX-License-Identifier: Apache-2.0
"""French is whole: whatever the module says to people, it says in French."""

from __future__ import annotations

import peerkit_diabetes
from peerkit_diabetes.words import _

from peerkit.testing import untranslated


def test_french_is_whole() -> None:
    assert untranslated(_, peerkit_diabetes, "fr") == ()

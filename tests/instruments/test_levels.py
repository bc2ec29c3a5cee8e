# SPDX-License-Identifier: Apache-2.0
"""Levels are ordered by urgency, never by alphabet."""

from __future__ import annotations

import itertools
import json
import operator
import pickle

import pytest

from peerkit.levels import Level, worst

ORDER = [Level.NONE, Level.TALK, Level.TODAY, Level.NOW]


def test_every_pair_is_ordered_by_urgency() -> None:
    for (i, a), (j, b) in itertools.product(enumerate(ORDER), repeat=2):
        for test in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne):
            assert test(a, b) is test(i, j)
            assert test(a, str(b)) is test(i, j)
            assert test(str(a), b) is test(i, j)
    assert sorted(["now", "none", *ORDER[1:3]], key=Level) == ORDER


@pytest.mark.parametrize("other", ["urgent", "", "NOW", 3, None])
def test_comparing_with_anything_else_is_an_error_not_an_alphabet(other: object) -> None:
    for test in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            test(Level.NOW, other)
        with pytest.raises(TypeError):
            test(other, Level.NOW)


def test_worst_is_the_most_urgent() -> None:
    assert worst() is Level.NONE
    assert worst(Level.NOW, Level.TODAY) is Level.NOW
    assert worst(Level.NONE, Level.TALK, Level.TODAY) is Level.TODAY


def test_a_level_is_its_text_and_survives_storage() -> None:
    for level in Level:
        assert level == str(level)
        assert json.loads(json.dumps(level)) == level
        assert pickle.loads(pickle.dumps(level)) is level
        assert {level: 1}[str(level)] == 1

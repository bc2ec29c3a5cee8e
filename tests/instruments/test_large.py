# SPDX-License-Identifier: Apache-2.0
"""Definitions as large as anybody's. Nothing is timed: what grows with the square does not come to an end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from peerkit.errors import Malformed
from peerkit.instruments import parse

Text = Callable[..., str]


def test_ten_thousand_items(text: Text) -> None:
    """As large as anybody's: a chain of branching through every item, a sum and a rule over all."""
    n = 10_000
    head = text("five-numbers").partition("[[items]]")[0]
    ids = ", ".join(f'"q{i}"' for i in range(1, n + 1))
    parts = [head]
    parts += [f'[[items]]\nid = "q{i}"\nanswers = "time"\n' for i in range(1, n + 1)]
    parts += [
        f'[[branching]]\nitem = "q{i + 1}"\nwhen = {{ item = "q{i}", op = ">", value = 0 }}\n'
        for i in range(1, n)
    ]
    parts.append(f'[scoring]\nmethod = "sum"\nitems = [{ids}]\nmissing = "strict"\n')
    parts.append(
        f'[[triage]]\nid = "any"\nlevel = "now"\nwhen = {{ any_of = [{ids}], op = "=", value = 5 }}\n'
    )
    huge = parse("\n".join(parts))
    answers: dict[str, object] = {f"q{i}": 1 for i in range(1, n + 1)}
    assert huge.score(answers).score == n
    assert huge.judge({**answers, "q5000": 0}).inconsistent == tuple(f"q{i}" for i in range(5001, n + 1))
    assert huge.judge({**answers, f"q{n}": 5}).level == "now"
    assert len(huge.judge(dict.fromkeys(answers, "?")).unreadable) == n
    with pytest.raises(Malformed, match="did you mean q"):
        huge.score({"q100000": 1})


def test_ten_thousand_rules_bands_and_answers_to_choose(text: Text) -> None:
    """Each was once compared with all before it."""
    n = 10_000
    head = text("five-numbers").partition("[[items]]")[0]
    number = 'kind = "whole-number"\nlow = 0\nhigh = 5'
    options = ", ".join(f"{{ value = {i} }}" for i in range(n))
    assert number in head
    parts = [head.replace(number, f'kind = "choice"\noptions = [{options}]')]
    parts.append('[[items]]\nid = "q1"\nanswers = "time"')
    parts.append('[scoring]\nmethod = "sum"\nitems = ["q1"]\nmissing = "strict"')
    parts += [f'[[bands]]\nmin = {i}\nmax = {i}\ncode = "b{i}"' for i in range(n)]
    parts += [
        f'[[triage]]\nid = "r{i}"\nlevel = "talk"\nwhen = {{ item = "q1", op = "=", value = {i} }}'
        for i in range(n)
    ]
    huge = parse("\n".join(parts))
    result = huge.score({"q1": n - 1})
    assert (result.score, result.band, result.alerts) == (n - 1, f"b{n - 1}", (f"r{n - 1}",))

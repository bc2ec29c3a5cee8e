# SPDX-License-Identifier: Apache-2.0
"""The thirty judged queries hold together: their answers are there, and say what they are judged to say.

How well they are found is measured where the search is, in the core.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from peerkit_hsds import read

QUERIES = tomllib.loads(Path(__file__).with_name("queries.toml").read_text(encoding="utf-8"))["query"]


def test_there_are_thirty_and_each_is_answered() -> None:
    assert len(QUERIES) == 30
    assert len({query["typed"] for query in QUERIES}) == 30
    for query in QUERIES:
        assert query["wants"]
        assert query["keys"]
        assert len(set(query["keys"])) == len(query["keys"])


@pytest.mark.data
def test_every_answer_is_an_entry_of_the_directory(real: Callable[[str], Path]) -> None:
    with read(real("baltimore")) as directory:
        keys = {listing.key for listing in directory}
    for query in QUERIES:
        assert {f"service:{key}" for key in query["keys"]} <= keys, query["typed"]

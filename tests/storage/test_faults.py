# SPDX-License-Identifier: Apache-2.0
"""The clauses catch storages that are broken on purpose, and name what is wrong with them."""

from __future__ import annotations

import pytest

from peerkit.storage.memory import MemoryStorage
from peerkit.testing.contract import MANDATORY, Contract, clause
from peerkit.testing.faults import FAULTS
from peerkit.testing.storage import Backend, StorageConformance


def failing(storage: type[MemoryStorage], *, only: frozenset[str] | None = None) -> set[str]:
    """The clauses that fail on a storage."""
    suite = StorageConformance()
    found: set[str] = set()
    for name in dir(suite):
        made = getattr(getattr(suite, name), "__clause__", None)
        if made is None or (only is not None and made.number not in only):
            continue
        try:
            getattr(suite, name)(Backend(lambda _: storage()))
        except pytest.skip.Exception:
            continue
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001
            found.add(error.__notes__[-1][:7])
    return found


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_broken_storage_fails_its_clauses(fault: type[MemoryStorage]) -> None:
    assert failing(fault, only=FAULTS[fault]) == FAULTS[fault]


def test_a_sound_storage_fails_none() -> None:
    assert failing(MemoryStorage) == set()


def test_every_mandatory_group_has_a_fault_that_it_catches() -> None:
    groups = {made.number: made.group for made in StorageConformance.clauses()}
    assert {groups[number] for caught in FAULTS.values() for number in caught} >= MANDATORY


def test_a_clause_cannot_be_overridden() -> None:
    with pytest.raises(TypeError, match="STO-001"):

        class Quiet(StorageConformance):
            def test_sto_001_a_commit_is_there_at_once(self, backend: Backend) -> None:
                pass


def test_a_mandatory_clause_cannot_be_a_known_failure() -> None:
    with pytest.raises(TypeError, match="mandatory"):

        class Excused(StorageConformance):
            known_failures = {"STO-020": "too hard"}  # noqa: RUF012


def test_an_unknown_clause_cannot_be_a_known_failure() -> None:
    with pytest.raises(TypeError, match="STO-999"):

        class Excused(StorageConformance):
            known_failures = {"STO-999": "never heard of it"}  # noqa: RUF012


def test_a_known_failure_is_a_strict_xfail_of_that_subclass_alone() -> None:
    class Excused(StorageConformance):
        known_failures = {"STO-080": "no full-text search yet"}  # noqa: RUF012

    [mark] = Excused.test_sto_080_words.pytestmark  # type: ignore[attr-defined]
    assert (mark.name, mark.kwargs["strict"]) == ("xfail", True)
    assert "no full-text search yet" in mark.kwargs["reason"]
    assert not hasattr(StorageConformance.test_sto_080_words, "pytestmark")


def test_a_capability_switches_off_no_mandatory_clause() -> None:
    with pytest.raises(TypeError, match="mandatory"):
        clause("STO-998", "never", group="erase", requires="durable")
    assert not [made for made in StorageConformance.clauses() if made.mandatory and made.requires]


def test_the_name_of_a_test_starts_with_its_clause() -> None:
    with pytest.raises(TypeError, match="STO-998"):

        class Misnamed(Contract):
            @clause("STO-998", "never", group="life")
            def test_something_else(self, backend: Backend) -> None:
                pass

# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of search: words find, typing errors are forgiven, order and pages hold."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from peerkit.ports import Condition, Query, Storage
from peerkit.testing.contract import Contract, clause
from peerkit.testing.storage.finding import ids
from peerkit.testing.storage.parts import Backend, put

DIRECTORY = {
    "bread": "Daily Bread Food Bank\nfood groceries for families",
    "shelter": "Harbour Shelter\nemergency beds for women and children",
    "legal": "Legal Aid Clinic\nhelp with tenancy, housing and benefits",
    "cafe": "Café Élan\nfree meals and conversation in French",
    "counsel": "Riverside Counselling\ngrief counselling and peer support groups",
    "hindi": "हिन्दी सहायता केंद्र\nपरिवारों के लिए मदद",
    "inuktitut": "ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ\nwords and songs",
    "transit": "Accessible Transportation\nrides to medical appointments",
}


def directory(store: Storage) -> Storage:
    """A small directory of services."""
    for one, text in DIRECTORY.items():
        put(store, one, kind="service", text=text, idx={"free": one != "transit"})
    put(store, "note", kind="note", idx={})
    return store


class SearchClauses(Contract):
    """STO-080 to STO-089."""

    @clause(
        "STO-080",
        "a record is found by words of its text, in any case, with or without accents",
        group="search",
    )
    def test_sto_080_words(self, backend: Backend) -> None:
        store = directory(backend.open())
        for words, expected in (
            ("bread", "bread"),
            ("FOOD bank", "bread"),
            ("cafe elan", "cafe"),
            ("Café", "cafe"),
            ("women, children!", "shelter"),
            ("tenancy", "legal"),
            ("हिन्दी मदद", "hindi"),
            ("ᐃᓄᒃᑎᑐᑦ", "inuktitut"),
        ):
            assert ids(store.search(words, Query("service")).rows)[:1] == [expected], words

    @clause("STO-081", "typing errors, beginnings and forgotten blanks are forgiven", group="search")
    def test_sto_081_typing_errors(self, backend: Backend) -> None:
        store = directory(backend.open())
        for words, expected in (
            ("bred", "bread"),
            ("shetler", "shelter"),
            ("leagl aid", "legal"),
            ("councelling", "counsel"),
            ("counseling", "counsel"),
            ("tranportation", "transit"),
            ("tranpsort", "transit"),
            ("foodbank", "bread"),
            ("hosing", "legal"),
        ):
            assert ids(store.search(words, Query("service")).rows)[:1] == [expected], words

    @clause("STO-082", "what answers more of the words stands before what answers fewer", group="search")
    def test_sto_082_better_first(self, backend: Backend) -> None:
        store = backend.open()
        put(store, "one", kind="service", text="Garden tools\nlending library")
        put(store, "both", kind="service", text="Community garden\nplots and lunch")
        put(store, "none", kind="service", text="Swimming")
        found = ids(store.search("community garden", Query("service")).rows)
        assert found[0] == "both"
        assert "none" not in found

    @clause(
        "STO-083", "search knows the newest text only, and forgets one that was taken away", group="search"
    )
    def test_sto_083_newest_text(self, backend: Backend) -> None:
        store = directory(backend.open())
        put(store, "bread", kind="service", text="Daily Soup Kitchen")
        assert ids(store.search("soup", Query("service")).rows) == ["bread"]
        assert ids(store.search("groceries", Query("service")).rows) == []
        put(store, "bread", kind="service", text="")
        assert ids(store.search("soup", Query("service")).rows) == []

    @clause("STO-084", "conditions narrow a search, and its pages put together are the whole", group="search")
    def test_sto_084_conditions_and_pages(self, backend: Backend) -> None:
        store = directory(backend.open())
        free = (Condition("free", "==", value=True),)
        assert ids(store.search("transportation", Query("service", free)).rows) == []
        assert ids(store.search("note", Query("note")).rows) == []
        whole = ids(store.search("help support and meals for", Query("service")).rows)
        assert len(whole) > 2
        for limit in (1, 2):
            after, found = None, []
            while True:
                page = store.search("help support and meals for", Query("service", limit=limit, after=after))
                found += ids(page.rows)
                if (after := page.after) is None:
                    break
            assert found == whole

    @clause("STO-085", "anything may be typed", group="search")
    def test_sto_085_anything_may_be_typed(self, backend: Backend) -> None:
        store = directory(backend.open())

        @settings(deadline=None)
        @given(st.text(max_size=60))
        def typed(words: str) -> None:
            assert len(store.search(words, Query("service")).rows) <= len(DIRECTORY)

        typed()
        for words in (
            "",
            '"',
            'a" OR "b',
            "NEAR(a b)",
            "text:bread*",
            "-bread",
            "\0",
            "\ud800",
            "x" * 10_000,
            "a " * 500,
        ):
            assert len(store.search(words, Query("service")).rows) <= len(DIRECTORY)

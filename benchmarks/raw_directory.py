# SPDX-License-Identifier: Apache-2.0
"""The floor of an import: one directory's CSV files, in its one dialect, read and written by hand.

It knows beforehand which columns there are and how the files hang together, finds no categories in words,
mends nothing, reports nothing and asks nobody. It makes the documents, the texts for search and their words,
and writes the rows of every table that peerkit writes, 250 entries in a transaction, with `executemany`.
"""

from __future__ import annotations

import csv
import json
import re
import secrets
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import peerkit
from benchmarks.raw import connect

BATCH = 250
NAMED = """
id organization_id location_id service_id taxonomy_id taxonomy_ids name alternate_name description keywords
languages email website eligibility fees application_process required_documents transportation accessibility
latitude longitude address_1 city state_province postal_code country number extension number_type department
"""
COLUMNS = frozenset(NAMED.split())
"""The columns that are read here; a city's export has all of them."""
_WORD = re.compile(r"[^\W_]+")
_CHANGE = """
INSERT INTO change (position, id, kind, version, erased, envelope, salt, body, args, seal, link)
VALUES (?, ?, 'service', 1, 0, ?, ?, ?, ?, ?, ?)
"""
_RECORD = """
INSERT INTO record (key, id, kind, version, position, doc, subjects, idx, proof)
VALUES (?, ?, 'service', 1, ?, 1, '[]', ?, ?)
"""
_WORDS = """
INSERT INTO word VALUES (?, ?) ON CONFLICT (word) DO UPDATE SET records = records + excluded.records
"""
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
Row = Mapping[str, str]


class Import:
    """Writes a directory's entries to a copy of a program's file."""

    def __init__(self, file: Path, actor: str) -> None:
        self.db = connect(file)
        self.actor = actor
        self.position = int(self.db.execute("SELECT max(position) FROM change").fetchone()[0])
        self.key = int(self.db.execute("SELECT max(key) FROM record").fetchone()[0])
        self._count = secrets.randbits(32)

    def all(self, folder: Path) -> None:
        """Every service of the folder."""
        entries = read(folder)
        while batch := list(islice(entries, BATCH)):
            self._write(batch)

    def _write(self, batch: list[dict[str, Any]]) -> None:
        changes, records, texts = [], [], []
        held: Counter[str] = Counter()
        at = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())
        for entry in batch:
            self.position += 1
            self.key += 1
            self._count += 1
            record_id = f"ffffffff-ffff-7fff-bfff-{self._count:012x}"
            envelope = {
                "acts": [["list", self.actor, "account", 4]],
                "actor": self.actor,
                "at": at,
                "doc": 1,
                "id": record_id,
                "kind": "service",
                "module": "peerkit",
                "module_version": peerkit.__version__,
                "position": self.position,
                "role": "",
                "subjects": [],
                "version": 1,
                "via": "host",
            }
            args = [[{"entry": entry}, [record_id]]]
            document = {**entry, "state": "listed"}
            idx = {name: value for name, value in document.items() if name not in {"places", "phones"}}
            changes.append(
                (
                    self.position,
                    record_id,
                    _encode(envelope),
                    secrets.token_bytes(32),
                    _encode(document).encode(),
                    _encode(args).encode(),
                    secrets.token_hex(32),
                    secrets.token_hex(32),
                )
            )
            records.append((self.key, record_id, self.position, _encode(idx), secrets.token_hex(16)))
            text = text_of(entry)
            texts.append((self.key, entry["name"], text, tags_of(idx)))
            held.update(set(_WORD.findall(text.lower())))
        self._store(changes, records, texts, held)

    def _store(self, changes: list[Any], records: list[Any], texts: list[Any], held: Counter[str]) -> None:
        db = self.db
        db.execute("BEGIN IMMEDIATE")
        db.executemany(_CHANGE, changes)
        db.executemany(_RECORD, records)
        db.executemany("INSERT INTO search (key, name, text, tags) VALUES (?, ?, ?, ?)", texts)
        db.executemany("INSERT INTO search_fts (rowid, name, text, tags) VALUES (?, ?, ?, ?)", texts)
        known = {
            word
            for (word,) in db.execute(
                "SELECT word FROM word WHERE word IN (SELECT value FROM json_each(?))",
                (json.dumps(list(held)),),
            )
        }
        db.executemany(_WORDS, held.items())
        grams = [(gram, word) for word in held if word not in known for gram in grams_of(word)]
        db.executemany("INSERT INTO gram (gram, word) VALUES (?, ?)", grams)
        db.execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self.db.close()


def grams_of(word: str) -> set[str]:
    """The runs of three letters of a word, its ends marked."""
    marked = f"  {word} "
    return {marked[i : i + 3] for i in range(len(marked) - 2)}


def tags_of(idx: Mapping[str, Any]) -> str:
    """The texts of lists as words of their own, by which a search is narrowed."""
    held = [(name, one) for name, listed in idx.items() if isinstance(listed, list) for one in listed]
    return " ".join(
        f"t{zlib.crc32(f'{name} {one}'.encode()):08x}" for name, one in held if isinstance(one, str)
    )


def text_of(entry: Mapping[str, Any]) -> str:
    """What an entry is found by."""
    parts = [
        entry["name"],
        entry["organization"],
        entry["alternate_name"],
        *entry["needs"],
        *entry["keywords"],
    ]
    return "\n".join(filter(None, [*parts, entry["description"], entry["eligibility"], *entry["cities"]]))


def rows(folder: Path, name: str) -> Iterator[Row]:
    """The rows of a file; none if it is missing."""
    path = folder / f"{name}.csv"
    if path.exists():
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = dict.fromkeys(COLUMNS.difference(reader.fieldnames or ()), "")
            yield from ({**missing, **row} for row in reader) if missing else reader


def by(folder: Path, name: str, column: str) -> dict[str, list[Row]]:
    """The rows of a file by what stands in a column."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows(folder, name):
        if row[column]:
            found[row[column]].append(row)
    return found


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """The services of an Ohana directory, joined with what belongs to them."""
    organizations = {row["id"]: row for row in rows(folder, "organizations")}
    locations = {row["id"]: row for row in rows(folder, "locations")}
    addresses = by(folder, "addresses", "location_id")
    phones = by(folder, "phones", "service_id")
    others = by(folder, "phones", "location_id")
    terms = {row["taxonomy_id"]: row["name"] for row in rows(folder, "taxonomy")}
    for row in rows(folder, "services"):
        location = locations.get(row["location_id"], {})
        organization = organizations.get(location.get("organization_id", ""), {})
        there = addresses.get(row["location_id"], [])
        numbers = [*phones.get(row["id"], []), *others.get(row["location_id"], [])]
        yield entry_of(row, location, organization, there=there, numbers=numbers, terms=terms)


def entry_of(
    row: Row,
    location: Row,
    organization: Row,
    *,
    there: list[Row],
    numbers: list[Row],
    terms: Mapping[str, str],
) -> dict[str, Any]:
    """The fields of a service."""
    places = [
        {
            "name": location.get("name", ""),
            "address": one["address_1"],
            "city": one["city"],
            "region": one["state_province"],
            "postal_code": one["postal_code"],
            "country": one.get("country", ""),
            "transport": location.get("transportation", ""),
            "access": location.get("accessibility", ""),
            "latitude": float(location["latitude"]) if location.get("latitude") else None,
            "longitude": float(location["longitude"]) if location.get("longitude") else None,
        }
        for one in there
    ]
    said = [
        {
            "number": one["number"],
            "extension": one["extension"],
            "sort": one["number_type"],
            "words": one["department"],
        }
        for one in numbers
    ]
    more = {"organization": organization.get("description", ""), "languages": row["languages"]}
    needs = [terms[code] for code in (row.get("taxonomy_ids") or "").split(",") if code in terms]
    return {
        "name": row["name"],
        "organization": organization.get("name", ""),
        "alternate_name": row["alternate_name"],
        "description": row["description"],
        "needs": needs,
        "keywords": [word for word in row["keywords"].split(",") if word],
        "languages": [word for word in re.split(r"[,; ]+", row["languages"]) if word],
        "cities": [
            word for one in there for word in (one["city"], one["postal_code"], one["state_province"])
        ],
        "areas": [],
        "places": places,
        "phones": said,
        "email": row["email"],
        "website": row["website"],
        "eligibility": row["eligibility"],
        "fees": row["fees"],
        "how": row["application_process"],
        "documents": row["required_documents"],
        "hours": [],
        "capacity": "",
        "alert": "",
        "sort": "service",
        "source": "by hand",
        "source_key": f"service:{row['id']}",
        "digest": secrets.token_hex(33),
        "assured_at": None,
        "more": [[name, text] for name, text in more.items() if text],
    }

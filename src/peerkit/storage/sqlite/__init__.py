# SPDX-License-Identifier: Apache-2.0
"""The SQLite storage: one file, readable with any SQLite tool, without opening anybody's story.

`change` is the feed and the truth: envelopes in the open, bodies as binary. `record` points at each
record's newest version and holds its index projection; a view per kind (`tasks`, `people`, …) shows
that projection in columns. The modules: `url` what may stand in the URL, `files` connections,
`schema` the tables, `kinds` views and indexes, `conditions` queries as SQL, `writing`, `reading`,
`finding`, `searching`, `erasing`, `proving`, `moving` the port's methods, `store` the storage itself.
"""

from peerkit.storage.sqlite.store import SqliteStorage, open_sqlite

__all__ = ["SqliteStorage", "open_sqlite"]

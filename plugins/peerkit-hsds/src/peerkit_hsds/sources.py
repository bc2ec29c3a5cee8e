# SPDX-License-Identifier: Apache-2.0
"""The files of a directory, wherever they are: a folder, a zip archive, one file.

Nothing is unpacked and no link out of the folder is followed. Names are those under the folder or in the
archive, so that a report means the same on another machine.
"""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal

from attrs import frozen

from peerkit.errors import Malformed
from peerkit_hsds.text import Lines

Format = Literal["csv", "json", "jsonl"]
_FORMATS: Mapping[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_DESCRIPTION_LIMIT = 16 * 1024 * 1024


@frozen
class Source:
    """One file that may hold rows: its name, its size in bytes, and how to open it."""

    name: str
    size: int
    format: Format
    open: Callable[[], IO[bytes]]

    @contextmanager
    def lines(self) -> Iterator[Lines]:
        """The file, decoded, closed at the end."""
        with self.open() as binary:
            yield Lines.of(binary)


@frozen
class Found:
    """What a path holds: files with rows, descriptions of data packages, and files left out."""

    name: str
    files: tuple[Source, ...]
    descriptions: tuple[Source, ...]
    skipped: tuple[tuple[str, str], ...]


def find(path: str | os.PathLike[str]) -> Found:
    """The files of the directory at this path.

    Raises Malformed where nothing is there, it cannot be read, or holds no file of a kind that holds
    directories.
    """
    place = Path(path)
    try:
        if place.is_dir():
            every = list(_folder(place))
        elif not place.is_file():
            raise Malformed(
                "No file or folder is there; give the folder, file or zip archive of a directory",
                where=str(path),
            )
        elif place.suffix.lower() == ".zip" or zipfile.is_zipfile(place):
            every = list(_archive(place))
        else:
            every = [(place.name, place.stat().st_size, lambda: place.open("rb"))]
    except zipfile.BadZipFile:
        raise Malformed("The archive is damaged; fetch it again", where=str(path)) from None
    except OSError as error:
        raise Malformed(
            f"It cannot be read: {error.strerror or 'input/output error'}", where=str(path)
        ) from None
    alone = len(every) == 1 and not place.is_dir()
    files: list[Source] = []
    descriptions: list[Source] = []
    skipped: list[tuple[str, str]] = []
    for name, size, opener in sorted(every, key=lambda f: f[0]):
        kind = _FORMATS.get(Path(name).suffix.lower()) or (_sniff(opener) if alone else None)
        if kind is None:
            skipped.append((name, "not a CSV or JSON file"))
        elif Path(name).name.lower() in ("datapackage.json", "tabular-datapackage.json"):
            descriptions.append(Source(name, size, kind, opener))
        else:
            files.append(Source(name, size, kind, opener))
    if not files:
        raise Malformed("It holds no CSV or JSON file, so no directory", where=str(path))
    return Found(
        place.resolve().stem if place.is_file() else place.resolve().name,
        tuple(files),
        tuple(descriptions),
        tuple(skipped),
    )


def _folder(root: Path) -> Iterator[tuple[str, int, Callable[[], IO[bytes]]]]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if not _hidden(f))
        for name in names:
            file = Path(folder) / name
            status = file.lstat()
            if not _hidden(name) and stat.S_ISREG(status.st_mode):  # no pipe, device or link is opened
                yield _shown(file.relative_to(root).as_posix()), status.st_size, _opener(file)


def _shown(name: str) -> str:
    """A file's name as text that can be stored: file systems allow bytes that are none."""
    return name.encode("utf-8", "replace").decode()


def _opener(file: Path) -> Callable[[], IO[bytes]]:
    return lambda: file.open("rb")


def _archive(path: Path) -> Iterator[tuple[str, int, Callable[[], IO[bytes]]]]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.is_dir() or any(_hidden(part) for part in member.filename.split("/")):
                continue
            if member.flag_bits & 1:
                raise Malformed("The archive is locked with a password; unlock it first", where=str(path))
            yield member.filename, member.file_size, _member(path, member)


def _member(path: Path, member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    def opener() -> IO[bytes]:
        with zipfile.ZipFile(path) as archive:  # the member keeps the file open, the archive need not be
            return archive.open(member)

    return opener


def _hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _sniff(opener: Callable[[], IO[bytes]]) -> Format:
    with opener() as binary:
        start = binary.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    return "json" if start[:1] in (b"{", b"[") else "csv"


def resources(description: Source) -> Mapping[str, str] | None:
    """The files that a data package describes, each with the name of its table; None where it cannot be read.

    Paths are under the description's own folder, as the Frictionless standard has it.
    """
    try:
        with description.lines() as lines:
            said: Any = json.loads(lines.read(_DESCRIPTION_LIMIT))
    except (ValueError, RecursionError, OSError, zipfile.BadZipFile):
        return None
    listed = said.get("resources") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        return None
    folder = description.name.rpartition("/")[0]
    found: dict[str, str] = {}
    for resource in listed:
        path = resource.get("path") if isinstance(resource, dict) else None
        path = path[0] if isinstance(path, list) and path else path
        if isinstance(path, str):
            found[f"{folder}/{path}".lstrip("/")] = str(resource.get("name") or "")
    return found

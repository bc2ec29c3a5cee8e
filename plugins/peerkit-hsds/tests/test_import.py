# SPDX-License-Identifier: Apache-2.0
"""What an import does to a program: once, twice, with a newer edition, killed halfway, side by side."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from peerkit_hsds import Outcome, Progress, import_directory, importing, plugin

import peerkit
from peerkit import Actor, Malformed, Objection, Person, Refused, Service, hookimpl
from peerkit.hooks import Access, Proposal, Supply

Folder = Callable[..., Path]
Services = Callable[..., Any]
FILES = {
    "organizations.csv": "id,name,description\n7,Example church,Helps\n",
    "services.csv": "id,organization_id,name,description\n"
    "1,7,Food pantry,Tuesdays\n2,7,Shelter,Beds\n3,7,Choir,Sings\n",
}
NEXT = {
    **FILES,
    "services.csv": "id,organization_id,name,description\n"
    "4,7,Clinic,Free\n2,7,Shelter,Beds\n1,7,Food pantry,Wednesdays\n",
}


def many(number: int, *, named: str = "Entry") -> dict[str, str]:
    """A directory of so many services."""
    rows = "".join(f"{n},{named} {n},What it does {n}\n" for n in range(number))
    return {"services.csv": f"id,name,description\n{rows}"}


def numbers(outcome: Outcome) -> dict[str, int]:
    assert outcome.adds_up
    names = ("listed", "revised", "returned", "same", "gone", "missing")
    return {name: getattr(outcome, name) for name in names if getattr(outcome, name)}


@pytest.fixture
def load(kit: peerkit.Kit, coordinator: Person) -> Callable[..., Outcome]:
    return lambda path, **how: import_directory(kit, path, actor=coordinator, **how)


def test_importing_twice_changes_nothing(
    kit: peerkit.Kit, load: Callable[..., Outcome], folder: Folder
) -> None:
    path = folder(FILES)
    assert numbers(load(path)) == {"listed": 3}
    position = kit.storage.position()
    outcome = load(path)
    assert numbers(outcome) == {"same": 3}
    assert not outcome.changed
    assert kit.storage.position() == position


def test_an_edition_with_known_differences(
    kit: peerkit.Kit, load: Callable[..., Outcome], services: Services, folder: Folder
) -> None:
    load(folder(FILES))
    before = services(kit)
    assert numbers(load(folder(NEXT))) == {"listed": 1, "revised": 1, "same": 1, "gone": 1}
    held = services(kit)
    assert {key: one.state for key, one in held.items()} == {
        "service:1": "listed",
        "service:2": "listed",
        "service:3": "gone",
        "service:4": "listed",
    }
    assert held["service:1"].description == "Wednesdays"
    assert {key: held[key].id for key in before} == {key: one.id for key, one in before.items()}
    assert held["service:2"].version == 1
    with kit.session(actor=Actor.system("test")) as s:
        assert [one.description for one in s.history(Service, held["service:1"])] == [
            "Tuesdays",
            "Wednesdays",
        ]
        assert [one.source_key for one in s.search(Service, "choir", state="listed")] == []


def test_what_reappears_is_brought_back_as_the_same_entry(
    kit: peerkit.Kit, load: Callable[..., Outcome], services: Services, folder: Folder
) -> None:
    load(folder(FILES))
    choir = services(kit)["service:3"]
    load(folder(NEXT))
    assert numbers(load(folder(FILES))) == {"revised": 1, "returned": 1, "same": 1, "gone": 1}
    back = services(kit)["service:3"]
    assert (back.id, back.state, back.version) == (choir.id, "listed", 3)


def test_a_dry_run_tells_and_writes_nothing(
    kit: peerkit.Kit, load: Callable[..., Outcome], folder: Folder
) -> None:
    load(folder(FILES))
    position = kit.storage.position()
    outcome = load(folder(NEXT), dry=True)
    assert numbers(outcome) == {"listed": 1, "revised": 1, "same": 1, "gone": 1}
    assert outcome.dry
    assert kit.storage.position() == position


def test_what_was_not_read_whole_marks_nothing_as_gone(
    kit: peerkit.Kit, load: Callable[..., Outcome], services: Services, folder: Folder
) -> None:
    load(folder({"services.json": '[{"id": "1", "name": "Pantry"}, {"id": "2", "name": "Shelter"}]'}))
    outcome = load(folder({"services.json": '[{"id": "1", "name": "Pantry"}, {"id": "2", "na'}))
    assert not outcome.report.whole
    assert numbers(outcome) == {"same": 1, "missing": 1}
    assert services(kit)["service:2"].state == "listed"


def test_more_than_half_does_not_disappear_unasked(
    kit: peerkit.Kit, load: Callable[..., Outcome], services: Services, folder: Folder
) -> None:
    load(folder(many(30)))
    assert numbers(load(folder(many(14)))) == {"same": 14, "missing": 16}
    assert numbers(load(folder(many(14)), sure=True)) == {"same": 14, "gone": 16}
    assert len(services(kit, state="gone")) == 16


def test_another_directory_under_the_same_name_is_refused(
    kit: peerkit.Kit, load: Callable[..., Outcome], folder: Folder
) -> None:
    load(folder(many(30)))
    position = kit.storage.position()
    with pytest.raises(Malformed, match="--source"):
        load(folder(many(30, named="Bureau")))
    assert kit.storage.position() == position
    assert numbers(load(folder(many(30, named="Bureau")), source="other")) == {"listed": 30}
    assert numbers(load(folder(many(30, named="Office")), sure=True)) == {"revised": 30}


def test_an_edition_under_another_name_is_refused(
    kit: peerkit.Kit, load: Callable[..., Outcome], folder: Folder
) -> None:
    load(folder(many(30)), source="our-city")
    with pytest.raises(Malformed, match="our-city"):
        load(folder(many(31)), source="our-city-november")
    assert numbers(load(folder(many(31)), source="our-city")) == {"listed": 1, "same": 30}


def test_who_may_not_list_services_is_refused_and_nothing_is_written(
    kit: peerkit.Kit, coordinator: Person, services: Services, folder: Folder
) -> None:
    with kit.session(actor=coordinator) as s:
        maya = s.save(Person.enrol(name="Maya Example (fictional)"))
    with pytest.raises(Refused) as refused:
        import_directory(kit, folder(FILES), actor=maya)
    assert {one.code for one in refused.value.objections} == {"no-right"}
    assert services(kit) == {}


class Choosy:
    """A plugin that will not have choirs."""

    __name__ = "choosy"
    __version__ = "1"

    @hookimpl
    def peerkit_supply(self) -> list[Supply]:
        return [Access(reads={"service"})]

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterator[Objection]:
        for service, _ in proposal.of(Service):
            if service.name == "Choir":
                yield Objection("no-choirs", "no choirs here", "service", service.id)


def test_what_a_rule_refuses_is_told_with_its_line_and_the_rest_comes_in(
    tmp_path: Path, founding: Any, services: Services, folder: Folder
) -> None:
    url = f"sqlite:///{tmp_path / 'choosy.db'}"
    given = [plugin, Choosy()]
    with peerkit.open(url, settings=founding, plugins=given, discover=False) as kit:
        with kit.session(actor=Actor.system("test")) as s:
            coordinator = s.find(Person)[0]
        outcome = import_directory(kit, folder(FILES), actor=coordinator)
        assert numbers(outcome) == {"listed": 2}
        (turned,) = outcome.refused
        assert (turned.key, turned.codes, str(turned.origin)) == (
            "service:3",
            ("no-choirs",),
            "services.csv:4",
        )
        assert set(services(kit)) == {"service:1", "service:2"}


def test_an_entry_is_listed_once_whoever_lists_it(
    kit: peerkit.Kit, coordinator: Person, load: Callable[..., Outcome], folder: Folder
) -> None:
    load(folder(FILES), source="example")
    again = {"name": "Food pantry", "source": "example", "source_key": "service:1"}
    for entries in ([again], [{**again, "source_key": "service:9"}] * 2):
        with pytest.raises(Refused) as refused, kit.session(actor=coordinator) as s:
            for entry in entries:
                s.save(Service.list(entry=entry))
        assert {one.code for one in refused.value.objections} == {"listed-already"}
    with kit.session(actor=coordinator) as s:
        s.save(Service.list(entry={**again, "source": "by hand"}))


def test_progress_goes_on_to_the_end_of_many_commits(
    load: Callable[..., Outcome], folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 7)
    seen: list[Progress] = []
    assert numbers(load(folder(many(20)), progress=seen.append)) == {"listed": 20}
    assert {one.stage for one in seen} == {"reading", "listing"}
    assert (seen[-1].done, seen[-1].total) == (20, 20)


# -- stopped ---------------------------------------------------------------------------------------


def test_killed_in_the_middle_it_is_finished_by_running_it_again(
    program: Any, services: Services, folder: Folder
) -> None:
    """SIGKILL as soon as the first commit is seen from outside; the second run goes on from what is there."""
    path = folder(many(4000))
    file = program.url.removeprefix("sqlite:///")
    process = program.start("directory", "import", str(path), "--json")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        while process.poll() is None and not there(db):
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
        held = there(db)
    assert process.returncode == -signal.SIGKILL
    assert 0 < held < 4000
    told = program.load(path)["entries"]
    assert (told["same"], told["listed"]) == (held, 4000 - held)
    with program.open() as kit:
        assert len(services(kit)) == 4000
        with kit.session(actor=Actor.system("test")) as s:
            assert s.count(Service) == 4000
        assert kit.verify().intact


def there(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM record WHERE kind = 'service'").fetchone()[0])


def test_two_imports_at_once_list_every_entry_once(program: Any, folder: Folder) -> None:
    path = folder(many(1200))
    both = [program.start("directory", "import", str(path), "--json") for _ in range(2)]
    ended = [process.communicate() for process in both]
    assert {process.returncode for process in both} <= {0, 1}, ended
    assert program.load(path)["entries"]["same"] == 1200
    with program.open() as kit, kit.session(actor=Actor.system("test")) as s:
        assert s.count(Service) == 1200


# -- the command -----------------------------------------------------------------------------------


def test_the_account_for_people(program: Any, folder: Folder) -> None:
    files = {
        **FILES,
        "phones.csv": "id,service_id,number\n" + "".join(f"{n},99,555-01{n:02}\n" for n in range(9)),
    }
    shown = program.run("directory", "import", str(folder(files)), "--source", "our city").stdout
    assert "our city" in shown
    assert "Entries: 3 new." in shown
    assert (
        "phones.csv: 9 rows not kept: what it belongs to is not in the directory (service_id): line 2, 3"
        in shown
    )
    every = program.run("directory", "import", str(folder(files)), "--source", "our city", "--rows").stdout
    assert "Entries: 3 as they were." in every
    assert every.count("phones.csv:") == 9
    assert "phones.csv:10: what it belongs to" in every


def test_the_command_is_found_explained_and_searched_with(program: Any, folder: Folder) -> None:
    assert "import" in program.run("directory", "--help").stdout
    assert "--dry-run" in program.run("directory", "import", "--help").stdout
    dry = program.run("directory", "import", str(folder(FILES)), "--dry-run")
    assert "this was a dry run" in dry.stdout
    program.load(folder(FILES))
    found = program.run("directory", "search", "shellter", "--json")
    assert '"Shelter"' in found.stdout


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals here")
def test_a_progress_bar_is_shown_on_a_terminal_only(program: Any, folder: Folder) -> None:
    path = folder(many(600))
    ours, theirs = os.openpty()
    try:
        process = program.start("directory", "import", str(path), "--dry-run", stderr=theirs)
        os.close(theirs)
        shown = b""
        while piece := read_some(ours):
            shown += piece
        out, _ = process.communicate()
    finally:
        os.close(ours)
    assert b"Importing" in shown
    assert "Entries: 600 new." in out
    piped = program.run("directory", "import", str(path), "--dry-run")
    assert (piped.returncode, piped.stderr) == (0, "")


def read_some(terminal: int) -> bytes:
    """What the terminal shows next; nothing when nobody writes to it any more."""
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the other end is closed
        return b""


@pytest.mark.parametrize("what", ["nothing", "empty", "archive", "not-a-directory"])
def test_bad_input_is_one_sentence(what: str, program: Any, tmp_path: Path) -> None:
    path = tmp_path / what
    if what == "empty":
        path.mkdir()
    elif what == "archive":
        path.write_bytes(b"PK\x03\x04 broken")
    elif what == "not-a-directory":
        path.write_text("hello", encoding="utf-8")
    done = program.run("directory", "import", str(path))
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert done.stderr.startswith("Error: ")
    assert str(path) in done.stderr


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"services.json": '[{"id": "1", "name": "Food pan'}, "services.json:1: it is not JSON"),
        ({"services.csv": 'id,name\n1,"Food pantry\n'}, "services.csv:2: a quotation mark opens"),
    ],
    ids=["JSON cut off", "a quote that never closes"],
)
def test_what_cannot_be_read_says_why_and_where(program: Any, folder: Any, files: Any, why: str) -> None:
    done = program.run("directory", "import", str(folder(files)))
    assert done.returncode == 2
    assert why in " ".join(done.stderr.split())
    assert "any form that HSDS has" not in done.stderr


def test_what_was_kept_and_wants_a_look_is_told_in_words_too(program: Any, folder: Any) -> None:
    place = str(folder({"services.csv": "name,description\nFood pantry,Food\n"}))
    told = " ".join(program.run("directory", "import", place).stdout.split())
    assert "services.csv: 1 row to look at: it has no id; one was made from what it says" in told
    every = program.run("directory", "import", place, "--rows").stdout
    assert "to look at: services.csv" in every

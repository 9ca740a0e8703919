"""A file is in the store as a whole or not at all, once however often it is added."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import pytest
from tests.made.estimates import HEADER, write

from baserate.errors import BadRow, ChangedWhileRead, SourceError, StoreError, Unaccounted
from baserate.sources.readers import fbi_estimates
from baserate.sources.reading import Source
from baserate.store.add import add, remove
from baserate.store.combine import FileVanished, combined
from baserate.store.ledger import Entry, entries
from baserate.store.open import open_store


def added(folder: Path) -> list[Entry]:
    return [e for e in entries(folder) if e.folder.is_relative_to(folder)]


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of the store that means anything, with its content."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted((folder / "files").rglob("*"))
        if p.is_file()
    }


def test_the_ledger_accounts_for_every_row(tmp_path: Path):
    found = add(Source(write(tmp_path / "a.csv")), tmp_path / "store")
    assert not found.was_there
    assert found.entry.rows == {"read": 3, "kept": 3, "rejected": 0, "aside": 0}
    assert (found.entry.first_year, found.entry.last_year) == (2017, 2019)
    assert added(tmp_path / "store") == [found.entry]


def test_the_same_file_twice_changes_nothing(tmp_path: Path):
    store = tmp_path / "store"
    add(Source(write(tmp_path / "a.csv")), store)
    before = everything(store)
    again = add(Source(write(tmp_path / "under another name.csv")), store)
    assert again.was_there
    assert everything(store) == before


def test_a_file_that_comes_with_the_package_is_there_already(tmp_path: Path, shared: Path):
    published = shared / "data/srs/estimated_crimes_1979_2019.csv"
    assert add(Source(published), tmp_path / "store").was_there


def test_two_releases_of_one_number_both_stay(tmp_path: Path):
    store = tmp_path / "store"
    for murder, day in ((20, date(2020, 9, 1)), (25, date(2021, 9, 1))):
        path = write(tmp_path / f"{murder}.csv", range(2020, 2022), murder)
        add(Source(path, released=day), store)
    held = open_store(store)
    assert held.series("WY", "murder")[2020].offenses == 25
    then = held.view(as_of=date(2020, 12, 31))
    assert then.series("WY", "murder")[2020].offenses == 20


def test_a_file_can_be_taken_out_again(tmp_path: Path):
    store = tmp_path / "store"
    found = add(Source(write(tmp_path / "a.csv", range(2030, 2032))), store)
    assert 2030 in open_store(store).series("WY", "murder")
    remove(found.entry, store)
    assert added(store) == []
    assert 2030 not in open_store(store).series("WY", "murder")


def test_a_newer_reader_reads_the_file_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store = tmp_path / "store"
    path = write(tmp_path / "a.csv")
    add(Source(path), store)
    monkeypatch.setattr(fbi_estimates, "VERSION", 99)
    found = add(Source(path), store)
    assert not found.was_there
    assert [e.reader_version for e in added(store)] == [99]


def test_a_reader_that_loses_a_row_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    read = fbi_estimates.read

    def careless(source: Source, out):
        found = read(source, out)
        out.rows.kept -= 1
        return found

    monkeypatch.setattr(fbi_estimates, "read", careless)
    with pytest.raises(Unaccounted, match="3 rows read, but 2 kept"):
        add(Source(write(tmp_path / "a.csv")), tmp_path / "store")
    assert added(tmp_path / "store") == []


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = write(tmp_path / "a.csv")
    read = fbi_estimates.read

    def meanwhile(source: Source, out):
        found = read(source, out)
        write(path, range(2010, 2020))
        return found

    monkeypatch.setattr(fbi_estimates, "read", meanwhile)
    with pytest.raises(ChangedWhileRead, match="changed while it was read"):
        add(Source(path), tmp_path / "store")
    assert added(tmp_path / "store") == []


def test_what_is_no_regular_file_is_refused(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "empty.csv").touch()
    for path, why in (
        (tmp_path, "is a folder"),
        (pipe, "is a device or a pipe"),
        (Path("/dev/zero"), "is a device or a pipe"),
        (tmp_path / "empty.csv", "is empty"),
        (tmp_path / "absent.csv", "cannot be read"),
    ):
        with pytest.raises(BadRow, match=why):
            add(Source(path), tmp_path / "store")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<!DOCTYPE html><html><body>404 Not Found</body></html>", "is a web page"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04" + b"\0" * 40, "begins like a zip and cannot be opened"),
        (b"\x1f\x8b\x08\x00" + b"\0" * 20, "gzip is cut short or damaged"),
        (b"a,b,c\n1,2,3\n", r"columns no reader knows \(a, b, c\)"),
        (b"\0" * 5000, "UTF-16|no format"),
        (b"x" * 10_000_000, "in no format known"),
    ],
)
def test_what_no_reader_knows_is_refused_with_its_reason(tmp_path: Path, content: bytes, why: str):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=why):
        add(Source(path), tmp_path / "store")
    assert added(tmp_path / "store") == []


ADD = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from baserate.sources.reading import Source
    from baserate.store.add import add
    path, store, moment = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    from baserate.sources.readers import fbi_estimates
    seen = 0
    def watch(event, arguments):
        global seen
        if event.split(".")[0] in {"open", "os", "shutil", "tempfile", "fcntl"}:
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)
    add(Source(path), store)
    print(seen)
    """
)


def run_add(path: Path, store: Path, moment: int) -> subprocess.CompletedProcess[str]:
    """Add a file in a process that is killed at its nth dealing with the disk."""
    return subprocess.run(
        [sys.executable, "-c", ADD, str(path), str(store), str(moment)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("part", range(4))
def test_a_kill_at_any_moment_leaves_the_store_before_or_after_the_file(tmp_path: Path, part: int):
    store = tmp_path / "store"
    first, second = write(tmp_path / "1.csv"), write(tmp_path / "2.csv", murder=30)
    add(Source(first), store)
    before = everything(store)
    whole = run_add(second, tmp_path / "elsewhere", 0)
    moments = int(whole.stdout)
    assert moments > 20
    outcomes = set()
    for moment in range(1 + part, moments, 4):
        died = run_add(second, store, moment)
        assert died.returncode == -signal.SIGKILL, died.stderr
        held = [e.file for e in added(store)]
        assert held in (["1.csv"], ["1.csv", "2.csv"])
        assert {k: v for k, v in everything(store).items() if k in before} == before
        outcomes.add(len(held))
        if len(held) == 2:
            remove(added(store)[1], store)
    add(Source(second), store)
    assert [e.file for e in added(store)] == ["1.csv", "2.csv"]
    assert not list(store.glob("scratch-*")), "what the dead left behind is cleared away"
    assert 1 in outcomes


def test_two_processes_may_add_at_once(tmp_path: Path):
    store = tmp_path / "store"
    same = write(tmp_path / "same.csv")
    mine = [write(tmp_path / f"{n}.csv", murder=n) for n in (31, 32)]
    running = [
        subprocess.Popen([sys.executable, "-c", ADD, str(path), str(store), "0"])
        for path in (same, same, *mine)
    ]
    assert [p.wait(60) for p in running] == [0, 0, 0, 0]
    assert sorted(e.file for e in added(store)) == ["31.csv", "32.csv", "same.csv"]
    assert not list(store.glob("scratch-*"))


def test_reading_works_while_another_adds(tmp_path: Path):
    store = tmp_path / "store"
    add(Source(write(tmp_path / "a.csv", range(2030, 2032))), store)
    with subprocess.Popen(
        [sys.executable, "-c", ADD, str(write(tmp_path / "b.csv", murder=9)), str(store), "0"]
    ) as adding:
        while adding.poll() is None:
            assert 2030 in open_store(store).series("WY", "murder")
    assert len(added(store)) == 2


def test_a_full_disk_loses_nothing_that_was_there(tmp_path: Path):
    store = tmp_path / "store"
    add(Source(write(tmp_path / "a.csv")), store)
    before = everything(store)

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))

    path = write(tmp_path / "b.csv", range(2013, 2020), murder=9)
    script = ADD.replace(
        "add(Source(path), store)",
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from baserate.errors import StoreError\n"
        "try:\n    add(Source(path), store)\n"
        "except StoreError as error:\n    print(error)\n    sys.exit(7)",
    )
    full = subprocess.run(
        [sys.executable, "-c", script, str(path), str(store), "0"],
        preexec_fn=little_room, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert full.returncode == 7, full.stderr
    assert "the store is as it was" in full.stdout
    assert everything(store) == before


def test_a_store_that_may_not_be_written_says_so(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="could not be added"):
        add(Source(write(tmp_path / "a.csv")), tmp_path / "file")


def test_of_two_readings_the_newer_replaces_the_older_for_good(tmp_path: Path):
    store, path = tmp_path / "store", write(tmp_path / "a.csv", range(2030, 2032))
    for day in (date(2032, 1, 1), date(2033, 1, 1), date(2032, 1, 1)):
        add(Source(path, released=day), store)
        assert [e.released for e in added(store)] == [day]
        assert len(list((store / "files").iterdir())) == 1
    remove(added(store)[0], store)
    assert added(store) == []


def test_what_two_processes_take_out_at_once_is_gone_once(tmp_path: Path):
    store = tmp_path / "store"
    entry = add(Source(write(tmp_path / "a.csv", range(2030, 2032))), store).entry
    remove(entry, store)
    remove(entry, store)
    assert added(store) == []


def test_a_file_taken_out_and_added_again_is_there_with_its_numbers(tmp_path: Path):
    store = tmp_path / "store"
    paths = [write(tmp_path / f"{n}.csv", range(y, y + 2), n) for n, y in ((1, 2030), (2, 2040))]
    entries_made = [add(Source(p), store).entry for p in paths]
    listed = entries(store)
    remove(entries_made[1], store)
    with pytest.raises(FileVanished):
        combined(store, listed)
    add(Source(paths[1]), store)
    assert 2040 in open_store(store).series("WY", "murder")


def test_an_open_store_can_be_read_though_files_were_added(tmp_path: Path):
    store = tmp_path / "store"
    add(Source(write(tmp_path / "a.csv", range(2030, 2032))), store)
    before = open_store(store)
    add(Source(write(tmp_path / "b.csv", range(2040, 2042), 9)), store)
    open_store(store).series("WY", "murder")
    assert set(before.series("WY", "murder")) >= {2030, 2031}


def test_a_combination_cut_short_is_made_again_and_a_damaged_one_explained(tmp_path: Path):
    store = tmp_path / "store"
    add(Source(write(tmp_path / "a.csv", range(2030, 2032))), store)
    open_store(store)
    (combination,) = (store / "combined").glob("*.parquet")
    whole = combination.read_bytes()
    combination.write_bytes(whole[:50])
    assert 2030 in open_store(store).series("WY", "murder")
    combination.write_bytes(b"\0" * 500 + b"PAR1")
    with pytest.raises(StoreError, match="delete the folder called combined"):
        open_store(store).series("WY", "murder")


def test_a_folder_that_holds_something_else_is_not_touched(tmp_path: Path):
    for name in ("scratch-notes", "combined"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.parquet").write_text("mine")
    elsewhere = tmp_path.parent / f"{tmp_path.name}.csv"
    with pytest.raises(StoreError, match="is not empty and is no store"):
        add(Source(write(elsewhere)), tmp_path)
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.parquet")) == [
        "combined/mine.parquet",
        "scratch-notes/mine.parquet",
    ]


@pytest.mark.parametrize("folder", ["place=x", "year=1999", "[a]*?", "O'Brien's"])
def test_the_name_of_a_folder_means_nothing(tmp_path: Path, folder: str):
    path = write(tmp_path / "a[1].csv", range(2030, 2032))
    other = write(tmp_path / "a1.csv", range(2030, 2032), murder=77)
    assert other.exists()
    add(Source(path), tmp_path / folder)
    assert open_store(tmp_path / folder).series("WY", "murder")[2030].offenses == 20


def test_a_foreign_folder_among_the_files_is_passed_over(tmp_path: Path):
    store = tmp_path / "store"
    add(Source(write(tmp_path / "a.csv", range(2030, 2032))), store)
    (store / "files" / "mine").mkdir()
    assert 2030 in open_store(store).series("WY", "murder")


@pytest.mark.parametrize(
    ("name", "value"),
    [("rows", {}), ("tables", None), ("sha256", 5), ("file", None), ("id", "a'b")],
)
def test_an_entry_that_somebody_changed_is_named(tmp_path: Path, name: str, value: object):
    store = tmp_path / "store"
    entry = add(Source(write(tmp_path / "a.csv", range(2030, 2032))), store).entry
    told = json.loads((entry.folder / "entry.json").read_text())
    (entry.folder / "entry.json").write_text(json.dumps(told | {name: value}))
    with pytest.raises(StoreError, match="its entry cannot be read"):
        entries(store)

"""Fetching from publishers, good and bad: what is kept, what is refused, and when to give up."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baserate.errors import (
    AddressRefused,
    BaserateError,
    CutShort,
    FetchError,
    FileInTheWay,
    NetworkError,
    NoDownload,
    NotData,
    NotSaved,
    ServerBusy,
    ServerRefused,
    Stalled,
    TooLarge,
    TooManyRedirects,
    UnknownDataset,
    Unreachable,
    Untrusted,
    UnusableAnswer,
    WrongChecksum,
    WrongRange,
)
from baserate.sources.catalog import Dataset, Release, catalog, listing
from baserate.sources.network.addresses import address, public_only
from baserate.sources.network.fetch import download, fetch
from baserate.sources.network.patience import Limits, seconds
from baserate.sources.network.wanted import name_of
from baserate.sources.network.webpages import is_web_page, title

# Patient enough for a busy machine; servers that stall are met with HASTY.
QUICK = Limits(
    connect=10,
    silence=10,
    answer=20,
    window=20,
    quota=1_000,
    whole=60,
    largest=500_000,
    tries=3,
    redirects=3,
    first_wait=0.01,
    longest_wait=0.05,
)
ONCE = replace(QUICK, tries=1)
HASTY = replace(ONCE, silence=0.2, answer=0.4, window=0.3)
CSV = b"year,state_abbr,violent_crime\n" + b"2015,MO,30261\n" * 4_000
HALF = len(CSV) // 2
MARK = 'ETag: "release-1"'

Script = bytes | Callable[[socket.socket, dict[str, str]], None]


def anywhere(_: str) -> bool:
    """In place of `public_only`, for a server on this machine."""
    return True


def only_this_server(ip: str) -> bool:
    """The real rule, which would not even let the test's own server be asked."""
    return ip == "127.0.0.1" or public_only(ip)


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """An HTTP answer. `length` is what is declared, if not the truth."""
    said = [f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([f"HTTP/1.1 {status}", *said, "", ""]).encode() + body


def rest(first: int, *headers: str, of: bytes = CSV) -> bytes:
    """The answer to a Range, as it should be."""
    said = f"Content-Range: bytes {first}-{len(of) - 1}/{len(of)}"
    return answer(of[first:], said, *headers, status="206 Partial Content")


def redirect(to: str) -> bytes:
    return answer(b"", f"Location: {to}", status="302 Found")


class Publisher:
    """A server that answers each request with the next thing it was told to, the last for ever."""

    def __init__(self) -> None:
        self.answers: list[Script] = []
        self.asked: list[dict[str, str]] = []
        publisher = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                publisher.serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_: Any) -> None:
                """A reader who hangs up is no news."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/data/crimes.csv"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            got = connection.recv(65_536)
            head += got
            if not got or not head.startswith(b"GET "):
                return
        first, *lines = head.decode().split("\r\n\r\n")[0].split("\r\n")
        told = {"request": first}
        told.update({n.lower(): v.strip() for n, _, v in (each.partition(":") for each in lines)})
        self.asked.append(told)
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        connection.sendall(said) if isinstance(said, bytes) else said(connection, told)

    def says(self, *answers: Script) -> str:
        """Prepare the answers; gives the address to ask."""
        self.answers, self.asked = list(answers), []
        return self.url


@pytest.fixture(scope="module")
def server() -> Iterator[Publisher]:
    publisher = Publisher()
    yield publisher
    publisher.server.shutdown()
    publisher.server.server_close()


@pytest.fixture
def publisher(server: Publisher) -> Publisher:
    return server


def bring(url: str, folder: Path, limits: Limits = QUICK, **more: Any) -> Path:
    return fetch(url, folder, limits=limits, allow=more.pop("allow", anywhere), **more)


def a_dataset(**more: Any) -> Dataset:
    return replace(catalog()["fbi_estimates"], id="city_table", releases=(), **more)


def a_release(url: str, **more: Any) -> Release:
    told: dict[str, Any] = {
        "edition": "2015",
        "file": "table_8_2015.csv",
        "released": date(2016, 9, 26),
        "release_basis": "printed on the table",
        "taken_from": "the publisher",
        "sha256": hashlib.sha256(CSV).hexdigest(),
        "rows": 4_000,
        "first_year": 2015,
        "last_year": 2015,
        "download": url,
    }
    return Release(**{**told, **more})


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- a file as it should be ---------------------------------------------------------------------


def test_a_file_comes_whole_under_the_name_in_its_address(publisher: Publisher, tmp_path: Path):
    got = bring(publisher.says(answer(CSV)), tmp_path)
    assert got == tmp_path / "crimes.csv"
    assert got.read_bytes() == CSV
    assert left_in(tmp_path) == {"crimes.csv"}


def test_the_folder_is_made(publisher: Publisher, tmp_path: Path):
    assert bring(publisher.says(answer(CSV)), tmp_path / "new" / "folder").exists()


def test_the_request_says_who_asks_and_wants_nothing_packed(publisher: Publisher, tmp_path: Path):
    bring(publisher.says(answer(CSV)), tmp_path)
    (asked,) = publisher.asked
    assert asked["request"] == "GET /data/crimes.csv HTTP/1.1"
    assert asked["user-agent"].startswith("baserate/")
    assert asked["user-agent"].endswith(" (+crime statistics from public records)")
    assert asked["accept-encoding"] == "identity"
    assert asked["host"] == f"127.0.0.1:{publisher.port}"
    assert "range" not in asked


def test_progress_is_told_in_bytes_with_the_total_where_it_is_known(
    publisher: Publisher, tmp_path: Path
):
    seen: list[tuple[int, int | None]] = []
    bring(publisher.says(answer(CSV)), tmp_path, progress=lambda *told: seen.append(told))
    assert seen[-1] == (len(CSV), len(CSV))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_file_in_chunks_has_no_total(publisher: Publisher, tmp_path: Path):
    seen: list[int | None] = []
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(CSV), CSV)
    said = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    got = bring(publisher.says(said), tmp_path, progress=lambda _, total: seen.append(total))
    assert got.read_bytes() == CSV
    assert set(seen) == {None}


def test_a_redirect_is_followed_and_the_first_address_names_the_file(
    publisher: Publisher, tmp_path: Path
):
    url = publisher.says(redirect("/elsewhere/v2"), answer(CSV))
    assert bring(url, tmp_path).name == "crimes.csv"
    assert publisher.asked[1]["request"] == "GET /elsewhere/v2 HTTP/1.1"


# --- a dataset of the catalog -------------------------------------------------------------------


def test_a_release_is_fetched_by_its_dataset_and_checked(publisher: Publisher, tmp_path: Path):
    one = replace(a_dataset(), releases=(a_release(publisher.says(answer(CSV))),))
    got = bring("city_table", tmp_path, among={"city_table": one})
    assert got.name == "table_8_2015.csv"


def test_the_newest_release_is_meant_unless_an_edition_is_named(
    publisher: Publisher, tmp_path: Path
):
    publisher.says(answer(CSV))
    older = a_release(publisher.url + "?2014", edition="2014", released=date(2015, 9, 28))
    one = replace(a_dataset(), releases=(a_release(publisher.url), older))
    bring("city_table", tmp_path / "a", among={"city_table": one})
    bring("city_table", tmp_path / "b", among={"city_table": one}, edition="2014")
    assert [asked["request"].split()[1] for asked in publisher.asked] == [
        "/data/crimes.csv",
        "/data/crimes.csv?2014",
    ]
    with pytest.raises(NoDownload, match="edition '1999'; editions with one: 2014, 2015"):
        bring("city_table", tmp_path, among={"city_table": one}, edition="1999")


def test_another_file_under_the_address_is_not_kept(publisher: Publisher, tmp_path: Path):
    known = a_release(publisher.says(answer(CSV + b"2016,MO,31625\n")))
    one = replace(a_dataset(), releases=(known,))
    with pytest.raises(WrongChecksum) as caught:
        bring("city_table", tmp_path, among={"city_table": one})
    assert known.sha256 in str(caught.value)
    assert hashlib.sha256(CSV + b"2016,MO,31625\n").hexdigest() in str(caught.value)
    assert left_in(tmp_path) == set()


def test_a_checksum_is_held_against_the_address_itself_too(publisher: Publisher, tmp_path: Path):
    url = publisher.says(answer(CSV[:-1]))
    one = replace(a_dataset(), releases=(a_release(url),))
    with pytest.raises(WrongChecksum):
        bring(url, tmp_path, among={"city_table": one})


def test_what_is_there_already_is_not_fetched_again(publisher: Publisher, tmp_path: Path):
    one = replace(a_dataset(), releases=(a_release(publisher.says(answer(CSV))),))
    for _ in range(2):
        bring("city_table", tmp_path, among={"city_table": one})
    assert len(publisher.asked) == 1


def test_another_release_is_never_written_over(publisher: Publisher, tmp_path: Path):
    (tmp_path / "crimes.csv").write_bytes(b"last year's\n")
    url = publisher.says(answer(CSV))
    with pytest.raises(FileInTheWay, match=r"crimes\.csv is already in .* move it away"):
        bring(url, tmp_path)
    assert (tmp_path / "crimes.csv").read_bytes() == b"last year's\n"
    assert publisher.asked == []
    assert bring(url, tmp_path, replace=True).read_bytes() == CSV


def test_what_comes_with_baserate_needs_no_fetching(tmp_path: Path):
    with pytest.raises(NoDownload, match="comes with baserate: there is nothing to fetch"):
        fetch("fbi_estimates", tmp_path)


def test_without_an_address_the_publishers_page_and_what_to_click_are_named(tmp_path: Path):
    one = a_dataset(url="https://example.org/ucr", by_hand="Choose 'Table 8' and save it as .xls")
    with pytest.raises(NoDownload) as caught:
        fetch("city_table", tmp_path, among={"city_table": one})
    assert str(caught.value).endswith(
        "Open https://example.org/ucr. Choose 'Table 8' and save it as .xls, "
        "then: baserate add FILE"
    )


def test_a_misspelled_dataset_is_answered_with_the_one_meant(tmp_path: Path):
    with pytest.raises(UnknownDataset, match="did you mean fbi_estimates"):
        fetch("fbi_estimate", tmp_path)


def test_every_dataset_of_the_catalog_says_how_to_get_it():
    lines = {line.id: line for line in listing()}
    assert set(lines) == set(catalog())
    assert all(line.where_to_get and line.publisher and line.license for line in lines.values())
    told = lines["fbi_estimates"]
    assert (told.years, told.bytes, told.where_to_get) == (
        "1979-2019",
        196_049,
        "comes with baserate",
    )


def test_a_look_at_the_catalog_does_not_load_what_fetching_needs():
    looked = (
        "import sys; from baserate.sources.catalog import listing; listing(); "
        "print({'ssl', 'http.client', 'baserate.sources.network.fetch'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_every_address_in_the_catalog_is_encrypted():
    found = [each for dataset in catalog().values() for each in dataset.addresses.values()]
    assert all(address(each).scheme == "https" for each in found)


# --- going on where it broke off ----------------------------------------------------------------


def test_a_broken_download_goes_on_where_it_broke_off(publisher: Publisher, tmp_path: Path):
    url = publisher.says(answer(CSV[:HALF], MARK, length=len(CSV)), rest(HALF, MARK))
    assert bring(url, tmp_path).read_bytes() == CSV
    assert publisher.asked[1]["range"] == f"bytes={HALF}-"
    assert publisher.asked[1]["if-range"] == '"release-1"'


def test_it_goes_on_even_another_day(publisher: Publisher, tmp_path: Path):
    url = publisher.says(answer(CSV[:HALF], MARK, length=len(CSV)))
    with pytest.raises(CutShort, match=f"{HALF:,} bytes are kept; fetch it again"):
        bring(url, tmp_path, ONCE)
    assert left_in(tmp_path) == {"crimes.csv.part", "crimes.csv.part.json"}
    publisher.says(rest(HALF, MARK))
    assert bring(url, tmp_path, ONCE).read_bytes() == CSV
    assert left_in(tmp_path) == {"crimes.csv"}


def test_a_day_of_change_will_do_where_there_is_no_etag(publisher: Publisher, tmp_path: Path):
    changed = "Last-Modified: Mon, 26 Sep 2016 13:00:00 GMT"
    url = publisher.says(answer(CSV[:HALF], changed, length=len(CSV)), rest(HALF))
    assert bring(url, tmp_path).read_bytes() == CSV
    assert publisher.asked[1]["if-range"] == "Mon, 26 Sep 2016 13:00:00 GMT"


@pytest.mark.parametrize("mark", ["X-Nothing: here", 'ETag: W/"weak"'])
def test_what_cannot_be_told_apart_is_begun_anew(publisher: Publisher, tmp_path: Path, mark: str):
    url = publisher.says(answer(CSV[:HALF], mark, length=len(CSV)), answer(CSV, mark))
    assert bring(url, tmp_path).read_bytes() == CSV
    assert "range" not in publisher.asked[1]


def test_a_file_that_changed_in_between_is_begun_anew(publisher: Publisher, tmp_path: Path):
    newer = CSV.replace(b"30261", b"30262")
    url = publisher.says(
        answer(CSV[:HALF], MARK, length=len(CSV)), answer(newer, 'ETag: "release-2"')
    )
    assert bring(url, tmp_path).read_bytes() == newer


def test_a_server_that_sends_the_rest_of_another_version_is_not_believed(
    publisher: Publisher, tmp_path: Path
):
    url = publisher.says(
        answer(CSV[:HALF], MARK, length=len(CSV)),
        rest(HALF, 'ETag: "release-2"', of=CSV.replace(b"30261", b"30262")),
        answer(CSV, MARK),
    )
    assert bring(url, tmp_path).read_bytes() == CSV
    assert "range" not in publisher.asked[2]


def test_a_server_that_ignores_the_range_sends_all_of_it_again(
    publisher: Publisher, tmp_path: Path
):
    url = publisher.says(answer(CSV[:HALF], MARK, length=len(CSV)), answer(CSV, MARK))
    assert bring(url, tmp_path).read_bytes() == CSV


@pytest.mark.parametrize(
    "said",
    ["bytes 0-9/56030", "bytes 28015-9/56030", "bytes */*", "28015-", "bytes 28015-56029/*", ""],
)
def test_a_wrong_range_is_not_joined(publisher: Publisher, tmp_path: Path, said: str):
    wrong = answer(CSV[HALF:], f"Content-Range: {said}", status="206 Partial Content")
    url = publisher.says(answer(CSV[:HALF], MARK, length=len(CSV)), wrong, answer(CSV, MARK))
    assert bring(url, tmp_path).read_bytes() == CSV
    publisher.says(answer(CSV[:HALF], MARK, length=len(CSV)), wrong)
    with pytest.raises(WrongRange, match="what was held is dropped"):
        bring(url, tmp_path / "b", replace(QUICK, tries=2))
    assert left_in(tmp_path / "b") == set()


def test_a_rest_that_is_too_long_is_not_kept(publisher: Publisher, tmp_path: Path):
    said = f"Content-Range: bytes {HALF}-{len(CSV) - 1}/{len(CSV)}"
    longer = answer(CSV[HALF:] + b"more", said, status="206 Partial Content")
    url = publisher.says(answer(CSV[:HALF], MARK, length=len(CSV)), longer, answer(CSV, MARK))
    assert bring(url, tmp_path).read_bytes() == CSV


def test_a_range_that_cannot_be_had_is_begun_anew(publisher: Publisher, tmp_path: Path):
    none = answer(b"", f"Content-Range: bytes */{HALF}", status="416 Range Not Satisfiable")
    url = publisher.says(answer(CSV[:HALF], MARK, length=len(CSV)), none, answer(CSV, MARK))
    assert bring(url, tmp_path).read_bytes() == CSV


@pytest.mark.parametrize(
    "told",
    [b"", b"\xff{", b"[]", b'{"url": "https://example.org/other.csv", "mark": "m"}', b"[" * 9_000],
)
def test_bytes_of_unknown_origin_are_dropped(publisher: Publisher, tmp_path: Path, told: bytes):
    (tmp_path / "crimes.csv.part").write_bytes(b"from somewhere else")
    (tmp_path / "crimes.csv.part.json").write_bytes(told)
    assert bring(publisher.says(answer(CSV)), tmp_path).read_bytes() == CSV
    assert "range" not in publisher.asked[0]


def test_a_mark_from_disk_cannot_smuggle_a_header(publisher: Publisher, tmp_path: Path):
    url = publisher.says(answer(CSV))
    (tmp_path / "crimes.csv.part").write_bytes(b"x")
    told = json.dumps({"url": url, "mark": '"a"\r\nX-Smuggled: yes'})
    (tmp_path / "crimes.csv.part.json").write_text(told)
    assert bring(url, tmp_path).read_bytes() == CSV
    assert "x-smuggled" not in publisher.asked[0]


def test_an_interrupted_download_is_kept_for_later(publisher: Publisher, tmp_path: Path):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    url = publisher.says(answer(CSV, MARK))
    with pytest.raises(KeyboardInterrupt):
        bring(url, tmp_path, progress=stop)
    held = (tmp_path / "crimes.csv.part").stat().st_size
    assert held > 0
    assert not (tmp_path / "crimes.csv").exists()
    publisher.says(rest(held, MARK) if held < len(CSV) else answer(CSV, MARK))
    assert bring(url, tmp_path).read_bytes() == CSV


def test_two_do_not_fetch_one_file_at_once(publisher: Publisher, tmp_path: Path):
    url = publisher.says(answer(CSV))
    with pytest.raises(FileInTheWay, match=r"being fetched into .* by another process"):
        bring(url, tmp_path, progress=lambda *_: bring(url, tmp_path) and None)


# --- trouble that may pass ----------------------------------------------------------------------


def test_a_server_in_trouble_is_asked_again(publisher: Publisher, tmp_path: Path):
    trouble = answer(b"", status="500 Internal Server Error")
    assert bring(publisher.says(trouble, answer(CSV)), tmp_path).exists()


def test_a_server_in_lasting_trouble_is_given_up(publisher: Publisher, tmp_path: Path):
    url = publisher.says(answer(b"", status="502 Bad Gateway"))
    with pytest.raises(ServerBusy, match=r"HTTP 502, Bad Gateway.*tried 3 times"):
        bring(url, tmp_path)
    assert len(publisher.asked) == 3


def test_a_server_that_asks_for_a_moment_gets_it(publisher: Publisher, tmp_path: Path):
    busy = answer(b"", "Retry-After: 0", status="503 Service Unavailable")
    assert bring(publisher.says(busy, answer(CSV)), tmp_path).exists()


@pytest.mark.parametrize("asked", ["2", "3600"])
def test_a_server_that_asks_for_longer_is_not_waited_for(
    publisher: Publisher, tmp_path: Path, asked: str
):
    url = publisher.says(answer(b"", f"Retry-After: {asked}", status="429 Too Many Requests"))
    with pytest.raises(ServerBusy, match=f"asks to be left alone for {int(asked):,} seconds"):
        bring(url, tmp_path)
    assert len(publisher.asked) == 1


def test_retry_after_may_be_a_day_and_time():
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    assert 115 < (seconds(later) or 0) < 121
    assert seconds("Mon, 26 Sep 2016 13:00:00 GMT") == 0
    assert seconds("Mon, 99 Sep 99999 13:00:00 GMT") is None
    assert seconds("9" * 5_000) == 999_999_999


def test_a_cut_in_the_middle_of_chunks_is_noticed(publisher: Publisher, tmp_path: Path):
    cut = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(CSV) + CSV[:HALF]
    with pytest.raises(CutShort):
        bring(publisher.says(cut), tmp_path)
    assert left_in(tmp_path) == set()
    assert len(publisher.asked) == 3


def test_a_stalled_server_is_given_up(publisher: Publisher, tmp_path: Path):
    def stall(connection: socket.socket, _: object) -> None:
        connection.sendall(answer(CSV[:HALF], MARK, length=len(CSV)))
        connection.recv(1)

    began = time.monotonic()
    with pytest.raises(Stalled, match="keeps silent or sends too slowly"):
        bring(publisher.says(stall), tmp_path, HASTY)
    assert time.monotonic() - began < 5
    assert (tmp_path / "crimes.csv.part").stat().st_size == HALF


def drip(start: bytes, drop: bytes = b"x") -> Script:
    """Never silent for long, and never done."""

    def script(connection: socket.socket, _: object) -> None:
        connection.sendall(start)
        for _ in range(200):
            time.sleep(0.02)
            connection.sendall(drop)

    return script


@pytest.mark.parametrize(
    "script",
    [
        drip(answer(b"", length=len(CSV))),
        drip(b"HTTP/1.1 200 OK\r\nX-Endless: "),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"trailer: x\r\n"),
    ],
    ids=["body", "headers", "continue", "trailers"],
)
def test_a_drip_is_no_download(publisher: Publisher, tmp_path: Path, script: Script):
    began = time.monotonic()
    with pytest.raises(Stalled):
        bring(publisher.says(script), tmp_path, HASTY)
    assert time.monotonic() - began < 5


def test_all_tries_together_have_an_end(publisher: Publisher, tmp_path: Path):
    limits = replace(HASTY, tries=50, whole=0.3)
    began = time.monotonic()
    with pytest.raises(NetworkError):
        bring(publisher.says(drip(answer(b"", length=len(CSV)))), tmp_path, limits)
    assert time.monotonic() - began < 5


def test_a_closed_door_is_reported_with_its_address(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Unreachable, match=rf"127\.0\.0\.1:{port} failed \(.*refused"):
            bring(f"http://127.0.0.1:{port}/crimes.csv", tmp_path)


def test_a_server_nobody_knows_is_reported_by_name(tmp_path: Path):
    with pytest.raises(Unreachable, match=r"no server called 'police\.invalid' was found"):
        bring("https://police.invalid/crimes.csv", tmp_path)


def test_a_server_that_hangs_up_is_asked_again(publisher: Publisher, tmp_path: Path):
    assert bring(publisher.says(b"", answer(CSV)), tmp_path).read_bytes() == CSV


def test_network_trouble_has_an_exit_status_of_its_own():
    assert NetworkError.exit_status == 5
    assert FetchError.exit_status == 4
    family = [Unreachable, Stalled, CutShort, ServerBusy, WrongRange]
    assert all(issubclass(each, NetworkError) for each in family)


# --- no -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", ["404 Not Found", "403 Forbidden", "418 ", "206 Partial Content"]
)
def test_a_no_is_taken_for_one(publisher: Publisher, tmp_path: Path, status: str):
    url = publisher.says(answer(b"sorry", status=status))
    with pytest.raises(ServerRefused, match=f"HTTP {status[:3]}.*look for it in a browser"):
        bring(url, tmp_path)
    assert len(publisher.asked) == 1


def test_a_no_to_a_dataset_names_the_publishers_page(publisher: Publisher, tmp_path: Path):
    gone = publisher.says(answer(b"", status="410 Gone"))
    one = a_dataset(download=gone, url="https://example.org/ucr")
    with pytest.raises(ServerRefused, match=r"The publisher's page: https://example\.org/ucr"):
        bring("city_table", tmp_path, among={"city_table": one})


@pytest.mark.parametrize("kind", ["text/csv", "text/html", "application/octet-stream"])
def test_a_web_page_is_no_data_whatever_it_is_called(
    publisher: Publisher, tmp_path: Path, kind: str
):
    page = b"\n<!-- x --><!DOCTYPE html>\n<html><head><title>Access\n Denied</title></head></html>"
    url = publisher.says(answer(page, f"Content-Type: {kind}"))
    with pytest.raises(NotData, match="a web page titled 'Access Denied', not data"):
        bring(url, tmp_path)
    assert left_in(tmp_path) == set()


def test_an_endless_web_page_is_seen_before_its_end(publisher: Publisher, tmp_path: Path):
    def endless(connection: socket.socket, _: object) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n<html><title>Crime map</title>")
        while True:
            connection.sendall(b"<p>" * 10_000)

    with pytest.raises(NotData, match="'Crime map'"):
        bring(publisher.says(endless), tmp_path, replace(QUICK, largest=10**9))


def test_a_web_page_is_told_from_a_table():
    assert is_web_page(b"\xef\xbb\xbf<HTML>")
    assert is_web_page("<!doctype html><title>Désolé</title>".encode("utf-16"))
    assert title(b"<title>" + b"x" * 3_000 + b"</title>") == ""
    assert not is_web_page(b'<?xml version="1.0"?><nibrs:Submission>')
    began = time.monotonic()
    assert not is_web_page(b"<!---->" * 9_000)
    assert time.monotonic() - began < 0.5


def test_an_empty_file_is_no_data(publisher: Publisher, tmp_path: Path):
    with pytest.raises(NotData, match="is empty, 0 bytes"):
        bring(publisher.says(answer(b"")), tmp_path)


def test_a_packed_answer_is_refused_however_small(publisher: Publisher, tmp_path: Path):
    bomb = gzip.compress(b"0" * 5_000_000)
    url = publisher.says(answer(bomb, "Content-Encoding: gzip"))
    with pytest.raises(UnusableAnswer, match="came packed \\(content-encoding: 'gzip'\\)"):
        bring(url, tmp_path)
    assert left_in(tmp_path) == set()
    with pytest.raises(UnusableAnswer, match="transfer-encoding"):
        bring(publisher.says(answer(bomb, "Transfer-Encoding: gzip, chunked")), tmp_path)


def test_a_file_declared_too_large_is_not_begun(publisher: Publisher, tmp_path: Path):
    with pytest.raises(TooLarge, match="larger than 500,000 bytes"):
        bring(publisher.says(answer(b"", length=10**12)), tmp_path)
    assert left_in(tmp_path) == set()


def test_an_endless_file_is_stopped(publisher: Publisher, tmp_path: Path):
    def endless(connection: socket.socket, _: object) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(CSV)

    with pytest.raises(TooLarge):
        bring(publisher.says(endless), tmp_path)
    assert left_in(tmp_path) == set()
    assert len(publisher.asked) == 1


def test_a_rest_that_makes_the_file_too_large_is_refused(publisher: Publisher, tmp_path: Path):
    large = f"Content-Range: bytes {HALF}-{10**12 - 1}/{10**12}"
    url = publisher.says(
        answer(CSV[:HALF], MARK, length=len(CSV)),
        answer(b"", large, status="206 Partial Content"),
    )
    with pytest.raises(TooLarge):
        bring(url, tmp_path)


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200,
    ],
    ids=["ssh", "status", "headers"],
)
def test_what_is_no_web_server_is_not_understood(publisher: Publisher, tmp_path: Path, said: bytes):
    with pytest.raises((UnusableAnswer, Unreachable)):
        bring(publisher.says(said), tmp_path)


def test_a_full_disk_is_named(publisher: Publisher, tmp_path: Path):
    (tmp_path / "folder").write_bytes(b"a file where a folder is named")
    with pytest.raises(NotSaved, match=r"crimes\.csv could not be saved in .*folder"):
        bring(publisher.says(answer(CSV)), tmp_path / "folder")


# --- never where it should not go ---------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/crimes.csv",
        "http:///crimes.csv",
        "https://",
        "javascript:alert(1)",
        "https://user:secret@example.org/",
        "https://exa\nmple.org/",
        "http://[::1/",
        "http://example.org:99999/",
        "https://" + "a" * 3_000,
        "https://a..b/",
        "data:text/csv,year",
    ],
)
def test_what_is_no_web_address_is_refused(tmp_path: Path, url: str):
    with pytest.raises(AddressRefused):
        fetch(url, tmp_path)
    with pytest.raises(AddressRefused):
        download(url if ":" in url else "x")


def test_an_address_is_asked_for_as_it_must_be_written():
    found = address("HTTPS://Example.org:8443/Table 8é.xls?q=St. Louis&y=2015#top")
    assert found.url == "https://example.org:8443/Table%208%C3%A9.xls?q=St.%20Louis&y=2015"
    assert address("https://example.org").target == "/"
    assert address("https://[2606:4700::1111]/a%20b").url == "https://[2606:4700::1111]/a%20b"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/data/table_8.xls", "table_8.xls"),
        ("https://example.org/a/..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("https://example.org/.bashrc", "bashrc"),
        ("https://example.org/", "download"),
        ("https://example.org/caf%C3%A9%00.csv", "caf_.csv"),
        ("https://example.org/" + "a" * 500 + ".csv", "a" * 116 + ".csv"),
    ],
)
def test_a_name_from_an_address_stays_in_the_folder(url: str, name: str):
    assert name_of(url) == name


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_only_the_public_internet_is_asked(ip: str):
    assert not public_only(ip)


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_the_public_internet_is_asked(ip: str):
    assert public_only(ip)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
def test_this_machine_is_not_asked_however_it_is_written(
    publisher: Publisher, tmp_path: Path, host: str
):
    publisher.says(answer(CSV))
    with pytest.raises(AddressRefused, match="not on the public internet, so it was not asked"):
        fetch(f"http://{host}:{publisher.port}/crimes.csv", tmp_path, limits=QUICK)
    assert publisher.asked == []


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "//127.0.0.2:{port}/x",
        "http://[::1]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://2130706434:{port}/",
        "http://[::ffff:127.0.0.2]:{port}/",
        "http://[bad",
    ],
)
def test_no_redirect_leads_inside(publisher: Publisher, tmp_path: Path, to: str):
    url = publisher.says(redirect(to.replace("{port}", str(publisher.port))), answer(CSV))
    with pytest.raises(AddressRefused):
        bring(url, tmp_path, allow=only_this_server)
    assert len(publisher.asked) == 1
    assert left_in(tmp_path) == set()


def test_no_redirect_leads_from_an_encrypted_address_to_an_open_one():
    from baserate.sources.network.addresses import next_hop

    here = address("https://example.org/crimes.csv")
    assert next_hop(here, "../v2/crimes.csv").url == "https://example.org/v2/crimes.csv"
    with pytest.raises(AddressRefused, match="not encrypted"):
        next_hop(here, "http://example.org/crimes.csv")


def test_a_circle_of_redirects_is_left(publisher: Publisher, tmp_path: Path):
    with pytest.raises(TooManyRedirects, match="more than 3 times"):
        bring(publisher.says(redirect("/data/crimes.csv")), tmp_path)
    assert len(publisher.asked) == 4


def test_a_redirect_to_nowhere_is_named(publisher: Publisher, tmp_path: Path):
    with pytest.raises(UnusableAnswer, match="without saying where"):
        bring(publisher.says(answer(b"", status="302 Found")), tmp_path)


def looked_up(*ips: str, port: int) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    publisher.says(answer(CSV))
    found = looked_up("8.8.8.8", "127.0.0.1", port=publisher.port)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(AddressRefused, match=r"leads to 127\.0\.0\.1"):
        fetch(f"http://rebind.example:{publisher.port}/x.csv", tmp_path, limits=QUICK)
    assert publisher.asked == []


def test_a_name_is_looked_up_once_so_that_it_cannot_change_after_the_check(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    publisher.says(answer(CSV))
    answers = [looked_up("127.0.0.1", port=publisher.port), looked_up("127.0.0.9", port=1)]
    checked: list[str] = []

    def allow(ip: str) -> bool:
        checked.append(ip)
        return True

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.pop(0))
    bring(f"http://rebind.example:{publisher.port}/x.csv", tmp_path, allow=allow)
    assert checked == ["127.0.0.1"]
    assert len(answers) == 1
    assert publisher.asked[0]["host"] == f"rebind.example:{publisher.port}"


def test_a_server_that_cannot_speak_encrypted_is_unreachable(publisher: Publisher, tmp_path: Path):
    publisher.says(answer(CSV))
    with pytest.raises(Unreachable):
        bring(f"https://127.0.0.1:{publisher.port}/crimes.csv", tmp_path, ONCE)


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate with")
def test_a_server_that_cannot_prove_its_name_is_not_trusted(publisher: Publisher, tmp_path: Path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with connection, pytest.raises(ssl.SSLError):
                context.wrap_socket(connection, server_side=True)

        greeting = threading.Thread(target=greet)
        greeting.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/crimes.csv"
        with pytest.raises(Untrusted, match="could not show that it is 127"):
            bring(url, tmp_path / "to", ONCE)
        greeting.join(1)


# --- a page into memory -------------------------------------------------------------------------


def test_a_page_comes_with_its_headers_and_where_it_is(publisher: Publisher):
    page = answer(b"<html>Murders fell.</html>", "Content-Type: text/html; charset=utf-8")
    publisher.says(redirect("/2024/story"), page)
    got = download(f"http://127.0.0.1:{publisher.port}/s", limits=QUICK, allow=anywhere)
    assert got.body == b"<html>Murders fell.</html>"
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert got.url.endswith("/2024/story")


def test_a_page_is_under_the_same_guards(publisher: Publisher):
    url = publisher.says(answer(b"x" * 10, length=20))
    with pytest.raises(CutShort, match="tried 3 times"):
        download(url, limits=QUICK, allow=anywhere)
    with pytest.raises(AddressRefused):
        download(url, limits=QUICK)
    with pytest.raises(TooLarge):
        download(
            publisher.says(answer(b"x" * 10)), limits=replace(QUICK, largest=9), allow=anywhere
        )


# --- whatever a server sends --------------------------------------------------------------------

VALID = answer(CSV[:200], MARK, "Content-Type: text/csv")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nyear,state\r\n0\r\n\r\n"


@settings(max_examples=120)
@given(
    st.sampled_from([VALID, CHUNKED, redirect("/x"), rest(100, MARK, of=CSV[:200])]),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 8), st.binary(max_size=6)), max_size=5),
)
def test_whatever_a_server_sends_is_a_file_or_an_error_of_ours(
    server: Publisher, tmp_path_factory: pytest.TempPathFactory, said: bytes, changes: list[Any]
):
    for at, cut, put in changes:
        said = said[:at] + put + said[at + cut :]
    folder = tmp_path_factory.mktemp("any")
    try:
        got = bring(server.says(said), folder, replace(ONCE, redirects=1))
    except BaserateError as error:
        assert isinstance(error, FetchError)
        assert not (folder / "crimes.csv").exists()
    else:
        assert got.stat().st_size > 0


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_whatever_is_called_an_address_is_one_or_refused(text: str):
    for said in (text, "http://" + text, "https://example.org/" + text):
        try:
            found = address(said)
        except AddressRefused:
            continue
        assert found.url.isascii()
        assert found.url.isprintable()
        assert " " not in found.url
        assert address(found.url) == found

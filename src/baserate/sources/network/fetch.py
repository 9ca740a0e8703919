"""Fetching from publishers: the one module that touches the network.

`fetch` brings a dataset's file into a folder, going on where it broke off; `download` brings a
page into memory. Both ask through a `_Trip`, which resolves a host once, refuses to connect to
what is not on the public internet, at every redirect, and gives up a server that stalls. No proxy
is used: behind one, the machine actually connected to could not be checked.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, cast

from baserate.errors import (
    AddressRefused,
    CutShort,
    FetchError,
    FileInTheWay,
    NetworkError,
    NotData,
    ServerBusy,
    ServerRefused,
    Stalled,
    TooLarge,
    TooManyRedirects,
    UnknownHost,
    Unreachable,
    Untrusted,
    UnusableAnswer,
    WrongChecksum,
    WrongRange,
)
from baserate.sources.catalog import Dataset, catalog
from baserate.sources.network.addresses import Address, Allow, address, next_hop, public_only
from baserate.sources.network.partial import START, Partial, checksum
from baserate.sources.network.patience import FILES, PAGES, Limits, Patience, seconds
from baserate.sources.network.wanted import Wanted, wanted
from baserate.sources.network.webpages import is_web_page, title
from baserate.version import VERSION

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

USER_AGENT = f"baserate/{VERSION} (+crime statistics from public records)"
PIECE = 65_536  # bytes read at once
CONTINUED = (206, 416)  # statuses that answer to Range
REDIRECTS = {301, 302, 303, 307, 308}
PASSING = {408, 425, 429, 500, 502, 503, 504}  # statuses that may be others a minute later
MOST_TRIED = 4  # addresses of one host
REST = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")  # of Content-Range, RFC 9110, 14.4
LONGEST_MARK = 500  # characters of an ETag

Progress = Callable[[int, int | None], None]  # bytes done, bytes in all if known


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer as a whole, with names of headers in lower case.

    `url` is where it came from in the end, after redirects.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes


def fetch(
    said: str,
    folder: Path,
    *,
    edition: str = "",
    progress: Progress | None = None,
    limits: Limits = FILES,
    allow: Allow = public_only,
    replace: bool = False,
    among: Mapping[str, Dataset] | None = None,
) -> Path:
    """Bring one file into a folder: a dataset of the catalog by its id, or any address.

    A download that breaks off leaves `NAME.part`, and the next call goes on from there. The file
    gets its name when it is complete and, where the catalog knows its checksum, has it. A server
    that does not say how long a file is cannot be held to have sent all of it.

    Raises FetchError, and of it NetworkError where trying again later may help.
    """
    file = wanted(said, edition, catalog() if among is None else among)
    final = folder / file.name
    if _is_there(final, file, replace):
        return final
    part = Partial(final, file.url)
    trip = _Trip(limits, allow)
    with part.alone():
        try:
            trip.again(lambda: _bring_rest(part, trip, progress))
            _refuse_web_page(part)
            _refuse_other(part, file)
        except FetchError as error:
            if not part.mark or isinstance(error, TooLarge | NotData | WrongChecksum):
                part.discard()
            raise _advised(error, file, part) from None
        return part.finish()


def download(url: str, *, limits: Limits = PAGES, allow: Allow = public_only) -> Page:
    """Bring what is at an address into memory, under the same guards. Raises FetchError."""
    trip = _Trip(limits, allow)

    def once() -> Page:
        with trip.opened(address(url), {}) as answer:
            answer.refuse_unless(200)
            answer.refuse_larger(answer.length)
            body = bytearray()
            for piece in answer.pieces():
                body += piece
                answer.refuse_larger(len(body))
            return Page(url=answer.where.url, headers=answer.headers, body=bytes(body))

    return trip.again(once)


# --- one file ---------------------------------------------------------------------------------


def _is_there(final: Path, file: Wanted, replace: bool) -> bool:
    """Whether the very file is there already. Another one of its name is never written over."""
    if not final.exists() or replace:
        return False
    with contextlib.suppress(OSError):  # a folder, or not ours to read: in the way all the same
        if file.sha256 and checksum(final) == file.sha256:
            return True
    raise FileInTheWay(
        f"{final.name} is already in {final.parent}, and may be another release; move it away or "
        "name another folder, and fetch again"
    )


def _bring_rest(part: Partial, trip: _Trip, progress: Progress | None) -> None:
    """One try: all of the file, or what is missing of it."""
    mark = part.mark
    rest = {"Range": f"bytes={part.held}-", "If-Range": mark} if mark else {}
    with trip.opened(address(part.url), rest) as answer:
        answer.refuse_unless(200, *(CONTINUED if rest else ()))
        if answer.status in CONTINUED:
            total: int | None = _length_with_rest(answer, part, mark)
        else:
            total = answer.length
            answer.refuse_larger(total)
            part.begin(answer.mark)
        _append(answer, part, total, progress)
    held = part.held
    if total is not None and held != total:
        if held > total:
            part.discard()
        raise CutShort(
            f"{answer.where.shown}: {held:,} bytes came where there should be {total:,}; try again "
            "later"
        )


def _length_with_rest(answer: _Answer, part: Partial, mark: str) -> int:
    """Bytes of the whole file, where an answer continues what is held; else begin anew."""
    said = answer.headers.get("content-range", "")
    found = REST.fullmatch(said)
    first, last, total = map(int, found.groups()) if found else (-1, -1, -1)
    changed = mark.startswith('"') and answer.headers.get("etag", mark) != mark
    if answer.status == 416 or first != part.held or not first <= last < total or changed:
        held = part.held
        part.discard()
        raise WrongRange(
            f"{answer.where.shown}: asked for what comes after {held:,} bytes, the server sent "
            f"{said[:60]!r} (HTTP {answer.status}); what was held is dropped. Fetch it anew"
        )
    answer.refuse_larger(total)
    return total


def _append(answer: _Answer, part: Partial, total: int | None, progress: Progress | None) -> None:
    done = part.held
    with part.more() as write:
        for piece in answer.pieces():
            answer.refuse_larger(done + len(piece))
            write(piece)
            if done < START <= done + len(piece):
                _refuse_web_page(part)
            done += len(piece)
            if progress:
                progress(done, total)


def _refuse_web_page(part: Partial) -> None:
    """Raise where what came is no data: servers send their error pages as if all were well."""
    if not part.held:
        raise NotData(f"{part.url} is empty, 0 bytes; look at it in a browser")
    if is_web_page(part.start):
        called = title(part.start)
        named = f"titled {called!r}" if called else "without a title"
        raise NotData(
            f"{part.url} gave a web page {named}, not data; open it in a browser to see what it "
            "says, save the file from there, then: baserate add FILE"
        )


def _refuse_other(part: Partial, file: Wanted) -> None:
    """Raise where the checksum is not the catalog's."""
    if file.sha256 and part.sha256 != file.sha256:
        raise WrongChecksum(
            f"{file.url} has SHA-256 {part.sha256}, the catalog has {file.sha256}; the publisher "
            "may have released another version under the same address. It was not kept. To use it "
            "all the same save it with a browser, then: baserate add FILE"
        )


def _advised(error: FetchError, file: Wanted, part: Partial) -> FetchError:
    """The error with what else the reader should know."""
    said = [str(error)]
    if isinstance(error, NetworkError) and part.mark:
        said.append(f"{part.held:,} bytes are kept; fetch it again to go on from there")
    if file.page:
        said.append(f"The publisher's page: {file.page}")
    return type(error)(". ".join(said))


# --- the network ------------------------------------------------------------------------------


class _Trip(Patience):
    """All tries at one thing, over the network."""

    def __init__(self, limits: Limits, allow: Allow) -> None:
        super().__init__(limits)
        self._allow = allow

    @contextlib.contextmanager
    def opened(self, where: Address, extra: Mapping[str, str]) -> Iterator[_Answer]:
        """The answer to one GET after redirects, each of which is checked like the first."""
        here = where
        for _ in range(self.limits.redirects + 1):
            with self._asked(here, extra) as answer:
                if answer.status not in REDIRECTS:
                    yield answer
                    return
                here = next_hop(here, answer.location)
        raise TooManyRedirects(
            f"{where.shown} was redirected more than {self.limits.redirects} times, last to "
            f"{here.shown}; open it in a browser, which may have to log in or accept a cookie"
        )

    @contextlib.contextmanager
    def _asked(self, here: Address, extra: Mapping[str, str]) -> Iterator[_Answer]:
        with contextlib.closing(self._connected(here)) as connected:
            wire = _Wire(connected, self)
            connection = http.client.HTTPConnection(here.host, here.port)
            connection.sock = cast(socket.socket, wire)
            headers = {
                "Host": here.server,
                "User-Agent": USER_AGENT,
                "Accept": "*/*",
                "Accept-Encoding": "identity",
                "Connection": "close",
            }
            with _named(here):
                connection.request("GET", here.target, headers={**headers, **extra})
                response = connection.getresponse()
            yield _Answer(here, response, wire)

    def _connected(self, here: Address) -> socket.socket:
        """A connection to an address that was looked at before anything is sent to it."""
        with _named(here):
            found = socket.getaddrinfo(here.host, here.port, type=socket.SOCK_STREAM)
        for *_, target in found:
            self._refuse_private(here, str(target[0]))
        failed: OSError | None = None
        for family, kind, protocol, _, target in found[:MOST_TRIED]:
            plain = socket.socket(family, kind, protocol)
            try:
                plain.settimeout(self.left(self.limits.connect))
                plain.connect(target)
                with _named(here):
                    return (
                        _tls().wrap_socket(plain, server_hostname=here.host) if here.tls else plain
                    )
            except OSError as error:
                plain.close()
                failed = error
        with _named(here):
            raise failed or OSError("it has no address")

    def _refuse_private(self, here: Address, ip: str) -> None:
        if not self._allow(ip):
            raise AddressRefused(
                f"{here.shown} leads to {ip}, which is not on the public internet, so it was not "
                "asked. If the file is inside your own network save it, then: baserate add FILE"
            )


class _Wire:
    """A connection that is given up when too little comes for too long; http.client's socket."""

    def __init__(self, connected: socket.socket, patience: Patience) -> None:
        self._socket, self._patience = connected, patience
        self.limits = patience.limits
        self.grant(self.limits.answer)

    def grant(self, seconds: float) -> None:
        """From now on, until something is achieved and more is granted."""
        self._until = time.monotonic() + self._patience.left(seconds)

    def receive(self, into: WriteableBuffer) -> int:
        """Bytes received; 0 at the end."""
        self._socket.settimeout(self._left())
        return self._socket.recv_into(into)

    def sendall(self, request: bytes) -> None:
        """The whole request."""
        self._socket.settimeout(self._left())
        self._socket.sendall(request)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client reads from."""
        return io.BufferedReader(_Received(self), PIECE)

    def close(self) -> None:
        """Left to whoever made the connection."""

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("too slow")
        return min(left, self.limits.silence)


class _Received(io.RawIOBase):
    """What comes over a wire."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, into: WriteableBuffer) -> int:
        """As of any raw stream."""
        return self._wire.receive(into)


class _Answer:
    """What a server answers: status and headers, then the body piece by piece."""

    def __init__(self, where: Address, response: http.client.HTTPResponse, wire: _Wire) -> None:
        self.where, self._response, self._wire = where, response, wire
        self.status = response.status
        self.headers = {name.lower(): str(text) for name, text in response.getheaders()}
        self.length: int | None = response.length

    @property
    def mark(self) -> str:
        """What tells this version of the file in If-Range (RFC 9110, 13.1.5); '' if nothing."""
        etag = self.headers.get("etag", "")
        mark = etag if etag.startswith('"') else self.headers.get("last-modified", "")
        return mark if mark.isascii() and mark.isprintable() and len(mark) < LONGEST_MARK else ""

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        if "location" not in self.headers:
            raise UnusableAnswer(
                f"{self.where.shown} redirects (HTTP {self.status}) without saying where; open it "
                "in a browser"
            )
        return self.headers["location"]

    def refuse_unless(self, *fine: int) -> None:
        """Raise where the server says that this is not the file."""
        if self.status in fine:
            return self._refuse_packed()
        told = f"{self.where.shown}: {_status(self.status)}"
        if self.status in PASSING:
            busy = ServerBusy(f"{told}; try again later")
            busy.wait = seconds(self.headers.get("retry-after", ""))
            if busy.wait is not None:
                busy.args = (f"{told}; it asks to be left alone for {busy.wait:,.0f} seconds",)
            raise busy
        raise ServerRefused(
            f"{told}; the file may have moved, or is not given to programs: look for it in a "
            "browser, save it, then: baserate add FILE"
        )

    def refuse_larger(self, size: int | None) -> None:
        """Raise where there is, or is to be, more than may be."""
        largest = self._wire.limits.largest
        if size is not None and size > largest:
            raise TooLarge(
                f"{self.where.shown} is larger than {largest:,} bytes, the most that is fetched; "
                "nothing was kept. If it should be, save it with a browser, then: baserate add FILE"
            )

    def pieces(self) -> Iterator[bytes]:
        """The body. Raises CutShort where less comes than was declared."""
        limits, due = self._wire.limits, 0
        while True:
            if due <= 0:
                self._wire.grant(limits.window)
                due = limits.quota
            with _named(self.where):
                piece = self._response.read1(PIECE)
            if not piece:
                break
            due -= len(piece)
            yield piece
        if self._response.length:
            raise CutShort(
                f"{self.where.shown}: the last {self._response.length:,} bytes are missing; "
                "try again later"
            )

    def _refuse_packed(self) -> None:
        """Raise where the body is not the file itself: how large it unpacks cannot be known."""
        for name, fine in (("content-encoding", "identity"), ("transfer-encoding", "chunked")):
            packed = self.headers.get(name, fine)
            if packed.strip().lower() != fine:
                raise UnusableAnswer(
                    f"{self.where.shown} came packed ({name}: {packed[:40]!r}) though it was asked "
                    "for as it is; save it with a browser, then: baserate add FILE"
                )


@contextlib.contextmanager
def _named(where: Address) -> Iterator[None]:
    """What goes wrong inside is raised as ours, with the server's name."""
    host = where.server
    try:
        yield
    except FetchError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise Untrusted(
            f"{host} could not show that it is {host} ({error.verify_message}); check this "
            "machine's clock, and whether the network wants a login first"
        ) from None
    except socket.gaierror as error:
        kind = Unreachable if error.errno == socket.EAI_AGAIN else UnknownHost
        raise kind(
            f"no server called {host!r} was found ({error.strerror}); check the spelling and that "
            "this machine is online"
        ) from None
    except TimeoutError:
        raise Stalled(
            f"{host} keeps silent or sends too slowly, so it was given up; try again later"
        ) from None
    except http.client.IncompleteRead:
        raise CutShort(
            f"{where.shown}: the server stopped before the end; try again later"
        ) from None
    except OSError as error:
        why = getattr(error, "reason", None) or error.strerror or error  # of TLS, of the system
        raise Unreachable(
            f"the connection to {host} failed ({why}); check that this machine "
            "is online without a proxy, which is not used, and try again later"
        ) from None
    except (http.client.HTTPException, ValueError) as error:
        raise UnusableAnswer(
            f"{host} does not answer as a web server does ({type(error).__name__}); check the "
            "address in a browser"
        ) from None


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _status(status: int) -> str:
    """As people know it: 'HTTP 404, Not Found'."""
    with contextlib.suppress(ValueError):
        return f"HTTP {status}, {HTTPStatus(status).phrase}"
    return f"HTTP {status}"

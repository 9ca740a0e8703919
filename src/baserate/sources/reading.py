"""What a reader is: it knows its files by their content, and turns one into tables."""

from __future__ import annotations

import csv
import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

from baserate.errors import BadRow
from baserate.sources.catalog import catalog
from baserate.sources.tables import Tables

START = 65_536  # bytes of a file that recognition may look at

Progress = Callable[[int, int], None]  # bytes done, rows done


@dataclass(frozen=True)
class Source:
    """A file to be read: where it is and how it begins.

    `mapping` is a city mapping file the user named, for formats that take one; `released` is
    the day its publisher released it, if the user said so.
    """

    path: Path
    mapping: Path | None = None
    released: date | None = None
    progress: Progress = field(default=lambda *_: None, repr=False)

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.path.name

    @cached_property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    @cached_property
    def sha256(self) -> str:
        """The checksum of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def start(self) -> bytes:
        """The first bytes."""
        with self.path.open("rb") as file:
            return file.read(START)

    @cached_property
    def first_line(self) -> str:
        """The first line as text, for telling tables by their columns; '' if it is no text."""
        line = re.split(rb"[\r\n]", self.start.removeprefix(b"\xef\xbb\xbf"), maxsplit=1)[0]
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            return ""

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The first line as names of columns, if it is a line of a CSV; else nothing."""
        if "," not in self.first_line:
            return ()
        try:
            return tuple(c.strip() for c in next(csv.reader([self.first_line])))
        except csv.Error:
            return ()

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names inside, if the file is a zip; else nothing."""
        if not self.start.startswith(b"PK"):
            return ()
        try:
            with zipfile.ZipFile(self.path) as archive:
                return tuple(archive.namelist())
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise BadRow(
                f"{self.name}: begins like a zip and cannot be opened as one ({error}); it may be "
                "cut short. Download it again"
            ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader says about the file it has read.

    dataset        id in the catalog
    edition        what this file is of the dataset: 'Missouri, 2014', 'release of 18 August 2016'
    released       the day its publisher released it, as far as the file or the catalog tells
    release_basis  how that day is known
    remarks        what was odd about this file and how it was taken, in sentences
    """

    dataset: str
    edition: str
    first_year: int
    last_year: int
    released: date
    release_basis: str
    remarks: tuple[str, ...] = ()


def reading_of(
    dataset: str,
    source: Source,
    *,
    edition: str,
    first_year: int,
    last_year: int,
    remarks: Iterable[str] = (),
) -> Reading:
    """A reading of a dataset of the catalog, which tells when it was released."""
    released, basis = catalog()[dataset].release_of(source, last_year)
    return Reading(
        dataset=dataset,
        edition=edition,
        first_year=first_year,
        last_year=last_year,
        released=released,
        release_basis=basis,
        remarks=tuple(remarks),
    )


class Reader(Protocol):
    """A module of sources/readers."""

    TITLE: str  # 'FBI city table (Table 8), .xls'
    VERSION: int  # raised whenever the same file would become other tables

    def looks_like(self, source: Source) -> bool:
        """Whether this is a file of the format, by its content."""

    def read(self, source: Source, out: Tables) -> Reading:
        """Fill the tables. Raises SourceError where the file as a whole cannot be trusted."""

"""What `fetch` is asked for: a dataset of the catalog, or any address, as one file to bring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from baserate.errors import NoDownload, UnknownDataset, near_names
from baserate.sources.catalog import Dataset, shipped
from baserate.sources.network.addresses import address

LONGEST_NAME = 120  # characters; file systems take 255 bytes, and '.part.json' comes on top
UNFIT = re.compile(r"[^\w.,;()+=@-]+", re.ASCII)  # in the name of a file, on any system


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file to bring. `sha256` is '' where no checksum is known; `page` is the publisher's."""

    url: str
    name: str
    sha256: str = ""
    page: str = ""


def wanted(said: str, edition: str, among: Mapping[str, Dataset]) -> Wanted:
    """The file that a dataset's id, or an address, stands for.

    Raises UnknownDataset, NoDownload or AddressRefused.
    """
    if ":" in said:
        return _file(address(said).url, tuple(among.values()))
    if said in among:
        return _file(_address(among[said], edition), (among[said],))
    near = near_names(said, among)
    known = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(among)}"
    raise UnknownDataset(
        f"no dataset is called {said[:60]!r}; {known} An address begins with https://"
    )


def name_of(url: str) -> str:
    """A file name from an address, fit for any system.

    >>> name_of("https://example.org/data/table%208.xls?year=2015")
    'table_8.xls'
    """
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    fit = UNFIT.sub("_", last).strip("._")
    return fit[-LONGEST_NAME:].lstrip("._") or "download"


def _file(url: str, datasets: tuple[Dataset, ...]) -> Wanted:
    """The file at an address, with what the catalog knows of it."""
    for dataset in datasets:
        for release in dataset.releases:
            if release.download and address(release.download).url == url:
                return Wanted(url=url, name=release.file, sha256=release.sha256, page=dataset.url)
        if dataset.download and address(dataset.download).url == url:
            return Wanted(url=url, name=name_of(url), page=dataset.url)
    return Wanted(url=url, name=name_of(url))


def _address(dataset: Dataset, edition: str) -> str:
    told = dataset.addresses
    if edition in told:
        return address(told[edition]).url
    if edition:
        raise NoDownload(
            f"{dataset.id}: no address is known for edition {edition[:60]!r}; editions with one: "
            f"{', '.join(filter(None, told)) or 'none'}. Others are at {dataset.url}"
        )
    if told:
        return address(list(told.values())[-1]).url
    if dataset.id in shipped():
        raise NoDownload(
            f"{dataset.id} comes with baserate: there is nothing to fetch. The publisher's own "
            f"file is at {dataset.url}; once saved, `baserate add FILE` reads it"
        )
    raise NoDownload(
        f"{dataset.id} has no address that a program could fetch it from. "
        f"Open {dataset.url}. {dataset.by_hand or 'Save the file from there'}, "
        "then: baserate add FILE"
    )

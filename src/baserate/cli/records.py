"""Commands about the records themselves: catalog, fetch, add, ledger, rejects, coverage."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baserate.cli.common import (
    Date,
    Explained,
    Progress,
    safe_text,
    store_folder,
    the_store,
    with_store,
)

if TYPE_CHECKING:
    from baserate.store.open import Store

TABLE_FORM = click.option(
    "--json", "form", flag_value="json", help="One JSON list with everything."
)
CSV_FORM = click.option("--csv", "form", flag_value="csv", help="CSV, safe to open in a sheet.")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path),
              help="How to read a city's own export (docs/cities.md).")  # fmt: skip
@click.option("--released", type=Date(), help="Day the publisher released it, as 2016-09-28.")
@click.option("--quiet", is_flag=True, help="No progress, and no remarks.")
@with_store
def add(
    files: tuple[Path, ...],
    mapping: Path | None,
    released: date | None,
    quiet: bool,
    folder: Path | None,
) -> None:
    """Add published FILES to the records. What each is shows from its content.

    A file is added whole or not at all, and only once however often it is named.

    \b
    Examples:
      baserate add VT-2024.zip
      baserate add table8/*.xls
      baserate add ucr_crime_1975_2015.csv --released 2016-09-28
    """
    with Explained(False):
        from baserate.errors import BaserateError
        from baserate.publish.records import added_line, remark_lines
        from baserate.sources.reading import Source
        from baserate.store.add import Added, add_many
        from baserate.store.add import add as add_file

        where = store_folder(folder)
        if len(files) == 1:
            with _Reading(files[0], quiet) as progress:
                source = Source(files[0], mapping, released, progress)
                outcomes: Iterator[Added | BaserateError] = iter([add_file(source, where)])
        else:
            outcomes = add_many([Source(path, mapping, released) for path in files], where)
        failed: BaserateError | None = None
        with Progress(quiet) as advance:
            for i, done in enumerate(outcomes):
                if len(files) > 1:
                    advance(i, len(files), "files")
                if not isinstance(done, Added):
                    failed = done
                    click.echo(f"baserate: {safe_text(str(done))}", err=True)
                    continue
                click.echo(safe_text(added_line(done.entry, done.was_there)))
                for line in [] if quiet or done.was_there else remark_lines(done.entry):
                    click.echo(safe_text(line))
        if failed is not None:
            sys.exit(failed.exit_status)


@click.command()
@TABLE_FORM
@CSV_FORM
@with_store
def ledger(form: str | None, folder: Path | None) -> None:
    """Every file in the records: format, release, rows, checksum, reader.

    \b
    Example:
      baserate ledger --csv
    """
    with Explained(form == "json"):
        from baserate.publish.records import ledger_rows, ledger_table
        from baserate.publish.tables import to_form
        from baserate.store.ledger import entries

        held = entries(store_folder(folder))
        shown = ledger_rows(held)
        told = to_form(shown, form) if form else safe_text(ledger_table(held))
        click.echo(told, nl=form != "csv")


@click.command()
@click.argument("file")
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    help="At most so many; 0 for all.",
)
@TABLE_FORM
@CSV_FORM
@with_store
def rejects(file: str, limit: int, form: str | None, folder: Path | None) -> None:
    """Rows of FILE that were not kept: line, reason, and the row itself.

    FILE is a name in the ledger, or the start of a checksum.

    \b
    Example:
      baserate rejects VT-2024.zip --limit 10
    """
    with Explained(form == "json"):
        from baserate.publish.records import rejects_table
        from baserate.publish.tables import to_form
        from baserate.store.ledger import entries, entry_called
        from baserate.store.open import read_rejects

        found = entry_called(file, entries(store_folder(folder)))
        rows = [row for entry in found for row in read_rejects(entry)]
        shown = rows if not limit or form else rows[:limit]
        table = rejects_table(shown, len(rows))
        click.echo(to_form(shown, form) if form else safe_text(table), nl=form == "json")


@click.command()
@click.argument("file")
@with_store
def remove(file: str, folder: Path | None) -> None:
    """Take FILE out of the records again.

    \b
    Example:
      baserate remove VT-2024.zip
    """
    with Explained(False):
        from baserate.errors import NoSuchFile
        from baserate.store.add import remove as remove_file
        from baserate.store.ledger import EMBEDDED, entries, entry_called

        where = store_folder(folder)
        found = entry_called(file, entries(where))
        if len(found) > 1:
            sums = ", ".join(e.sha256[:12] for e in found)
            raise NoSuchFile(f"{len(found)} files are called {file}; name one by its sum: {sums}")
        if found[0].folder.is_relative_to(EMBEDDED):
            raise NoSuchFile(f"{file} comes with baserate and cannot be removed")
        remove_file(found[0], where)
        click.echo(f"{found[0].file}: removed")


@click.command()
@click.argument("place", nargs=-1, required=True)
@TABLE_FORM
@CSV_FORM
@with_store
def coverage(place: tuple[str, ...], form: str | None, folder: Path | None) -> None:
    """Who reported in PLACE: agencies, months and people, by year and source.

    \b
    Example:
      baserate coverage Vermont
    """
    with Explained(form == "json"):
        from baserate.measure.coverage import coverage_by_year
        from baserate.publish.records import coverage_table
        from baserate.publish.tables import to_form
        from baserate.terms.places import resolve

        store = the_store(folder)
        where = resolve(" ".join(place), store.added_places)
        rows = coverage_by_year(store, where)
        click.echo(to_form(rows, form) if form else coverage_table(where, rows), nl=form == "json")


@click.command()
@click.argument("name", required=False)
@TABLE_FORM
@CSV_FORM
def catalog(name: str | None, form: str | None) -> None:
    """The datasets that can be read; of NAME also what is odd about it.

    \b
    Examples:
      baserate catalog
      baserate catalog fbi_table8
    """
    with Explained(form == "json"):
        from baserate.publish.records import catalog_rows, catalog_table
        from baserate.publish.tables import to_form
        from baserate.sources.catalog import named

        chosen = named(name)
        shown = to_form(catalog_rows(chosen), form) if form else catalog_table(chosen)
        click.echo(shown, nl=form != "csv")


@click.command()
@click.argument("name")
@click.option("--edition", default="", help="Which release, where the dataset has several.")
@click.option("--to", "where", type=click.Path(path_type=Path, file_okay=False), default=Path(),
              help="Folder to put it in  [default: this one]")  # fmt: skip
@click.option("--replace", is_flag=True, help="Replace a file of that name.")
@click.option("--quiet", is_flag=True, help="No progress.")
def fetch(name: str, edition: str, where: Path, replace: bool, quiet: bool) -> None:
    """Download a dataset of the catalog by its NAME, or a file by its address.

    A download that broke off goes on where it was. Then: baserate add FILE.

    \b
    Example:
      baserate fetch marshall_cities --edition "release of 28 September 2016"
    """
    with Explained(False):
        from baserate.sources.network.fetch import fetch as fetch_file

        with _Downloading(name, quiet) as progress:
            path = fetch_file(name, where, edition=edition, progress=progress, replace=replace)
        click.echo(f"{path}\nnext: baserate add {path}")


@click.command()
@click.argument("offense", nargs=-1, required=True)
@click.option("--by", type=click.Choice(["month", "year"]), default="year", show_default=True)
@click.option("--place", help="Only there: a state, a city, or an agency's identifier.")
@click.option("--year", type=click.IntRange(1900, 2100), help="Only that year.")
@click.option("--all-offenses", is_flag=True,
              help="Count every offense of an incident, not only the most serious.")  # fmt: skip
@click.option("--cleared", is_flag=True, help="Offenses cleared, by the date of clearance.")
@TABLE_FORM
@with_store
def counts(
    offense: tuple[str, ...],
    by: str,
    place: str | None,
    year: int | None,
    all_offenses: bool,
    cleared: bool,
    form: str | None,
    folder: Path | None,
) -> None:
    """Numbers of an OFFENSE by agency or place, as each source states them, as CSV.

    \b
    Examples:
      baserate counts violent crime --by month
      baserate counts murder --place "Burlington, Vermont" --by month --cleared
    """
    with Explained(form == "json"):
        from baserate.publish.tables import to_form
        from baserate.terms.offenses import named_offense

        store = the_store(folder)
        chosen: dict[str, Any] = {
            "by": by,
            "place": _key_of(place, store),
            "year": year,
            "rule": "all" if all_offenses else "hierarchy",
            "counted": "clearances" if cleared else "offenses",
        }
        key = named_offense(" ".join(offense))
        if form == "json":
            click.echo(to_form(store.counts(key, **chosen), form))
            return
        found = store.counts_csv(key, **chosen)
        click.echo(found, nl=False)
        if found.count("\n") == 1:
            click.echo("note: no numbers fit; baserate ledger lists what is held", err=True)


def _key_of(said: str | None, store: Store) -> str | None:
    if said is None:
        return None
    from baserate.terms.places import resolve

    return resolve(said, store.added_places).key


class _Downloading:
    """How far a download is, on standard error, where somebody looks."""

    def __init__(self, name: str, quiet: bool) -> None:
        self._shown, self._name, self._drawn = not quiet and sys.stderr.isatty(), name[:32], False
        self._next = 0.0

    def __enter__(self) -> _Downloading:
        return self

    def __call__(self, done: int, of: int | None) -> None:
        now = time.monotonic()
        if not self._shown or now < self._next:
            return
        self._next, self._drawn = now + 0.2, True
        share = f"{done / of:4.0%} of {of / 1e6:,.1f} MB" if of else f"{done / 1e6:,.1f} MB"
        bar = f"{'█' * int(20 * done / of):<20} " if of else ""
        click.echo(f"\r  {self._name}  {bar}{share}  ", nl=False, err=True)

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            click.echo("\r" + " " * 90 + "\r", nl=False, err=True)


class _Reading:
    """How far the reading of a file is, on standard error, where somebody looks.

    Says nothing of files that are read before anyone would wonder.
    """

    PATIENCE = 0.7  # seconds

    def __init__(self, path: Path, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._name, self._start, self._drawn = path.name[:32], time.monotonic(), False
        try:
            self._size = path.stat().st_size
        except (OSError, ValueError):
            self._size = 0

    def __enter__(self) -> _Reading:
        return self

    def __call__(self, bytes_done: int, rows_done: int) -> None:
        spent = time.monotonic() - self._start
        if not self._shown or spent < self.PATIENCE:
            return
        share = min(1.0, bytes_done / self._size) if self._size else 0.0
        filled = "█" * int(20 * share)
        click.echo(
            f"\r  {self._name}  {filled:<20} {share:4.0%}  {rows_done:,} rows, "
            f"{rows_done / spent:,.0f} a second  ",
            nl=False,
            err=True,
        )
        self._drawn = True

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            click.echo("\r" + " " * 90 + "\r", nl=False, err=True)


COMMANDS = (add, ledger, rejects, remove, coverage, counts, catalog, fetch)

"""Commands about the records themselves: add, ledger, rejects, remove, coverage."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

import click

from baserate.cli.common import (
    Date,
    Explained,
    explain,
    safe_text,
    store_folder,
    the_store,
    with_store,
)

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
        from baserate.store.add import add as add_file

        failed: BaserateError | None = None
        for path in files:
            with _Reading(path, quiet) as progress:
                source = Source(path, mapping=mapping, released=released, progress=progress)
                try:
                    done = add_file(source, store_folder(folder))
                except BaserateError as error:
                    failed = error
                    if len(files) > 1:
                        click.echo(f"baserate: {error}", err=True)
                    continue
            click.echo(safe_text(added_line(done.entry, done.was_there)))
            for line in [] if quiet or done.was_there else remark_lines(done.entry):
                click.echo(safe_text(line))
        if failed is not None:
            if len(files) == 1:
                explain(failed, False)
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
        click.echo(to_form(shown, form) if form else ledger_table(held), nl=form != "csv")


@click.command()
@click.argument("file")
@click.option("--limit", default=50, show_default=True, help="At most so many; 0 for all.")
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
        click.echo(to_form(shown, form) if form else rejects_table(shown, len(rows)), nl=not form)


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
        click.echo(to_form(rows, form) if form else coverage_table(where, rows), nl=not form)


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


COMMANDS = (add, ledger, rejects, remove, coverage)

"""The command about grant conditions: what was in force for a place on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baserate.cli.common import Date, Dollars, Explained, style, the_store, with_store
from baserate.cli.records import CSV_FORM, TABLE_FORM

if TYPE_CHECKING:
    from baserate.grants.conditions.ask import Money


@click.command()
@click.option("--program", default="jag", show_default=True, help="jag, cops, psp, order-13768.")
@click.option("--year", type=int, required=True, help="The grant's fiscal year.")
@click.option("--place", help='A state, or a city with its state: "Chicago, IL".')
@click.option("--on", "day", type=Date(), help="The day asked about, as 2017-10-01.")
@click.option("--at-stake", "award", type=Dollars(), help="The award in dollars.")
@click.option("--total", type=Dollars(),
              help="jag: dollars shared out that year; the award is worked out.")  # fmt: skip
@click.option("--events", type=click.Path(path_type=Path),
              help="Your own events beside ours (docs/conditions.md).")  # fmt: skip
@TABLE_FORM
@CSV_FORM
@with_store
def conditions(
    program: str,
    year: int,
    place: str | None,
    day: date | None,
    award: Decimal | None,
    total: Decimal | None,
    events: Path | None,
    form: str | None,
    folder: Path | None,
) -> None:
    """What a grant asked for, and what was in force of it for a place on a day.

    Without --on: every day on which that changed. Without --place: the conditions and all events.

    \b
    Examples:
      baserate conditions --program jag --year 2017 --place "Chicago, IL" --on 2017-10-01
      baserate conditions --year 2017 --place "Baltimore, MD"
      baserate conditions --year 2018 --csv
    """
    if place is None and (day, award, total) != (None, None, None):
        raise click.UsageError(
            "--on, --at-stake and --total are about one place; name it with --place"
        )
    if total is not None and (award is not None or program.casefold() != "jag"):
        raise click.UsageError(
            "--total works out a Byrne JAG award; give it for jag alone, and not with --at-stake"
        )
    with Explained(form == "json"):
        from baserate.grants.conditions import ask
        from baserate.grants.conditions.tables import shipped, with_file

        program = program.casefold()
        tables = with_file(shipped(), events)
        if place is None:
            told = _timeline(ask.timeline(program, year, tables=tables), form)
            click.echo(told, nl=form != "csv")
            return
        money = award if total is None else _worked_out(year, place, total, folder)
        if day is None:
            told = _history(ask.history(program, year, place, tables=tables, award=money), form)
        else:
            found = ask.ask(program, year, place, day, tables=tables, award=money)
            told = _answer(found, form)
        click.echo(told, nl=form != "csv")


def _worked_out(year: int, place: str, total: Decimal, folder: Path | None) -> Money:
    """The place's Byrne JAG award of that year, from the total that was shared out."""
    from baserate.grants.award import Asked
    from baserate.grants.cents import dollars
    from baserate.grants.conditions.ask import Money
    from baserate.grants.result import jag_award_of
    from baserate.terms.places import recipient

    store = the_store(folder)
    where = recipient(place, store.added_places)
    least, most = jag_award_of(Asked(year, int(total.scaleb(2))), store, where)
    source = f"worked out: baserate award jag --year {year} --total {total:f}"
    return Money(dollars(least), dollars(most), source, total)


def _answer(found: Any, form: str | None) -> str:
    from baserate.publish.conditions_export import answer_csv, answer_json
    from baserate.publish.conditions_terminal import render_conditions

    return _in(form, found, answer_json, answer_csv, render_conditions)


def _history(found: Any, form: str | None) -> str:
    from baserate.publish.conditions_export import history_csv, history_json
    from baserate.publish.conditions_terminal import render_history

    return _in(form, found, history_json, history_csv, render_history)


def _timeline(found: Any, form: str | None) -> str:
    from baserate.publish.conditions_export import timeline_csv, timeline_json
    from baserate.publish.conditions_terminal import render_timeline

    return _in(form, found, timeline_json, timeline_csv, render_timeline)


def _in(form: str | None, found: Any, as_json: Any, as_csv: Any, as_text: Any) -> str:
    if form == "json":
        return str(as_json(found))
    return str(as_csv(found) if form == "csv" else as_text(found, style))


COMMANDS = (conditions,)

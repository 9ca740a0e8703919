"""Commands about who is chosen: select, register."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baserate.cli.common import (
    Date,
    Explained,
    again,
    safe_text,
    style,
    the_store,
    with_store,
)

if TYPE_CHECKING:
    from baserate.grants.parameters import Rules
    from baserate.grants.selection.select import Selected


class Plain(click.ParamType[Decimal]):
    """A number of zero or more, as 1.5."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Read a number exactly, or say what one looks like."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not 0 <= number < Decimal("1e12"):
            self.fail(f"{value!r} is no number of zero or more; write one like 1.5", param, ctx)
        return number


@click.command()
@click.argument("program", default="psp", metavar="[RULES]")
@click.option("--year", type=click.IntRange(1900, 2200), required=True,
              help="The last year of records looked at.")  # fmt: skip
@click.option("--cohort", help="Sites to compare with  [default: the first announced afterwards]")
@click.option("--offense", "said", default="violent crime", show_default=True,
              help="What is counted.")  # fmt: skip
@click.option("--threshold", type=Plain(), help="Times the nation's rate to exceed.")
@click.option("--window", type=Plain(), help="Years in a row that make it sustained.")
@click.option("--smallest-population", type=Plain(), help="Fewest people of a candidate.")
@click.option("--place", help='One city, and what bears on it alone, as "Baltimore, MD".')
@click.option("--nation", type=click.Choice(["published", "current"]),
              help="The nation's rate as printed then, or as it stands now.")  # fmt: skip
@click.option("--with", "what_if", type=click.Path(path_type=Path),
              help="A what-if: a file of changed parameters.")  # fmt: skip
@click.option("--declared", type=click.Path(path_type=Path),
              help="Commitment and readiness as somebody declares them, CSV.")  # fmt: skip
@click.option("--as-of", type=Date(), help="Figures as published by that day, as 2017-06-01.")
@click.option("--json", "form", flag_value="json", help="One JSON object with everything.")
@click.option("--csv", "form", flag_value="csv", help="One row a city, safe to open in a sheet.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False),
              help="The HTML page to write.")  # fmt: skip
@with_store
def select(
    program: str,
    year: int,
    cohort: str | None,
    said: str,
    threshold: Decimal | None,
    window: Decimal | None,
    smallest_population: Decimal | None,
    place: str | None,
    nation: str | None,
    what_if: Path | None,
    declared: Path | None,
    as_of: date | None,
    form: str | None,
    out: Path | None,
    folder: Path | None,
) -> None:
    """Which cities meet a program's published criteria, and which of them were not chosen.

    RULES is the program, psp: the National Public Safety Partnership.

    \b
    Examples:
      baserate select --year 2015
      baserate select --year 2015 --place "Baltimore, MD" --threshold 2
      baserate select --year 2015 --cohort 2017 --out page.html
    """
    with Explained(form == "json"):
        from baserate.grants.register import read_register
        from baserate.grants.selection.declared import city_key_of, read_declared
        from baserate.grants.selection.select import Asked
        from baserate.grants.selection.select import select as work_out
        from baserate.terms.offenses import named_offense

        changes = {
            "threshold": threshold,
            "years_sustained": window,
            "smallest_population": smallest_population,
        }
        asked = Asked(
            year=year,
            offense=named_offense(said),
            rules=_rules(program, what_if, changes),
            register=read_register(),
            cohort=cohort,
            place=city_key_of(place) if place else None,
            nation=nation,  # type: ignore[arg-type]
            declared=read_declared(declared) if declared else {},
        )
        found = work_out(asked, the_store(folder).view(as_of=as_of))
        _tell(found, form, out, again())


def _rules(program: str, what_if: Path | None, changes: dict[str, Decimal | None]) -> Rules:
    """The program's rules, under a what-if and what the command line changes."""
    from fractions import Fraction

    from baserate.errors import UnknownProgram
    from baserate.grants.parameters import Dated, rules
    from baserate.grants.scenario import read_scenario

    found = rules(program)
    if "years_sustained" not in found.parameters:
        raise UnknownProgram(f"{program} has no criteria to select cities by; psp has")
    if what_if is not None:
        found = read_scenario(what_if, found).applied_to(found)
    given = {
        name: (
            Dated(
                found.parameter(name).values[0].start,
                Fraction(value),
                "given on the command line",
                True,
            ),
        )
        for name, value in changes.items()
        if value is not None
    }
    return found.with_values(given, "given on the command line") if given else found


def _tell(found: Selected, form: str | None, out: Path | None, command: str) -> None:
    """Print it in the form asked for, after the page is written, if one is wanted."""
    written = None if out is None else _write_page(found, out, command)
    if form == "json":
        from baserate.publish.selection_export import selection_json

        click.echo(selection_json(found, command))
    elif form == "csv":
        from baserate.publish.selection_export import selection_csv

        click.echo(selection_csv(found), nl=False)
    elif written is None:
        from baserate.publish.selection_terminal import render_selection

        click.echo(render_selection(found, command, style))
    else:
        from baserate.publish.selection_words import headline

        click.echo(f"{headline(found)}.")
    if written is not None:
        click.echo(written, err=form is not None)


def _write_page(found: Selected, out: Path, command: str) -> str:
    """Write the page, and say where it is and how large."""
    from baserate.publish.page import printable, write_whole
    from baserate.publish.selection_page import render_selection_page

    page = render_selection_page(found, command, out=str(out), made_on=date.today())
    size = write_whole(out, page)
    return f"{safe_text(printable(str(out)))} ({size / 1024:.0f} KB, opens with no network)"


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--program", help="One program: psp, vrn, psn, nchip, narip, prosecutors.")
@click.option("--cohort", help="One cohort: 2017, FY2016, pilot.")
@click.option("--json", "form", flag_value="json", help="One JSON list with everything.")
@click.option("--csv", "form", flag_value="csv", help="CSV, safe to open in a sheet.")
def register(file: Path | None, program: str | None, cohort: str | None, form: str | None) -> None:
    """Sites, awards and their start dates; or a table of your own in FILE, checked row by row.

    \b
    Examples:
      baserate register --program psp --cohort 2017
      baserate register mine.csv --csv
    """
    with Explained(form == "json"):
        from baserate.grants.register import chosen_rows, read_register
        from baserate.publish.register_table import register_rows, register_table
        from baserate.publish.tables import to_form

        rows = chosen_rows(read_register(file), program=program, cohort=cohort)
        if form:
            click.echo(to_form(register_rows(rows, form), form), nl=form != "csv")
        else:
            click.echo(register_table(rows, style).rstrip())


COMMANDS = (select, register)

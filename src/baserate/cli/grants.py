"""The command that shares money out by a rule: award."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baserate.cli.common import (
    Date,
    Dollars,
    Explained,
    again,
    refuse_to_replace,
    style,
    the_store,
    with_store,
)

if TYPE_CHECKING:
    from baserate.grants.award import Asked
    from baserate.grants.result import JagResult
    from baserate.store.open import Store
    from baserate.terms.places import Place


existing = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("program", type=click.Choice(["jag", "psn"]))
@click.option("--year", "fiscal_year", type=int, required=True, help="Federal fiscal year.")
@click.option("--total", type=Dollars(),
              help="Dollars to share out  [default: what was published of the year]")  # fmt: skip
@click.option("--state", help="One State: its postal code or its name.")
@click.option("--place", help="One local government, as 'Kansas City, MO'.")
@click.option("--with", "what_if", type=existing, help="A what-if: a TOML file of differences.")
@click.option("--as-of", type=Date(), help="Figures as published by that day, as 2016-12-31.")
@click.option("--definition", type=click.Choice(["legacy", "revised"]),
              help="Rape by one definition in every year  [default: as printed]")  # fmt: skip
@click.option("--local", "units", type=existing,
              help="CSV of all local governments: name, state, violent_crimes.")  # fmt: skip
@click.option("--districts", type=existing,
              help="psn: CSV of districts: name, population, violent_crimes.")  # fmt: skip
@click.option("--explain", is_flag=True, help="One award, line by line, with its sources.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with everything.")
@click.option("--csv", "as_csv", is_flag=True, help="One line a State.")
@click.option("--out", type=existing, help="Write a page: the awards drawn and explained.")
@with_store
def award(
    program: str, fiscal_year: int, total: Decimal | None, state: str | None, place: str | None,
    what_if: Path | None, as_of: date | None, definition: str | None, units: Path | None,
    districts: Path | None, explain: bool, as_json: bool, as_csv: bool, out: Path | None,
    folder: Path | None,
) -> None:  # fmt: skip
    """Who gets what from a formula grant, to the cent: PROGRAM is jag or psn.

    \b
    Examples:
      baserate award jag --year 2013 --total 278392240
      baserate award jag --year 2016 --state Florida --explain
      baserate award jag --year 2013 --with scenario.toml --out awards.html
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms of one answer; choose one")
    if state and place:
        raise click.UsageError("--state and --place ask about two awards; choose one")
    _refuse_what_is_for_the_other(
        program,
        jag={
            "--state": state,
            "--place": place,
            "--local": units,
            "--explain": explain,
            "--out": out,
        },
        psn={"--districts": districts},
    )
    refuse_to_replace(out, what_if, units, districts)
    with Explained(as_json):
        from baserate.grants.award import Asked
        from baserate.grants.parameters import rules
        from baserate.grants.result import jag_result
        from baserate.grants.scenario import NO_CHANGE, read_scenario

        scenario = read_scenario(what_if, rules(program)) if what_if else NO_CHANGE
        cents = int(total.scaleb(2)) if total is not None else None
        asked = Asked(fiscal_year, cents, as_of, definition, scenario)  # type: ignore[arg-type]
        store = the_store(folder)
        if program == "psn":
            _psn(asked, store, districts, as_json=as_json, as_csv=as_csv)
            return
        form = "json" if as_json else "csv" if as_csv else ""
        named = place if units is not None else None
        meant = None if named is not None else _meant(state, place, store)
        rerun = again()
        result = jag_result(asked, store, place=meant, units=units, unit_name=named, rerun=rerun)
        _told(result, form=form, explain=explain, out=out)


def _meant(state: str | None, place: str | None, store: Store) -> Place | None:
    """The State or place that is asked about; None where all are."""
    from baserate.errors import BadInput
    from baserate.terms.places import recipient, states, territories

    if state is not None:
        known = {**states(), **territories()}
        folded = {s.name.casefold(): s for s in known.values()}
        found = known.get(state.strip().upper()) or folded.get(state.strip().casefold())
        if found is None:
            raise BadInput(f"{state!r} is no State or territory; give a postal code like MO")
        return found
    return recipient(place, store.added_places) if place is not None else None


def _refuse_what_is_for_the_other(
    program: str, *, jag: dict[str, object], psn: dict[str, object]
) -> None:
    """Options that the program has no use for are refused, not passed over."""
    for name, value in (jag if program == "psn" else psn).items():
        if value:
            other = "jag" if program == "psn" else "psn"
            raise click.UsageError(f"{name} is for {other}; leave it out of {program}")


def _told(result: JagResult, *, form: str, explain: bool, out: Path | None) -> None:
    """Print the result in the form that was asked for, and write its page where one is wanted."""
    if out is not None:
        from baserate.publish.award_page import render_award_page
        from baserate.publish.page import printable, write_whole

        size = write_whole(out, render_award_page(result, made_on=date.today()))
        note = f"{printable(str(out))} ({size / 1024:.0f} KB, opens with no network)"
        click.echo(note, err=bool(form))
    if form:
        from baserate.publish.award_export import award_csv, award_json

        click.echo(award_json(result) if form == "json" else award_csv(result), nl=form == "json")
    elif out is None:
        from baserate.publish.award_terminal import render_award

        click.echo(render_award(result, style, explain=explain))


def _psn(asked: Asked, store: Store, listed: Path | None, *, as_json: bool, as_csv: bool) -> None:
    from baserate.grants.psn import allocate, read_districts

    given = read_districts(listed) if listed is not None else None
    found = allocate(asked, store, given, source=listed.name if listed is not None else "")
    if as_json:
        from baserate.publish.award_export import districts_json

        click.echo(districts_json(found, again()))
    elif as_csv:
        from baserate.publish.award_export import districts_csv

        click.echo(districts_csv(found), nl=False)
    else:
        from baserate.publish.award_terminal import render_districts

        click.echo(render_districts(found, again(), style))


COMMANDS = (award,)

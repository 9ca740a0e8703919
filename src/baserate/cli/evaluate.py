"""The command that asks whether a program worked: evaluate."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baserate.cli.common import (
    Explained,
    Progress,
    again,
    refuse_to_replace,
    require_evaluate,
    safe_text,
    style,
    the_store,
    with_store,
)

if TYPE_CHECKING:
    from baserate.evaluate.evaluation import Plan
    from baserate.measure.effects.study_file import StudyFile


@click.command()
@click.argument("study", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--plan", "only_plan", is_flag=True,
              help="The design, its power and its threats, without the effect.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object with everything.")
@click.option("--csv", "as_csv", is_flag=True, help="One line a design.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False),
              help="Write a page: sentence, pictures, designs and threats.")  # fmt: skip
@click.option("--no-second-opinion", "alone", is_flag=True,
              help="Ask no library beside our own; a second or two less.")  # fmt: skip
@click.option("--details", is_flag=True, help="How each design was run and checked.")
@click.option("--quiet", is_flag=True, help="No progress.")
@with_store
def evaluate(
    study: Path, only_plan: bool, as_json: bool, as_csv: bool, out: Path | None, alone: bool,
    details: bool, quiet: bool, folder: Path | None,
) -> None:  # fmt: skip
    """Did a program work: several designs side by side, from a STUDY file.

    STUDY is a file, or the name of a study that comes with baserate: psn-2010.

    \b
    Examples:
      baserate evaluate study.toml --plan
      baserate evaluate study.toml --json
      baserate evaluate study.toml --out report.html
      baserate evaluate psn-2010
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms of one answer; choose one")
    if only_plan and as_csv:
        raise click.UsageError("a plan has no designs for --csv yet; leave one of them out")
    refuse_to_replace(out, study)
    with Explained(as_json):
        from baserate.measure.effects.read_cells import is_published
        from baserate.measure.effects.shipped import find_study

        file = find_study(study)
        if is_published(file):
            if out is not None:
                raise click.UsageError(
                    f"{study} has published cells alone, which are no picture; leave out --out"
                )
            form = "json" if as_json else "csv" if as_csv else "text"
            click.echo(published(file, form, only_plan, folder), nl=form != "csv")
            return
        require_evaluate()
        from baserate.evaluate.evaluation import evaluate as work_out
        from baserate.evaluate.evaluation import plan
        from baserate.publish import study_export, study_terminal

        planned = plan(study, the_store(folder))
        refuse_to_replace(out, _data_of(planned))
        rerun = again()
        if only_plan:
            if out is not None:
                from baserate.publish.study_page import render_plan_page

                page = render_plan_page(planned, rerun, made_on=date.today())
                _write(out, page, is_aside=as_json)
            if as_json:
                click.echo(study_export.plan_json(planned, rerun))
            elif out is None:
                click.echo(study_terminal.render_plan(planned, rerun, style))
            return
        with Progress(quiet) as advance:
            found = work_out(planned, advance, second_opinions=not alone)
        if out is not None:
            from baserate.publish.study_page import render_study_page

            page = render_study_page(found, rerun, made_on=date.today())
            _write(out, page, is_aside=as_json or as_csv)
        if as_json:
            click.echo(study_export.study_json(found, rerun))
        elif as_csv:
            click.echo(study_export.study_csv(found), nl=False)
        elif out is None:
            click.echo(study_terminal.render_study(found, rerun, style, details=details))


def _data_of(planned: Plan) -> Path | None:
    """The file that the panel is from; None where it is from the records."""
    wanted = planned.study.panel.data
    return None if wanted is None else planned.study.folder / wanted


def _write(out: Path, page: str, *, is_aside: bool) -> None:
    """Write the page whole or not at all, and say where it is and how large."""
    from baserate.publish.page import printable, write_whole

    size = write_whole(out, page)
    name = safe_text(printable(str(out)))
    click.echo(f"{name} ({size / 1024:.0f} KB, opens with no network)", err=is_aside)


def published(file: StudyFile, form: str, only_plan: bool, folder: Path | None) -> str:
    """What the published cells of a study file say; no library of the extra is needed."""
    from baserate.evaluate.published_study import evaluate_published
    from baserate.publish import published_export, published_terminal

    found = evaluate_published(file, the_store(folder))
    if form == "csv":
        return published_export.published_csv(found)
    if form == "json":
        told = (
            published_export.published_plan_json if only_plan else published_export.published_json
        )
        return told(found, again())
    render = (
        published_terminal.render_published_plan
        if only_plan
        else published_terminal.render_published
    )
    return render(found, again(), style)


COMMANDS = (evaluate,)

"""The command that asks whether a program worked: evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from baserate.cli.common import (
    Explained,
    Progress,
    again,
    require_evaluate,
    style,
    the_store,
    with_store,
)

if TYPE_CHECKING:
    from baserate.measure.effects.study_file import StudyFile


@click.command()
@click.argument("study", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--plan", "only_plan", is_flag=True,
              help="The design, its power and its threats, without the effect.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object with everything.")
@click.option("--csv", "as_csv", is_flag=True, help="One line a design.")
@click.option("--quiet", is_flag=True, help="No progress.")
@with_store
def evaluate(
    study: Path, only_plan: bool, as_json: bool, as_csv: bool, quiet: bool, folder: Path | None
) -> None:
    """Did a program work: several designs side by side, from a STUDY file.

    STUDY is a file, or the name of a study that comes with baserate: psn-2010.

    \b
    Examples:
      baserate evaluate study.toml --plan
      baserate evaluate study.toml --json
      baserate evaluate psn-2010
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms of one answer; choose one")
    with Explained(as_json):
        from baserate.measure.effects.read_cells import is_published
        from baserate.measure.effects.shipped import find_study

        file = find_study(study)
        if is_published(file):
            form = "json" if as_json else "csv" if as_csv else "text"
            click.echo(published(file, form, only_plan, folder), nl=form != "csv")
            return
        require_evaluate()
        from baserate.evaluate.evaluation import evaluate as work_out
        from baserate.evaluate.evaluation import plan
        from baserate.publish import study_export, study_terminal

        planned = plan(study, the_store(folder))
        rerun = again()
        if only_plan:
            told = (
                study_export.plan_json(planned, rerun)
                if as_json
                else study_terminal.render_plan(planned, rerun, style)
            )
            click.echo(told)
            return
        with Progress(quiet) as advance:
            found = work_out(planned, advance)
        if as_json:
            click.echo(study_export.study_json(found, rerun))
        elif as_csv:
            click.echo(study_export.study_csv(found), nl=False)
        else:
            click.echo(study_terminal.render_study(found, rerun, style))


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

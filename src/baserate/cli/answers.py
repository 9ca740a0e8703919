"""Commands that answer: ask, brief; and demo, which checks an article too."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baserate.cli.common import Date, Explained, Progress, style, the_store, with_store

if TYPE_CHECKING:
    from baserate.store.open import Store

DEMO_ARTICLE = Path(__file__).with_name("demo_article.md")


@click.command()
@click.argument("question", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object with everything.")
@click.option("--csv", "as_csv", is_flag=True, help="The series behind the answer, as CSV.")
@click.option("--as-of", type=Date(), help="Figures as published by that day, as 2020-12-31.")
@with_store
def ask(
    question: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    as_of: date | None,
    folder: Path | None,
) -> None:
    """Answer one QUESTION from the records; '-' reads it from standard input.

    \b
    Examples:
      baserate ask "murder in the United States, 2014 to 2016"
      baserate ask "rank of Missouri by violent crime rate, 2019" --json
      baserate ask "largest one-year rise in the violent crime rate since 1991, as of 2015"
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms of one answer; choose one")
    with Explained(as_json):
        text = _standard_input() if question == ("-",) else " ".join(question)
        from baserate.measure.ask import answer, read_question

        store = the_store(folder)
        parsed = read_question(text, store, as_of=as_of)
        found = answer(parsed.question, store)
        for note in parsed.assumed:
            click.echo(f"note: {note}", err=True)
        if as_json or as_csv:
            from baserate.publish.export import to_csv, to_json

            click.echo(to_json(found) if as_json else to_csv(found), nl=as_json)
            return
        from baserate.publish.terminal import render

        click.echo(render(found, style))


@click.command()
@click.argument("place", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True,
              help="The HTML file to write.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress.")
@with_store
def brief(place: tuple[str, ...], out: Path, quiet: bool, folder: Path | None) -> None:
    """Write a one-page brief about PLACE: the nation, a state, D.C., or a city with records.

    \b
    Example:
      baserate brief Missouri --out missouri.html
    """
    with Explained(False):
        _write_brief(" ".join(place), out, the_store(folder), quiet=quiet)


@click.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False),
              default=Path("baserate-demo.html"), show_default=True,
              help="Where to write the brief; the article's page stands beside it.")  # fmt: skip
def demo(out: Path) -> None:
    """Answer a few questions from the FBI's figures, write a brief, check an article.

    \b
    Example:
      baserate demo --out demo.html
    """
    with Explained(False):
        from baserate.measure.ask import answer, read_question
        from baserate.publish.terminal import render
        from baserate.store.open import open_store

        store = open_store()
        for text in (
            "violent crime rate in the United States, 2015 to 2016",
            "largest one-year rise in the violent crime rate since 1991, as of 2015",
            "murder rate in Missouri against the United States, 2019",
        ):
            click.echo(click.style(f'$ baserate ask "{text}"', dim=True))
            found = answer(read_question(text, store).question, store)
            click.echo(render(found, style) + "\n")
        click.echo(click.style(f"$ baserate brief Missouri --out {out}", dim=True))
        _write_brief("Missouri", out, store, quiet=False)
        _check_article(out.with_name(f"{out.stem}-article.html"), store)


def _check_article(out: Path, store: Store) -> None:
    """An invented article, in the terminal and as a page."""
    from baserate.claims.article_check import check_article
    from baserate.claims.documents import read_articles
    from baserate.publish.article_page import render_article
    from baserate.publish.claims_terminal import render_claims
    from baserate.publish.page import printable, write_whole

    command = f"baserate check {DEMO_ARTICLE.name} --out {out.name}"
    click.echo("\n" + click.style(f"$ {command}", dim=True))
    (article,) = read_articles(str(DEMO_ARTICLE))
    found = check_article(article, store)
    size = write_whole(out, render_article(found, command=command, made_on=date.today()))
    click.echo(render_claims(found, style))
    click.echo(f"\n{printable(str(out))} ({size / 1024:.0f} KB, opens with no network)")


def _standard_input() -> str:
    """Standard input as text, no more of it than a question can have."""
    from baserate.errors import UnreadableQuestion
    from baserate.measure.parse import LONGEST

    if sys.stdin is None:
        raise UnreadableQuestion("standard input is closed; give the question in quotes")
    stream = getattr(sys.stdin, "buffer", None)
    data = stream.read(8 * LONGEST) if stream else sys.stdin.read(8 * LONGEST).encode()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableQuestion(
            f"byte {error.start + 1} of standard input is not UTF-8 text; write the question in it"
        ) from None


def _write_brief(place: str, out: Path, store: Store, *, quiet: bool) -> None:
    from baserate.publish.brief import write_brief
    from baserate.publish.page import printable
    from baserate.terms.places import resolve

    where = resolve(place, store.added_places)
    with Progress(quiet) as advance:
        size = write_brief(where, out, store=store, advance=advance)
    click.echo(
        f"{where.plain}: {printable(str(out))} ({size / 1024:.0f} KB, opens with no network)"
    )


COMMANDS = (ask, brief, demo)

"""The command that checks what others wrote: check."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baserate.cli.common import (
    Date,
    Explained,
    Progress,
    as_record,
    safe_text,
    style,
    the_store,
    with_store,
)
from baserate.cli.studies import effects_of

if TYPE_CHECKING:
    from baserate.claims.article import Article
    from baserate.claims.checked import CheckedArticle
    from baserate.errors import BaserateError
    from baserate.publish.claim_review import Reviewer

MOST_INPUT = 256 * 1024 * 1024  # bytes of standard input; what is too much to read is said later


class WebAddress(click.ParamType[str]):
    """An address of a page, as https://example.org/checks."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read an address that may be linked, or say what one looks like."""
        from baserate.claims.documents.limits import web_address

        address = web_address(str(value))
        if address is None:
            self.fail(
                f"{value!r} is no web address; write one like https://example.org", param, ctx
            )
        return address


class PublicationDay(Date):
    """A day on which an article may have appeared."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read an ISO date within the years that feeds may have too."""
        from baserate.claims.documents.dates import FIRST_YEAR, LAST_YEAR

        day = super().convert(value, param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(
                f"{value!r} is not between {FIRST_YEAR} and {LAST_YEAR}; write a day like "
                "2017-03-14",
                param,
                ctx,
            )
        return day


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE_OR_URL...")
@click.option("--published", type=PublicationDay(),
              help="Day it was published, where it does not say.")  # fmt: skip
@click.option("--outlet", help="Who published it, where it does not say.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one a claim.")
@click.option("--claim-review", "as_review", is_flag=True,
              help="schema.org ClaimReview: one JSON list a line, one an article.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path),
              help="The HTML page to write; of several articles, a folder.")  # fmt: skip
@click.option("--reviewer", help="Who publishes the page, for ClaimReview.")
@click.option("--reviewer-url", type=WebAddress(), help="The publisher's site.")
@click.option("--page-url", type=WebAddress(), help="Where the page will stand.")
@click.option("--study", "studies", multiple=True, metavar="STUDY",
              help="A study of a program to hold claims against: what evaluate --json wrote, "
              "a study file, or a name; again for more.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress, and no notes.")
@with_store
def check(
    sources: tuple[str, ...],
    published: date | None,
    outlet: str | None,
    as_json: bool,
    as_review: bool,
    out: Path | None,
    reviewer: str | None,
    reviewer_url: str | None,
    page_url: str | None,
    studies: tuple[str, ...],
    quiet: bool,
    folder: Path | None,
) -> None:
    """Find every claim about crime in articles and check each against the records.

    Text, Markdown, HTML, PDF, a feed of articles (JSONL), or a web address; '-' reads standard
    input.

    \b
    Examples:
      baserate check article.txt
      baserate check article.txt --published 2017-03-14 --out article.html
      baserate check feed.jsonl --json
      baserate check article.txt --study result.json
    """
    if as_json and as_review:
        raise click.UsageError("--json and --claim-review are two forms of one list; choose one")
    form = "json" if as_json else "claim review" if as_review else None
    with Explained(as_json):
        from baserate.claims.article_check import check_article
        from baserate.publish.claim_review import Reviewer

        if form == "claim review" and not quiet:
            _note_what_is_missing(reviewer, page_url)
        publisher = Reviewer(reviewer, reviewer_url, page_url)
        told = Told(form, sources, out, publisher, published, outlet, studies)
        store = the_store(folder)
        effects = effects_of(studies, store, quiet)
        read: Iterable[Read] = _read(sources, published, outlet)
        if out is not None and not out.is_dir():
            _refuse_to_replace(sources, out)
            read = _only_one(read, out)
        failed: BaserateError | None = None
        with Progress(quiet or out is None) as advance:
            for each in read:
                advance(each.number - 1, len(sources), "files")
                if each.article is None:
                    failed = each.error
                    told.error(each)
                else:
                    told.article(each.source, check_article(each.article, store, effects=effects))
        if failed is not None:
            sys.exit(failed.exit_status)


@dataclass(frozen=True, slots=True)
class Read:
    """An article of one source, or why there is none; `number` is the source's."""

    source: str
    number: int
    article: Article | None = None
    error: BaserateError | None = None


def _read(sources: tuple[str, ...], published: date | None, outlet: str | None) -> Iterator[Read]:
    """Every article of every source, as soon as it is read; a bad source stops no other."""
    from baserate.claims.documents import read_articles
    from baserate.errors import BaserateError

    stdin = _standard_input() if "-" in sources else None
    for number, source in enumerate(sources, start=1):
        given = stdin if source == "-" else None
        try:
            for article in read_articles(source, published=published, outlet=outlet, stdin=given):
                yield Read(source, number, article)
        except BaserateError as error:
            yield Read(source, number, error=error)


def _only_one(read: Iterable[Read], out: Path) -> list[Read]:
    """What was read, of which one may be an article where one page is to be written."""
    found: list[Read] = []
    for each in read:
        if each.article is not None and any(one.article is not None for one in found):
            from baserate.errors import CannotWrite

            raise CannotWrite(
                f"there is more than one article, and {_shown(out)} is one page; "
                "name a folder that exists with --out, and each gets its page there"
            )
        found.append(each)
    return found


def _refuse_to_replace(sources: tuple[str, ...], page: Path) -> None:
    """Raise where a page would be written over one of the articles that are checked."""
    from baserate.errors import CannotWrite

    for source in sources:
        try:
            same = page.samefile(source)
        except (OSError, ValueError):  # no such file, or an address
            same = False
        if same:
            raise CannotWrite(
                f"{_shown(page)} is the article that is checked, and a page would replace it; "
                "name another file or folder with --out"
            )


def _shown(path: Path) -> str:
    from baserate.publish.page import printable

    return safe_text(printable(str(path)))


def _standard_input() -> bytes:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        from baserate.errors import SourceError

        raise SourceError("standard input is closed; name a file instead of '-'")
    data: bytes = stream.read(MOST_INPUT)
    return data


def _note_what_is_missing(reviewer: str | None, page_url: str | None) -> None:
    missing = [
        f"{option} ({part})"
        for option, part, given in (
            ("--reviewer", "author", reviewer),
            ("--page-url", "url", page_url),
        )
        if not given
    ]
    if missing:
        click.echo(
            f"note: not given: {' and '.join(missing)}; search engines ask for both, and nobody's "
            "name is made up",
            err=True,
        )


@dataclass(slots=True)
class Told:
    """Says what was found, article by article, in the form that was asked for."""

    form: str | None
    sources: tuple[str, ...]
    out: Path | None
    reviewer: Reviewer
    published: date | None
    outlet: str | None
    studies: tuple[str, ...] = ()
    names: set[str] = field(default_factory=set)
    began: bool = False

    def article(self, source: str, found: CheckedArticle) -> None:
        """Print one article, and write its page where pages are wanted."""
        if self.form == "json":
            from baserate.publish.claims_export import json_lines

            for line in json_lines(found):
                click.echo(line)
        elif self.form == "claim review":
            from baserate.publish.claim_review import claim_reviews
            from baserate.publish.harmless import json_text

            made = claim_reviews(found, reviewed_on=date.today(), reviewer=self.reviewer)
            click.echo(json_text(made))
        elif self.out is None:
            from baserate.publish.claims_terminal import render_claims

            click.echo(("\n" if self.began else "") + render_claims(found, style))
        self.began = True
        if self.out is not None:
            self._page(source, found, self.out)

    def error(self, read: Read) -> None:
        """Say why a source has no articles, and go on."""
        assert read.error is not None
        if self.form == "json":
            from baserate.publish.harmless import json_text

            told = {"source": read.source, "checkable": False, "error": as_record(read.error)}
            click.echo(json_text(told))
        else:
            click.echo(f"baserate: {safe_text(str(read.error))}", err=True)

    def _page(self, source: str, found: CheckedArticle, out: Path) -> None:
        from baserate.publish.article_page import render_article
        from baserate.publish.claim_words import summary
        from baserate.publish.claims_terminal import headline
        from baserate.publish.page import write_whole

        path = out / self._name(found.article.article_id) if out.is_dir() else out
        _refuse_to_replace(self.sources, path)
        command = self._again(source, out)
        page = render_article(found, command=command, made_on=date.today(), reviewer=self.reviewer)
        size = write_whole(path, page)
        if self.form is None:
            click.echo(headline(found.article))
            click.echo(summary(found))
        click.echo(
            f"{_shown(path)} ({size / 1024:.0f} KB, opens with no network)",
            err=self.form is not None,
        )

    def _name(self, article_id: str) -> str:
        """A file name that no article can steer, and no two of a run share."""
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", article_id)[:80].strip("-") or "article"
        name, count = plain, 1
        while name.casefold() in self.names:
            count += 1
            name = f"{plain}-{count}"
        self.names.add(name.casefold())
        return f"{name}.html"

    def _again(self, source: str, out: Path) -> str:
        from baserate.publish.harmless import one_line

        words = ["baserate", "check", source]
        if self.published:
            words += ["--published", self.published.isoformat()]
        if self.outlet:
            words += ["--outlet", self.outlet]
        for study in self.studies:
            words += ["--study", study]
        return one_line(shlex.join([*words, "--out", str(out)]))


COMMANDS = (check,)

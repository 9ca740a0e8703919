"""How long checking an article takes: sentences in one process, and a page as a whole process.

The text is invented: news of cities and states, a third of it with figures. The yardstick for
sentences is the splitter alone on the same text; for the page, Python starts, DuckDB opens the
records and reads two rows.

    python benchmarks/claims.py [--runs 5] [--sentences 2000]
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from baserate.claims.article import Article
from baserate.claims.article_check import check_article, claims_of
from baserate.claims.sentences import split
from baserate.store.ledger import entries
from baserate.store.open import open_store

PLACES = ("Ohio", "Texas", "Missouri", "Milwaukee", "Houston", "the state", "the city", "Vermont")
OFFENSES = ("Murders", "Robberies", "Burglaries", "Violent crime", "Car thefts", "Shootings")
FIGURES = (
    "{o} in {p} {v} {n} percent in {y}.",
    "Police in {p} counted {n} homicides last year, up from {m} the year before.",
    '"{o} have been going down for years," Mayor Ann Dow said.',
    "The violent crime rate in {p} was {n}.{d} per 100,000 people in {y}, the highest since 1994.",
)
OTHERS = (
    "The council met on Monday evening to talk about the budget for the schools of {p}.",
    "A man of {n} was charged with robbery on Tuesday, according to court records.",
    "Officer Roy Bell, who has worked in {p} for {m} years, said that he hoped for more help.",
    "It was raining, and few people had come.",
    "The department will receive ${n} million from the Justice Department over three years.",
    "Residents spoke for two hours; some of them left before the vote, which was put off.",
    "Neither campaign answered questions about the plan, which was first proposed in {y}.",
    "The trial of the two men accused of the killing begins on June {m} in {p}.",
)
LEAST = (
    "import duckdb; duckdb.execute('select year, count from read_parquet(?) where place = ? and "
    "offense = ? and year in (2015, 2016)', [{!r}, 'US', 'murder']).fetchall()"
)


def invented(sentences: int, seed: int = 1) -> str:
    """News of so many sentences, three a paragraph, the same each time."""
    pick = random.Random(seed)

    def one() -> str:
        form = pick.choice(FIGURES if pick.random() < 1 / 3 else OTHERS)
        return form.format(
            o=pick.choice(OFFENSES), p=pick.choice(PLACES), v=pick.choice(("rose", "fell")),
            n=pick.randint(2, 90), m=pick.randint(2, 28), d=pick.randint(0, 9),
            y=pick.randint(2005, 2016),
        )  # fmt: skip

    told = [one() for _ in range(sentences)]
    return "\n\n".join(" ".join(told[i : i + 3]) for i in range(0, sentences, 3))


def seconds(arguments: list[str], runs: int) -> float:
    """Median seconds of a command from start to end, after one run that warms the disk."""
    found = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
        found.append(time.perf_counter() - start)
    return statistics.median(found[1:])


def best(work: Callable[[], object], runs: int) -> float:
    """The fewest seconds that a piece of work took."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def in_one_process(sentences: int, runs: int) -> None:
    """Sentences a second, found and resolved, then checked as well."""
    article = Article(article_id="a", text=invented(sentences), published=date(2017, 3, 14))
    count, store = len(split(article.text)), open_store()
    check_article(Article(article_id="b", text=invented(30, seed=2)), store)  # fills the tables

    found = len(claims_of(article))
    least = best(lambda: split(article.text), runs)
    resolved = best(lambda: claims_of(article), runs)
    checked = best(lambda: check_article(article, store), runs)
    print(f"one process, {count:,} sentences, {found:,} claims")
    for name, taken, aim in (
        ("  split into sentences", least, ""),
        ("  found and resolved", resolved, "aim 1,000"),
        ("  found, resolved and checked", checked, ""),
    ):
        print(
            f"{name:<34}{count / taken:10,.0f} a second   {taken / least:7.1f} x the least   {aim}"
        )


def whole_process(runs: int) -> None:
    """One article of forty sentences, from the command to its page."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "article.txt").write_text(invented(40), encoding="utf-8")
        command = [sys.executable, "-m", "baserate", "check", str(folder / "article.txt")]
        command += ["--published", "2017-03-14", "--out", str(folder / "page.html"), "--quiet"]
        least = LEAST.format(str(entries(None)[0].parquet("series")[0]))
        ours, theirs = seconds(command, runs), seconds([sys.executable, "-c", least], runs)
    name = "one article, start to page"
    print(f"{name:<34}{ours:10.2f} s          {ours / theirs:7.1f} x the least   aim 1.5 s")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--sentences", type=int, default=2_000)
    chosen = asked.parse_args()
    in_one_process(chosen.sentences, max(1, chosen.runs // 2))
    whole_process(chosen.runs)


if __name__ == "__main__":
    main()

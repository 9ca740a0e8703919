"""Checked articles of our own making, with real answers from the records that come along."""

from __future__ import annotations

from datetime import date
from typing import Any

from baserate.claims.article import Article
from baserate.claims.checked import (
    AsOf,
    Checked,
    CheckedArticle,
    ClaimVerdict,
    Inconsistency,
    Need,
    Trap,
)
from baserate.claims.claim import Claim, Magnitude, Sentence, Where
from baserate.errors import Estimated
from baserate.measure.answer import Answer
from baserate.measure.ask import ask
from baserate.store.open import Store
from baserate.terms.periods import Period
from baserate.terms.places import NATION, place

RISE = "Violent crime across the country is up nearly seven percent since 2014, the mayor said."
FELL = "Burglary, though, rose by a tenth from 2015 to 2016."
MISSOURI = "Missouri had the fifth-highest murder rate of all states in 2019."
TOWN = "Shootings downtown fell from 40 to 31 last month, and the police chief credits new patrols."
SINCE = "Murders are up 4 percent, the worst it has been since 1994."
NAMES = "All three members of the council, Ames, Boyd, Cole and Dunn, voted for it."
PLAIN = "The council meets again on Tuesday at the old firehouse on Elm Street."
PARAGRAPHS = (f"{RISE} {FELL}", PLAIN, f"{MISSOURI} {TOWN}", SINCE, NAMES)

WHEN = date(2017, 3, 14)


def an_article(text: str = "\n\n".join(PARAGRAPHS), **known: Any) -> Article:
    """An article of 14 March 2017 in the Elm Street Courier."""
    given = {
        "article_id": "courier-1",
        "published": WHEN,
        "outlet": "Elm Street Courier",
        "title": "Council hears that crime is on the rise",
        "url": "https://courier.example/2017/03/14/crime",
        "dated_by": "page",
    }
    return Article(text=text, **{**given, **known})


def a_claim(article: Article, words: str, sentence: str | None = None, **slots: Any) -> Claim:
    """A claim that these words make, in the sentence they stand in."""
    whole = sentence or words
    at = article.text.index(whole)
    start = article.text.index(words, at)
    given: dict[str, Any] = {
        "kind": "change",
        "offense": "violent_crime",
        "where": Where("United States", (NATION,)),
        "period": Period.year(2016),
    }
    return Claim(
        sentence=Sentence(at, at + len(whole), whole, article.text.count("\n\n", 0, at)),
        start=start,
        end=start + len(words),
        **{**given, **slots},
    )


def a_checked(
    claim: Claim, verdict: ClaimVerdict = "can't tell", why: str = "No records.", **parts: Any
) -> Checked:
    """A claim with its verdict."""
    return Checked(claim=claim, verdict=verdict, why=why, **parts)


def a_checked_article(store: Store) -> CheckedArticle:
    """One claim for every verdict, one of them nested in another, and an inconsistency."""
    article = an_article()

    def asked(question: str) -> Answer:
        return ask(question, store=store)

    nation = asked("violent crime rate in the United States, 2014 to 2016")
    burglary = asked("burglary count in the United States, 2015 to 2016")
    rank = asked("rank of Missouri by murder rate, 2019")
    murders = asked("murder count in the United States, 2015 to 2016")
    checked = (
        a_checked(
            a_claim(
                article, RISE.removesuffix(", the mayor said."), RISE,
                comparator_period=Period.year(2014), direction="up",
                magnitudes=(Magnitude(7.0, "percent", "about"),), attributed_to="the mayor",
            ),
            "supported",
            "Recorded violent crime per head rose 6.9% from 2014 to 2016.",
            answer=nation,
            traps=(Trap("base year", "Measured from 2012 it fell 0.3%; from 2006, 19.4%."),),
            caveats=nation.caveats,
        ),
        a_checked(
            a_claim(
                article, FELL, offense="burglary", comparator_period=Period.year(2015),
                direction="up", magnitudes=(Magnitude(10.0, "percent"),),
            ),
            "contradicted",
            "Recorded burglary fell 4.5% from 2015 to 2016; it did not rise.",
            answer=burglary,
            caveats=(*burglary.caveats, Estimated("Estimates fill in for who did not report.")),
        ),
        a_checked(
            a_claim(
                article, MISSOURI, kind="rank", offense="murder",
                where=Where("Missouri", (place("MO"),)), period=Period.year(2019),
                direction="up", magnitudes=(Magnitude(5, "rank"),), rank_among="states",
            ),
            "supported",
            "Missouri ranked 5th of 51 by recorded murder rate in 2019.",
            answer=rank,
        ),
        a_checked(
            a_claim(
                article, TOWN.partition(", and")[0], TOWN, offense="shootings",
                where=Where("Springfield", ()), period=Period.months(2017, 2, 2),
                comparator_period=Period.months(2016, 2, 2), direction="down",
                magnitudes=(Magnitude(31, "count"), Magnitude(40, "count")),
                attributed_to="police chief",
            ),
            "can't tell",
            "The records at hand have no shootings, and none by month for Springfield.",
            needs=(
                Need("the police department's own incident file for 2016 and 2017",
                     "baserate add springfield.csv --mapping springfield.toml"),
            ),
        ),
        a_checked(
            a_claim(
                article, "the police chief credits new patrols", TOWN, kind="effect",
                offense="shootings", not_checkable="a cause",
            ),
            "not a checkable statement",
            "Counts before and after cannot show what caused a change.",
        ),
        a_checked(
            a_claim(
                article, SINCE, kind="extremum", offense="murder", direction="up",
                period=Period.year(2016), comparator_period=Period.year(1994), extreme="highest",
                magnitudes=(Magnitude(4, "percent"),),
            ),
            "misleading",
            "Recorded murders rose 9.6% from 2015 to 2016, and their number was the highest since "
            "2008 only.",
            answer=murders,
            then=AsOf(date(2017, 3, 14), "can't tell",
                      "No figures for 2016 had been published.", None),
        ),
        a_checked(
            a_claim(
                article, "Murders are up 4 percent", SINCE, offense="murder", direction="up",
                comparator_period=Period.year(2015), magnitudes=(Magnitude(4, "percent"),),
            ),
            "contradicted",
            "Recorded murders rose 9.6% from 2015 to 2016, not 4%.",
            answer=murders,
        ),
    )  # fmt: skip
    at = article.text.index(NAMES)
    odd = Inconsistency(at, at + len(NAMES), "count of names", "“Three members”, and four names.")
    return CheckedArticle(article, checked, (odd,))

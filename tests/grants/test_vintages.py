"""An award is a function of the figures as published then: two releases, two awards."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.made.records import put

from baserate.errors import NothingToAllocate
from baserate.grants.award import Asked, work_out
from baserate.grants.result import jag_result
from baserate.sources.facts import SeriesFact
from baserate.store.open import Store, open_store
from baserate.terms.places import states

THEN = date(2016, 3, 1)
YEARS = (2012, 2013, 2014, 2015)
FLORIDA_THEN = 107_000  # invented; today's release has 91,345 in 2014


@pytest.fixture(scope="module")
def two_releases(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The package's release, and one of an earlier day that counts more in Florida in 2014."""
    folder = tmp_path_factory.mktemp("store")
    put(folder, "fbi_estimates", earlier(store), released=THEN)
    return open_store(folder)


def earlier(store: Store, leave_out: str = "") -> list[SeriesFact]:
    facts = []
    for line, key in enumerate(states(), start=2):
        for definition in ("legacy", "revised"):
            series = store.series(key, "violent_crime", definition)
            for year in (y for y in YEARS if y in series and key != leave_out):
                row = series[year]
                count = FLORIDA_THEN if (key, year) == ("FL", 2014) else row.offenses
                facts.append(
                    SeriesFact(
                        "violent_crime", year, count, line, place=key, definition=definition,
                        population=row.population, is_estimated=True,
                        is_printed=row.is_printed, printed_definition=row.printed_definition,
                    )
                )  # fmt: skip
    return facts


def test_as_of_the_earlier_day_florida_gets_more(two_releases: Store):
    now = work_out(Asked(2016), two_releases)
    then = work_out(Asked(2016, as_of=date(2016, 12, 31)), two_releases)
    assert now.state("FL").award / 100 == pytest.approx(17_259_881.77)
    assert then.state("FL").award / 100 == pytest.approx(17.73e6, abs=20_000)
    assert then.inputs.released == THEN
    assert then.state("FL").input.years[2].count == FLORIDA_THEN


def test_the_earlier_release_is_another_way(two_releases: Store):
    other = jag_result(Asked(2016), two_releases).sureness.otherwise
    (then,) = [o for o in other if "2016-03-01" in o.choice]
    assert then.awards["FL"] > 17.7e6
    assert sum(then.awards.values()) == pytest.approx(274_906_565, abs=0.01)


def test_with_a_state_missing_then_there_is_no_award(store: Store, tmp_path: Path):
    put(tmp_path, "fbi_estimates", earlier(store, leave_out="NH"), released=THEN)
    held = open_store(tmp_path)
    with pytest.raises(NothingToAllocate, match="New Hampshire"):
        work_out(Asked(2016, as_of=date(2016, 12, 31)), held)
    assert work_out(Asked(2016), held).state("NH").award

"""Rules as data: every number has a day, a citation, and a word on whether it was read."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from baserate.errors import BadGiven, BadRules, BadScenario, OutsideEra, UnknownProgram
from baserate.grants.parameters import programs, read_rules, rules, unverified
from baserate.grants.published import published
from baserate.grants.scenario import parse_scenario, read_scenario

DAY = date(2012, 10, 1)
JAG = rules("jag")


@pytest.mark.parametrize("program", programs())
def test_every_value_of_every_program_has_a_citation_and_a_date(program: str):
    held = rules(program)
    assert held.parameters
    for parameter in held.parameters.values():
        assert parameter.title
        assert all(v.citation.strip() and isinstance(v.start, date) for v in parameter.values)


def test_the_statutes_shares_add_up_to_all_of_it():
    on = JAG.on(DAY)
    shares = on.take("population_share").number + on.take("violent_crime_share").number
    assert shares == 1


def test_a_value_holds_from_its_day_until_the_next():
    in_2008, in_2009 = (JAG.on(date(y, 10, 1)).take("no_local_share") for y in (2007, 2008))
    assert (in_2008.names, in_2009.names) == (("PR",), ())
    assert "111-8" in in_2009.citation


def test_before_its_first_day_a_parameter_has_no_value():
    with pytest.raises(OutsideEra, match="began on 2005-10-01"):
        JAG.on(date(2004, 10, 1)).take("minimum_share")


def test_what_nobody_verified_says_so():
    on = JAG.on(date(2015, 10, 1))
    taken = [on.take(name) for name in JAG.parameters]
    assert "no_local_share_in_practice" in {t.name for t in unverified(taken)}
    assert "minimum_share" not in {t.name for t in unverified(taken)}


def test_the_declared_rule_of_safe_neighborhoods_is_unverified_throughout():
    held = rules("psn")
    on = held.on(date(2018, 10, 1))
    assert all(not on.take(name).verified for name in held.parameters)


def test_an_unknown_program_and_an_unknown_parameter_are_named():
    with pytest.raises(UnknownProgram, match="jag"):
        rules("jagg")
    with pytest.raises(BadRules, match="did you mean minimum_share"):
        JAG.parameter("minimum_shares")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("{ from = 2005-10-01, value = 0.5, verified = true }", "no citation"),
        ("{ from = 2005-10-01, value = 0.5, citation = ' ', verified = true }", "no citation"),
        ("{ value = 0.5, citation = 'x', verified = true }", "no from"),
        ("{ from = 2005-10-01, value = nan, citation = 'x', verified = true }", "no number"),
        ("{ from = 2005-10-01, value = true, citation = 'x', verified = true }", "no number"),
    ],
)
def test_rules_without_a_citation_a_day_or_a_number_are_refused(value: str, says: str):
    text = (
        "program = 'x'\ntitle = 'x'\nreference = 'x'\nstanding = 'x'\n"
        f"[parameter.a]\ntitle = 'a'\nunit = 'fraction'\nvalues = [{value}]"
    )
    with pytest.raises(BadRules, match=says):
        read_rules(text, "x.toml")


def test_values_out_of_order_are_refused():
    row = "{{ from = {}-10-01, value = 0.5, citation = 'x', verified = true }}"
    text = (
        "program = 'x'\ntitle = 'x'\nreference = 'x'\nstanding = 'x'\n[parameter.a]\ntitle = 'a'\n"
        f"unit = 'fraction'\nvalues = [{row.format(2009)}, {row.format(2005)}]"
    )
    with pytest.raises(BadRules, match="in order of their dates"):
        read_rules(text, "x.toml")


# --- what-ifs --------------------------------------------------------------------------------


def test_a_what_if_is_a_difference_and_leaves_the_rules_alone():
    changed = parse_scenario("[minimum_share]\nvalue = 0.005", JAG).applied_to(JAG)
    assert changed.on(DAY).take("minimum_share").number == Fraction(1, 200)
    assert JAG.on(DAY).take("minimum_share").number == Fraction(1, 400)
    assert changed.on(DAY).take("population_share") == JAG.on(DAY).take("population_share")


def test_a_dated_what_if_holds_from_its_day():
    text = "title = 'Later'\n[minimum_share]\nvalues = [{ from = 2012-10-01, value = 0.005 }]"
    changed = parse_scenario(text, JAG).applied_to(JAG)
    before, after = (changed.on(d).take("minimum_share") for d in (date(2011, 10, 1), DAY))
    assert (before.number, after.number) == (Fraction(1, 400), Fraction(1, 200))
    assert (before.scenario, after.scenario) == ("Later", "Later")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[minimum_shar]\nvalue = 0.1", "did you mean minimum_share"),
        ("[minimum_share]\nvalues = [{ from = 1999-01-01, value = 0.1 }]", "outside its era"),
        ("[minimum_share]\nvalue = 1.5", "between 0 and 1"),
        ("[minimum_share]\nvalue = -0.1", "between 0 and 1"),
        ("[minimum_share]\nvalue = 'half'", "no number"),
        ("[minimum_share]\nvalue = inf", "no number"),
        ("[minimum_share]\nvalue = 1e-99999999", "no number to reckon with"),
        ("[local_minimum]\nvalue = 1e400", "no number to reckon with"),
        ("[reduced_part]\nvalue = ['all']", "not a thing to change"),
        ("[minimum_share]\nvalue = ['PR']", "is a number"),
        ("[no_local_share]\nvalue = 3", "a list of names"),
        ("[no_local_share]\nvalue = ['Puerto Rico']", "postal code"),
        ("[crime_years]\nvalue = 2.5", "whole number of years"),
        ("[crime_years]\nvalue = 0", "whole number of years"),
        ("[crime_years]\nvalue = 99", "whole number of years"),
        ("[minimum_share]\nvalu = 0.1", "needs value"),
        ("[minimum_share]\nvalues = [{ from = 'x', value = 0.1 }]", "a date like"),
        ("[minimum_share]\nvalues = []", "a list of tables"),
        ("", "changes nothing"),
        ("title = 3\n[minimum_share]\nvalue = 0.1", "title must be text"),
        ("[[recorded]]\nplace = 'FL'\nyear = 2014", "violent_crime or population"),
        ("[[recorded]]\nplace = 'FL'\nyear = 2014\nviolent_crime = -1", "whole number"),
        ("[[recorded]]\nplace = 'FL'\nyear = 2014\nmurders = 1\npopulation = 1", "no murders"),
        ("recorded = 3", r"\[\[recorded\]\]"),
        ("[[reduced]]\nplace = 'FL'\nby = 'sorna'", "sorna_penalty"),
        ("this is no TOML", "is not TOML"),
    ],
)
def test_a_what_if_that_makes_no_sense_says_why(text: str, says: str):
    with pytest.raises((BadScenario, BadGiven), match=says):
        parse_scenario(text, JAG)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"x" * 1_000_001, "larger than 1,000,000 bytes"),
        (None, "cannot be"),
    ],
)
def test_a_file_that_is_no_what_if_says_why(tmp_path, data: bytes | None, says: str):
    path = tmp_path / "what-if.toml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises((BadScenario, BadGiven), match=says):
        read_scenario(path, JAG)


def test_a_what_if_written_on_windows_reads_the_same(tmp_path):
    path = tmp_path / "what-if.toml"
    path.write_bytes(b"\xef\xbb\xbf[minimum_share]\r\nvalue = 0.005\r\n")
    assert read_scenario(path, JAG).values["minimum_share"][0].value == Fraction(1, 200)


def test_every_published_year_has_its_citation_and_address():
    for year, report in published().items():
        assert report.fiscal_year == year
        assert report.citation
        assert report.address.startswith("https://")
        assert report.total.dollars > 0

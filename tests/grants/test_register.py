"""The register: what it holds, and what a user's own table must be."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from baserate.errors import BadGiven, NoSuchSites
from baserate.grants.register import COLUMNS, SITES, chosen_rows, read_register
from baserate.terms.places import place

GOOD = {
    "program": "psp", "site": "Erie", "place": "Erie, PA", "state": "PA", "cohort": "2030",
    "track": "", "start": "2030-05", "start_precision": "month", "kind": "site", "amount": "",
    "unit": "", "source": "a letter", "address": "", "verified": "true", "note": "",
}  # fmt: skip


def table(folder: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "mine.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def test_the_sites_by_cohort():
    sites = [r for r in read_register() if r.program == "psp"]
    assert Counter(r.cohort for r in sites) == {
        "pilot": 10, "2017": 12, "2018": 2, "2019": 10, "2021": 10, "2023": 5, "2024": 5,
    }  # fmt: skip
    assert all(r.kind == "site" and r.source for r in sites)


def test_the_predecessors_sites_by_the_day_they_joined():
    sites = chosen_rows(read_register(), program="vrn")
    assert Counter((r.cohort, r.start) for r in sites) == {
        ("2014", "2014-09"): 6,  # Oakland and Richmond were one site of the five
        ("2015", "2015-09-28"): 5, ("2016", "2016-03-01"): 3, ("2016", "2016-09-26"): 2,
    }  # fmt: skip
    assert all(r.verified and r.address for r in sites)


def test_every_pilot_site_was_in_the_predecessor_and_has_no_start_of_its_own():
    pilot = chosen_rows(read_register(), program="psp", cohort="pilot")
    assert {(r.start, r.start_precision) for r in pilot} == {("", "unknown")}
    before = {r.place for r in chosen_rows(read_register(), program="vrn")}
    assert {r.place for r in pilot} < before
    assert {"Chicago, IL", "Detroit, MI", "Oakland, CA"} < before - {r.place for r in pilot}


def test_the_same_sites_as_were_transcribed(shared: Path):
    told = shared / "data/grants/official_page_transcripts/psp_sites_transcribed.csv"
    with told.open(encoding="utf-8") as lines:
        listed = Counter((r["site"], r["cohort"][-4:].strip()) for r in csv.DictReader(lines))
    ours = [r for r in read_register() if r.program == "psp"]
    found = Counter((r.site, {"pilot": "ilot"}.get(r.cohort, r.cohort)) for r in ours)
    assert found == listed


def test_every_place_is_one_place_in_its_state():
    for row in read_register():
        if row.place:
            assert place(row.place).key == row.place
    elsewhere = [r.site for r in read_register() if not r.place]
    assert elsewhere == ["Harris County", "North Charleston/Charleston", "DeKalb County"]


def test_prosecutors_add_up_to_the_number_announced():
    hired = [r for r in read_register() if r.kind == "prosecutors"]
    assert sum(r.amount or 0 for r in hired) == 311


def test_what_was_read_in_a_reprint_is_not_called_verified():
    assert {r.verified for r in chosen_rows(read_register(), cohort="2019")} == {False}


@pytest.mark.parametrize(
    ("start", "precision", "first"),
    [
        ("2017-06-20", "day", date(2017, 6, 20)),
        ("2017-06", "month", date(2017, 6, 1)),
        ("2014", "year", date(2014, 1, 1)),
        ("", "unknown", None),
    ],
)
def test_a_start_is_as_exact_as_its_source(
    start: str, precision: str, first: date | None, tmp_path: Path
):
    row = {**GOOD, "start": start, "start_precision": precision}
    assert read_register(table(tmp_path, row))[0].first_day == first


def test_our_own_file_reads_as_a_users_file(tmp_path: Path):
    copy = tmp_path / "copy.csv"
    copy.write_bytes(b"\xef\xbb\xbf" + SITES.read_bytes().replace(b"\n", b"\r\n"))
    assert read_register(copy) == read_register()


def test_a_town_that_no_list_has_is_taken(tmp_path: Path):
    row = {**GOOD, "place": "Quillon Springs, PA"}
    assert read_register(table(tmp_path, row))[0].place == "Quillon Springs, PA"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"start": "2030-13"}, "start '2030-13' with precision month must be like 2017-06"),
        ({"start": "2030-W1"}, "must be like 2017-06"),
        ({"start": "2030-05-01"}, "must be like 2017-06"),
        ({"start_precision": "weekly"}, "none of day, month, year, unknown"),
        ({"kind": "gift"}, "kind 'gift' is none of site, award, prosecutors"),
        ({"kind": "award"}, "an award has an amount and its unit"),
        ({"amount": "12.345", "unit": "dollars"}, "amount '12.345' is no number"),
        ({"amount": "-5", "unit": "dollars"}, "amount '-5' is no number"),
        ({"amount": "5"}, "amount has no unit"),
        ({"place": "Kansas City"}, "is 2 places: Kansas City, MO; Kansas City, KS"),
        ({"place": "Eriee, PA"}, "did you mean 'Erie, PA'"),
        ({"place": "Nowhere"}, "place 'Nowhere' is none"),
        ({"place": "Erie, PA", "state": "OH"}, "is not in OH"),
        ({"state": "Penn"}, "state 'Penn' is no postal code"),
        ({"verified": "yes"}, "verified 'yes' is neither true nor false"),
        ({"source": " "}, "source is empty"),
        ({"address": "javascript:alert(1)"}, "is no web address"),
    ],
)
def test_a_row_at_fault_is_named_with_what_would_be_right(
    wrong: dict[str, str], says: str, tmp_path: Path
):
    path = table(tmp_path, GOOD, {**GOOD, **wrong})
    with pytest.raises(BadGiven) as caught:
        read_register(path)
    assert "line 3: " in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "missing program"),
        (b"program,site\n", "missing place"),
        (",".join([*COLUMNS, "extra"]).encode() + b"\n", "not known 'extra'"),
        (",".join([*COLUMNS, "site"]).encode() + b"\n", "'site' stands twice"),
        (",".join(COLUMNS).encode() + b"\n", "has no rows"),
        (",".join(COLUMNS).encode() + b"\na,b\n", "mine.csv line 2 has 2 cells"),
        (",".join(COLUMNS).encode() + b'\n"a"b,c\n', "is not CSV"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
    ],
    ids=["empty", "short", "strange", "twice", "no rows", "cells", "quotes", "bytes"],
)
def test_what_is_no_register_is_refused_whole(data: bytes, says: str, tmp_path: Path):
    path = tmp_path / "mine.csv"
    path.write_bytes(data)
    with pytest.raises(BadGiven, match=says):
        read_register(path)


def test_a_line_number_counts_lines_not_rows(tmp_path: Path):
    path = table(tmp_path, {**GOOD, "note": "one\ntwo"}, {**GOOD, "kind": "gift"})
    with pytest.raises(BadGiven, match="line 4: "):
        read_register(path)


def test_an_unknown_cohort_says_which_there_are():
    with pytest.raises(NoSuchSites, match="it has 2017, 2018, 2019"):
        chosen_rows(read_register(), program="psp", cohort="1999")


def test_the_command_lists_and_exports(command: Any):
    shown = command("register", "--program", "psp", "--cohort", "2017")
    assert shown.returncode == 0
    assert "Springfield, IL" in shown.stdout
    as_csv = command("register", "--program", "psp", "--csv").stdout
    rows = list(csv.DictReader(io.StringIO(as_csv)))
    assert len(rows) == 54
    assert tuple(rows[0]) == COLUMNS


def test_what_the_command_exports_it_reads_again(command: Any, tmp_path: Path):
    (tmp_path / "out.csv").write_text(command("register", "--csv").stdout, encoding="utf-8")
    assert read_register(tmp_path / "out.csv") == read_register()


def test_the_command_refuses_a_bad_table_in_one_sentence(command: Any, tmp_path: Path):
    table(tmp_path, {**GOOD, "kind": "gift"})
    shown = command("register", "mine.csv")
    assert shown.returncode == 2
    assert shown.stdout == ""
    assert shown.stderr.startswith("baserate: mine.csv line 2: kind 'gift'")
    assert "Traceback" not in shown.stderr

"""Reader of NIBRS submissions: the flat file that agencies send to the FBI, a segment a line.

A submission is not a list of what happened. It adds reports to those the FBI holds and deletes
others: an agency corrects an incident by deleting it and reporting it again, as it is now. So a
deletion is a row of its own, with count -1, whose incident stands in an earlier submission; and
where a file deletes what it reported itself, the segments it withdraws are kept out, with the
line that did it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from baserate.errors import BadRow, LayoutChanged
from baserate.sources.catalog import catalog
from baserate.sources.facts import AgencyMonthFact
from baserate.sources.incident_facts import (
    ArresteeFact,
    IncidentFact,
    OffenderFact,
    OffenseFact,
    Origin,
    PropertyFact,
    VictimFact,
)
from baserate.sources.reading import Reading, Source
from baserate.sources.submission_layout import (
    Segment,
    Unfit,
    first_year,
    identity,
    level_name,
    not_reported,
    offense_keys,
    segment,
    vehicles,
)
from baserate.sources.tables import Tables
from baserate.terms.places import states

TITLE = "NIBRS submission, the flat file agencies send to the FBI, .txt"
VERSION = 1

LONGEST_LINE = 4_000  # bytes of a line that are held; a segment has at most 307
AT_ONCE = 50_000  # rows of a table that are held before they are written
MOST_REJECTED = 0.5  # of the lines; beyond that it is no submission
LOOKED_AT = 50  # lines by which a submission is known

START_OF_SEGMENT = re.compile(
    rb"\d{4}[0-7][A-Z](0[1-9]|1[0-2])(19|20)\d\d[A-Z0-9 ]{4}[A-Z]{2}[A-Z0-9]{7}"
)
ERROR_RECORD = re.compile(rb"20\d\d(0[1-9]|1[0-2])\d{7}[A-Z ]")
OTHER_PREFIXES = {"NB": "NE", "GM": "GU"}  # an agency's state, where it is not the postal code


class Line(NamedTuple):
    """One line of the file as it stands; `is_ended` unless the file stops in it."""

    number: int
    text: str
    is_ended: bool
    bytes_before: int


@dataclass(slots=True)
class Incident:
    """What later lines must know of an administrative segment."""

    number: int
    line: int
    action: str
    withdrawn_on: int | None
    refused: str | None = None


@dataclass
class Submission:
    """A file on its way into the tables."""

    out: Tables
    deletions: dict[tuple[str, str], list[int]]
    incidents: dict[tuple[str, str], Incident] = field(default_factory=dict)
    placed: dict[tuple[Any, ...], int] = field(default_factory=dict)
    zero_reports: list[tuple[Line, str, int, int]] = field(default_factory=list)
    active: dict[tuple[str, int, int], int] = field(default_factory=dict)
    rows: dict[str, list[NamedTuple]] = field(default_factory=lambda: defaultdict(list))
    submitted: set[date] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    count: int = 0
    trimmed: int = 0
    deleted: int = 0
    deleted_arrests: int = 0
    withdrawn: int = 0


def looks_like(source: Source) -> bool:
    """Whether nearly all of the first lines begin as segments do."""
    lines = source.start.removeprefix(b"\xef\xbb\xbf").split(b"\n")[:LOOKED_AT]
    said = [line for line in lines if line.strip()]
    fit = sum(1 for line in said if START_OF_SEGMENT.match(line))
    return fit > 0 and fit >= 0.8 * len(said)


def read(source: Source, out: Tables) -> Reading:
    """Every segment in its table, with the line it stands on.

    Raises BadRow where the file is cut short, holds NUL bytes or is mostly no segments, and
    LayoutChanged where it is the FBI's answer to a submission and not the submission.
    """
    _refuse_error_records(source)
    submission = Submission(out, _deletions(source.path))
    for line in _lines(source.path):
        _take(submission, line)
        if not line.number % 10_000:
            source.progress(line.bytes_before, line.number)
            _refuse_if_no_submission(submission, source.name)
    _finish(submission, source.name)
    # What is counted by month and offense is worked out here, from the tables just written.
    return _reading(submission, source)


def _reading(submission: Submission, source: Source) -> Reading:
    first, last = min(submission.submitted), max(submission.submitted)
    where = sorted({OTHER_PREFIXES.get(o[:2], o[:2]) for o in submission.agencies})
    named = ", ".join(states()[s].name if s in states() else s for s in where)
    months = f"{first:%B %Y}" if first == last else f"{first:%B %Y} to {last:%B %Y}"
    released, basis = last, f"the end of the last month of submission in the file, {last:%B %Y}"
    if source.released is not None:
        released, basis = source.released, "as given when the file was added"
    years = submission.years or {first.year, last.year}
    return Reading(
        dataset=catalog()["nibrs_submission"].id,
        edition=f"{named}, submitted {months}",
        first_year=min(years),
        last_year=max(years),
        released=released,
        release_basis=basis,
        remarks=tuple(_remarks(submission)),
    )


def _remarks(submission: Submission) -> Iterator[str]:
    if submission.trimmed:
        yield (
            f"{submission.trimmed:,} lines are shorter than they say; the blanks at their ends "
            "were taken as trimmed."
        )
    if submission.deleted or submission.deleted_arrests:
        yield (
            f"{submission.deleted:,} deletions of incidents and {submission.deleted_arrests:,} of "
            "arrests of group B are kept with count -1; what they take back stands in earlier "
            "submissions, so sums over this file alone are what it changes, not what happened."
        )
    if submission.withdrawn:
        yield (
            f"{submission.withdrawn:,} segments were reported and deleted again within the file; "
            "they are among the rejects, each with the line that withdraws it."
        )


def _refuse_error_records(source: Source) -> None:
    start = [line for line in source.start.split(b"\n")[:LOOKED_AT] if line.strip()]
    if start and all(ERROR_RECORD.match(line) for line in start[:-1] or start):
        raise LayoutChanged(
            f"{source.name}: holds the FBI's error records about a submission (it begins "
            f"{start[0][:30].decode('latin-1')!r}), not the submission; add the submission itself"
        )


def _lines(path: Path) -> Iterator[Line]:
    """Every line of the file. A line longer than any segment is held in part."""
    with path.open("rb") as file:
        number = bytes_before = 0
        while held := file.readline(LONGEST_LINE):
            number += 1
            _refuse_nul(held, path, number)
            length, piece = len(held), held
            while not piece.endswith(b"\n") and (more := file.readline(1 << 20)):
                _refuse_nul(more, path, number)
                length, piece = length + len(more), more
            if number == 1:
                held = held.removeprefix(b"\xef\xbb\xbf")
            text = held.decode("latin-1").rstrip("\r\n")
            yield Line(number, text, piece.endswith(b"\n"), bytes_before)
            bytes_before += length


def _refuse_nul(piece: bytes, path: Path, number: int) -> None:
    if b"\0" in piece:
        raise BadRow(
            f"{path.name} line {number}: holds NUL bytes; a submission is plain ASCII text. It may "
            "be UTF-16 or damaged; ask for it again"
        )


def _deletions(path: Path) -> dict[tuple[str, str], list[int]]:
    """The lines that delete an incident, by agency and number: read before all else."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in _lines(path):
        if line.text[4:6] == "1D":
            try:
                found[segment(line.text).key].append(line.number)
            except Unfit:
                continue  # it is rejected with its reason when the lines are taken in turn
    return found


def _take(submission: Submission, line: Line) -> None:
    """One line into its table, or among the rejects, or aside if it is blank."""
    out = submission.out
    out.rows.read += 1
    if not line.text.strip():
        out.rows.aside += 1
        return
    try:
        told = segment(line.text)
        if told.is_trimmed and not line.is_ended:
            raise Unfit(
                f"says it is {told.length:04d} long and the file stops after {len(line.text)} "
                "characters; it is cut short"
            )
        _PLACE[told.level](submission, told, line)
    except Unfit as why:
        out.reject(line.number, str(why), line.text)
        return
    submission.trimmed += told.is_trimmed
    submission.submitted.add(told.submitted)
    submission.agencies.add(told.ori)


def _take_zero_report(submission: Submission, told: Segment, line: Line) -> None:
    month, year = told.values["month"], told.values["year"]
    if not 1 <= month <= 12 or not first_year() <= year <= told.submitted.year:
        raise Unfit(
            f"reports that nothing happened in month {month:02d} of {year:04d}; a month up to "
            f"that of submission is needed in columns 38-43"
        )
    if told.number.strip("0"):
        raise Unfit(f"a zero report with incident number {told.number!r}; twelve zeros are needed")
    submission.zero_reports.append((line, told.ori, year, month))


def _take_incident(submission: Submission, told: Segment, line: Line) -> None:
    submission.placed.clear()
    before = submission.incidents.get(told.key)
    deletions = submission.deletions.get(told.key, [])
    if told.action != "D" and before and before.action != "D":
        raise Unfit(
            f"incident {told.number} of {told.ori} already stands on line {before.line}; it must "
            "be deleted before it is reported again"
        )
    submission.count += 1
    withdrawn_on = next((n for n in deletions if n > line.number), None)
    if told.action == "D":
        withdrawn_on = None
        submission.deleted += 1
    incident = Incident(submission.count, line.number, told.action, withdrawn_on)
    submission.incidents[told.key] = incident
    day: date = told.values["incident_date"]
    values = {**told.values, "own_offense_codes": " ".join(told.values["own_offense_codes"])}
    values["is_report_date"] = told.values["is_report_date"] == "R"
    _keep(
        submission,
        "incidents",
        IncidentFact(
            incident=incident.number,
            ori=told.ori,
            incident_number=told.number,
            counted_year=day.year,
            counted_month=day.month,
            is_window=told.action == "W",
            count=-1 if told.action == "D" else 1,
            file_row=line.number,
            own_withdrawn_on_line=withdrawn_on,
            **values,
            **_origin(told),
        ),
    )
    submission.years.add(day.year)
    if told.action == "I" and withdrawn_on is None:
        submission.active.setdefault((told.ori, day.year, day.month), line.number)


def _incident_of(submission: Submission, told: Segment, line: Line) -> int:
    """The number of the incident a segment belongs to. Raises Unfit where it has none."""
    incident = submission.incidents.get(told.key)
    called = f"incident {told.number} of {told.ori}"
    if incident is None:
        raise Unfit(f"no level 1 segment of {called} that was kept stands before it")
    if incident.action == "D":
        raise Unfit(f"{called} is deleted on line {incident.line}; a deletion has level 1 alone")
    if incident.withdrawn_on is not None:
        submission.withdrawn += 1
        raise Unfit(f"{called} is withdrawn by the deletion on line {incident.withdrawn_on}")
    key = (incident.number, told.level, *identity(told))
    if key in submission.placed:
        said = " ".join(str(v) for v in identity(told))
        raise Unfit(
            f"{level_name(told.level)} {said} of {called} already stands on line "
            f"{submission.placed[key]}"
        )
    submission.placed[key] = line.number
    return incident.number


def _take_offense(submission: Submission, told: Segment, line: Line) -> None:
    _keep(
        submission,
        "offenses",
        OffenseFact(
            incident=_incident_of(submission, told, line),
            offense=offense_keys().get(told.values["offense_code"]),
            file_row=line.number,
            **told.values,
            **_origin(told),
        ),
    )


def _take_property(submission: Submission, told: Segment, line: Line) -> None:
    number = _incident_of(submission, told, line)
    for fact in properties(told, number, line.number):
        _add(submission, "properties", fact)
    submission.out.rows.kept += 1


def properties(told: Segment, incident: int, line: int) -> list[PropertyFact]:
    """A property segment as rows, one a kind of property, or one if it names none.

    The numbers of vehicles stand with the first kind that is a motor vehicle, the drugs with the
    first that is drugs, or else with the first row, so that sums over rows count them once.
    """
    said = told.values
    kinds = list(zip(said["descriptions"], said["values"], said["recovered_dates"], strict=True))
    kinds = [k for k in kinds if k != (None, None, None)] or [(None, None, None)]
    described = [k[0] for k in kinds]
    with_vehicles = next((i for i, d in enumerate(described) if d in vehicles()), 0)
    with_drugs = described.index("10") if "10" in described else 0
    drugs = list(
        zip(said["drug_types"], said["drug_quantities"], said["drug_measures"], strict=True)
    )
    drugs = [d for d in drugs if d != (None, None, None)]
    return [
        PropertyFact(
            incident=incident,
            loss_type=said["loss_type"],
            description=description,
            value=value,
            recovered_date=recovered,
            stolen_vehicles=said["stolen_vehicles"] if i == with_vehicles else None,
            recovered_vehicles=said["recovered_vehicles"] if i == with_vehicles else None,
            drug_types=[kind or "" for kind, _, _ in drugs] if i == with_drugs else [],
            drug_quantities=[_quantity(*d) for d in drugs] if i == with_drugs else [],
            drug_measures=[measure for _, _, measure in drugs] if i == with_drugs else [],
            file_row=line,
            own_drug_quantities=_printed_quantities(drugs) if i == with_drugs else "",
            own_offense_codes=" ".join(said["own_offense_codes"]),
            **_origin(told),
        )
        for i, (description, value, recovered) in enumerate(kinds)
    ]


def _quantity(_kind: str | None, thousandths: int | None, measure: str | None) -> float | None:
    """How much, in the measure beside it; None where the agency does not say."""
    if thousandths is None or measure == not_reported():
        return None
    return thousandths / 1000


def _printed_quantities(drugs: list[tuple[str | None, int | None, str | None]]) -> str:
    return " ".join("-" if q is None else f"{q / 1000:.3f}" for _, q, _ in drugs)


def _take_victim(submission: Submission, told: Segment, line: Line) -> None:
    pairs = zip(told.values["related_offenders"], told.values["relationships"], strict=True)
    said = [(o, r) for o, r in pairs if (o, r) != (None, None)]
    related = {"related_offenders": [o for o, _ in said], "relationships": [r for _, r in said]}
    _keep(
        submission,
        "victims",
        VictimFact(
            incident=_incident_of(submission, told, line),
            file_row=line.number,
            **{**told.values, **related},
            **_origin(told),
        ),
    )


def _take_offender(submission: Submission, told: Segment, line: Line) -> None:
    number = _incident_of(submission, told, line)
    fact = OffenderFact(incident=number, file_row=line.number, **told.values, **_origin(told))
    _keep(submission, "offenders", fact)


def _take_arrestee(submission: Submission, told: Segment, line: Line) -> None:
    codes = " ".join(told.values["own_clearance_offense_codes"])
    fact = ArresteeFact(
        incident=_incident_of(submission, told, line),
        ori=told.ori,
        is_group_b=False,
        count=1,
        file_row=line.number,
        **{**told.values, "own_clearance_offense_codes": codes},
        **_origin(told),
    )
    _keep(submission, "arrestees", fact)


def _take_group_b(submission: Submission, told: Segment, line: Line) -> None:
    is_deletion = told.action == "D"
    submission.deleted_arrests += is_deletion
    day: date = told.values["arrest_date"]
    fact = ArresteeFact(
        incident=None,
        ori=told.ori,
        is_group_b=True,
        arrest_number=told.number,
        multiple=None,
        count=-1 if is_deletion else 1,
        file_row=line.number,
        own_clearance_indicator=None,
        own_clearance_offense_codes="",
        **told.values,
        **_origin(told),
    )
    _keep(submission, "arrestees", fact)
    submission.years.add(day.year)
    if not is_deletion:
        submission.active.setdefault((told.ori, day.year, day.month), line.number)


_PLACE = {
    "0": _take_zero_report,
    "1": _take_incident,
    "2": _take_offense,
    "3": _take_property,
    "4": _take_victim,
    "5": _take_offender,
    "6": _take_arrestee,
    "7": _take_group_b,
}


def _origin(told: Segment) -> dict[str, Any]:
    return Origin(
        own_action=told.action,
        own_segment_length=told.length,
        own_submission_year=told.submitted.year,
        own_submission_month=told.submitted.month,
        own_city_indicator=told.city,
    )._asdict()


def _keep(submission: Submission, table: str, fact: NamedTuple) -> None:
    """The one row a line becomes."""
    _add(submission, table, fact)
    submission.out.rows.kept += 1


def _add(submission: Submission, table: str, fact: NamedTuple) -> None:
    rows = submission.rows[table]
    rows.append(fact)
    if len(rows) >= AT_ONCE:
        submission.out.write(table, rows)
        rows.clear()


def _finish(submission: Submission, name: str) -> None:
    """The months, and the rows still held."""
    _take_months(submission)
    _refuse_if_no_submission(submission, name)
    for table, held in submission.rows.items():
        submission.out.write(table, held)


def _refuse_if_no_submission(submission: Submission, name: str) -> None:
    """Raise where most of the lines so far are no segments: soon, if the file is something else."""
    rows = submission.out.rows
    said = rows.read - rows.aside
    if not submission.submitted or rows.rejected > MOST_REJECTED * said:
        first = submission.out.first_reject() or "it has no segments"
        raise BadRow(
            f"{name}: {rows.rejected:,} of {said:,} lines are no segments of a NIBRS submission "
            f"(the first: {first}). Is it one, and whole?"
        )


def _take_months(submission: Submission) -> None:
    """Zero reports, unless the file reports something in that month; then the other months."""
    out = submission.out
    zero: dict[tuple[str, int, int], int] = {}
    for line, ori, year, month in submission.zero_reports:
        month_of_agency = (ori, year, month)
        if reported := submission.active.get(month_of_agency) or zero.get(month_of_agency):
            out.reject(
                line.number,
                f"a zero report of {ori} for {year}-{month:02d}, for which line {reported} reports",
                line.text,
            )
            continue
        zero[month_of_agency] = line.number
        out.rows.kept += 1
        submission.years.add(year)
    facts = [AgencyMonthFact(*key, "zero", line) for key, line in zero.items()]
    facts += [AgencyMonthFact(*key, "incidents") for key in submission.active]
    out.write("agency_months", facts)

"""Rows of the tables about incidents, as the NIBRS submission fills them (see tables.toml)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

Texts = list[str]


class Origin(NamedTuple):
    """What every segment of a submission says of itself."""

    own_action: str
    own_segment_length: int
    own_submission_year: int
    own_submission_month: int
    own_city_indicator: str | None


class IncidentFact(NamedTuple):
    """One administrative segment; `own_withdrawn_on_line` is the deletion that takes it back."""

    incident: int
    ori: str
    incident_number: str
    incident_date: date
    is_report_date: bool
    incident_hour: int | None
    counted_year: int
    counted_month: int
    cleared_exceptionally: str | None
    exceptional_clearance_date: date | None
    cargo_theft: str | None
    is_window: bool
    count: Any  # int, which mypy would take for tuple.count
    file_row: int
    own_offense_codes: str
    own_withdrawn_on_line: int | None
    own_action: str
    own_segment_length: int
    own_submission_year: int
    own_submission_month: int
    own_city_indicator: str | None


class OffenseFact(NamedTuple):
    """One offense segment."""

    incident: int
    offense_code: str
    offense: str | None
    attempted_completed: str
    suspected_using: Texts
    location: str | None
    premises_entered: int | None
    method_of_entry: str | None
    criminal_activity: Texts
    weapons: Texts
    biases: Texts
    file_row: int
    own_action: str
    own_segment_length: int
    own_submission_year: int
    own_submission_month: int
    own_city_indicator: str | None


class PropertyFact(NamedTuple):
    """One kind of property in a property segment, or the segment itself where it names none."""

    incident: int
    loss_type: str
    description: str | None
    value: int | None
    recovered_date: date | None
    stolen_vehicles: int | None
    recovered_vehicles: int | None
    drug_types: Texts
    drug_quantities: list[float | None]
    drug_measures: list[str | None]
    file_row: int
    own_drug_quantities: str
    own_offense_codes: str
    own_action: str
    own_segment_length: int
    own_submission_year: int
    own_submission_month: int
    own_city_indicator: str | None


class VictimFact(NamedTuple):
    """One victim segment."""

    incident: int
    victim_sequence: int
    offense_codes: Texts
    victim_type: str
    age: str | None
    sex: str | None
    race: str | None
    ethnicity: str | None
    resident: str | None
    circumstances: Texts
    justifiable_circumstance: str | None
    injuries: Texts
    related_offenders: list[str | None]
    relationships: list[str | None]
    officer_activity: str | None
    officer_assignment: str | None
    officer_other_ori: str | None
    file_row: int
    own_action: str
    own_segment_length: int
    own_submission_year: int
    own_submission_month: int
    own_city_indicator: str | None


class OffenderFact(NamedTuple):
    """One offender segment."""

    incident: int
    offender_sequence: int
    age: str | None
    sex: str | None
    race: str | None
    ethnicity: str | None
    file_row: int
    own_action: str
    own_segment_length: int
    own_submission_year: int
    own_submission_month: int
    own_city_indicator: str | None


class ArresteeFact(NamedTuple):
    """One arrest: of an incident, or of group B."""

    incident: int | None
    ori: str
    is_group_b: bool
    arrestee_sequence: int
    arrest_number: str
    arrest_date: date
    arrest_type: str | None
    multiple: str | None
    offense_code: str
    weapons: Texts
    age: str | None
    sex: str | None
    race: str | None
    ethnicity: str | None
    resident: str | None
    juvenile_disposition: str | None
    count: Any  # int, which mypy would take for tuple.count
    file_row: int
    own_clearance_indicator: str | None
    own_clearance_offense_codes: str
    own_action: str
    own_segment_length: int
    own_submission_year: int
    own_submission_month: int
    own_city_indicator: str | None

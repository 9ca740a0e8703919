"""Small files in the layout of the FBI's estimates, with figures of our own making."""

from __future__ import annotations

from pathlib import Path

HEADER = (
    "year,state_abbr,state_name,population,violent_crime,homicide,rape_legacy,rape_revised,robbery,"
    "aggravated_assault,property_crime,burglary,larceny,motor_vehicle_theft,caveats"
)


def row(year: int, state: str = "WY", name: str = "Wyoming", murder: int = 20) -> str:
    """One state in one year: 100 rapes by the revised definition, 200 robberies, 300 assaults."""
    violent = murder + 100 + 200 + 300
    return f"{year},{state},{name},500000,{violent},{murder},,100,200,300,1500,400,1000,100,"


def write(path: Path, years: range = range(2017, 2020), murder: int = 20) -> Path:
    """A file of one state. Each number of murders makes another file, and so another release."""
    path.write_text("\n".join([HEADER, *(row(y, murder=murder) for y in years)]) + "\n")
    return path

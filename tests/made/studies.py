"""Studies with a known truth, written to a folder as a user would write them."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

CITIES = [f"C{i:02}" for i in range(24)]
YEARS = range(2000, 2018)


def write_study(
    folder: Path,
    *,
    effect: float = 1.0,
    units: Sequence[str] = CITIES,
    periods: Sequence[int] = YEARS,
    starts: dict[str, int] | None = None,
    level: float = 1600.0,
    title: str = "Street lights",
    outcome: str = "offenses",
    exposure: bool = True,
    more: str = "",
    claimed: str = "claimed = [-42, -4]",
) -> Path:
    """A study of counts in which units with a start are multiplied by `effect` from it on."""
    starts = starts or {units[0]: periods[2 * len(periods) // 3]}
    draw = np.random.default_rng(5)
    with (folder / "panel.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["unit", "period", outcome, "people"])
        for i, unit in enumerate(units):
            for j, period in enumerate(periods):
                on = unit in starts and period >= starts[unit]
                wave = 1 + 0.15 * np.sin(j / 3)
                mean = level * (1 + 0.03 * ((7 * i + 11) % len(units))) * wave
                cell = draw.poisson(mean * (effect if on else 1.0))
                writer.writerow([unit, period, cell, 200_000])
    first, last = min(starts.values()), periods[-1]
    treated = ", ".join(
        f"{{ name = {_quoted(u)}, start = {start} }}" for u, start in starts.items()
    )
    people = 'exposure = "people"' if exposure else ""
    path = folder / "study.toml"
    path.write_text(
        f"title = {_quoted(title)}\nprogram = {_quoted(title)}\nseed = 3\ndraws = 199\n{more}\n"
        '[panel]\ndata = "panel.csv"\nunit = "unit"\nperiod = "period"\nmeasure = "count"\n'
        f"outcome = {_quoted(outcome)}\n{people}\n"
        f"[treated]\nunits = [{treated}]\n"
        f"[window]\npre = [{periods[0]}, {max(p for p in periods if p < first)}]\n"
        f'post = [{first}, {last}]\n[hypothesis]\ndirection = "lower"\n{claimed}\n',
        encoding="utf-8",
    )
    return path


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

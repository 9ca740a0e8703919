"""How long Byrne JAG takes: one national run with 18,000 local agencies, and 1,000 what-ifs.

Local agencies are invented: many small, few large. The yardstick is the nearest comparable
system, law as dated, cited parameters with reforms: PolicyEngine US, which changes one parameter
and works one household out again. Its rules are far more than one grant's, so the ratio says what
a what-if costs a user, not whose arithmetic is faster. It goes into an environment of its own:

    python -m venv rival && rival/bin/pip install policyengine-us
    python benchmarks/grants.py [--rival-python rival/bin/python] [--runs 5]
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from baserate.grants.award import Asked, first_day, work_out
from baserate.grants.local import Unit
from baserate.grants.local_states import local_states
from baserate.grants.parameters import rules
from baserate.grants.scenario import parse_scenario
from baserate.grants.what_ifs import what_ifs
from baserate.store.open import open_store
from baserate.terms.places import states

AGENCIES = 18_000
YEAR = 2013
REFORM = "[minimum_share]\nvalue = 0.005"
RIVAL = """
import time
from policyengine_core.reforms import Reform
from policyengine_us import Simulation

people = {"people": {"one": {"age": {"2024": 40}, "employment_income": {"2024": 30000}}}}
Simulation(situation=people).calculate("household_net_income", 2024)
changes = {"gov.irs.credits.ctc.refundable.individual_max": {"2024-01-01.2024-12-31": 2000}}
start = time.perf_counter()
reform = Reform.from_dict(changes, country_id="us")
Simulation(situation=people, reform=reform).calculate("household_net_income", 2024)
print(time.perf_counter() - start)
"""


def invented(count: int, seed: int = 1) -> list[Unit]:
    """Units of all States and the District, the same each time."""
    pick, keys = random.Random(seed), list(states())
    return [
        Unit(
            f"unit {i}", keys[i % len(keys)], {}, Fraction(int(3 * pick.paretovariate(0.7)), 3), ""
        )
        for i in range(count)
    ]


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Run it and print promises beside what was measured."""
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--rival-python", type=Path)
    given = options.parse_args()
    store, units = open_store(), invented(AGENCIES)
    on = rules("jag").on(first_day(YEAR))
    reform = parse_scenario(REFORM, rules("jag"))

    def national(asked: Asked) -> None:
        local_states(work_out(asked, store), units, on)

    national(Asked(YEAR))  # the records are opened once
    ours = [seconds(lambda: national(Asked(YEAR))) for _ in range(given.runs)]
    reformed = [seconds(lambda: national(Asked(YEAR, scenario=reform))) for _ in range(given.runs)]
    award = work_out(Asked(YEAR), store)
    thousand = seconds(lambda: what_ifs(award, units, on, count=1_000))
    print(f"national run, {AGENCIES:,} local agencies   {_shown(ours)}   promised under 0.2 s")
    print(f"the same under a what-if             {_shown(reformed)}")
    print(f"1,000 what-ifs, perturbed counts     {thousand:6.2f} s          promised under 20 s")
    if given.rival_python is None:
        print("no rival: name an environment that has it with --rival-python")
        return
    command = [str(given.rival_python), "-c", RIVAL]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rival = float(told.split()[-1])
    ratio = rival / statistics.median(reformed)
    print(f"PolicyEngine US, one reform, one household {rival:6.2f} s    {ratio:,.0f} times ours")


def _shown(runs: list[float]) -> str:
    return f"{statistics.median(runs):6.3f} s (best {min(runs):.3f})"


if __name__ == "__main__":
    main()

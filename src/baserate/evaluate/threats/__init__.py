"""What could make a design lie: looked for before any effect is worked out.

Each threat has a name, how grave it is, and a sentence with its figures. `grave` means that an
effect found may be this instead, `mild` that it must be said.
"""

from __future__ import annotations

from baserate.evaluate.panel import Panel
from baserate.evaluate.threats.breaks import breaks
from baserate.evaluate.threats.design import design_threats
from baserate.evaluate.threats.silence import silences
from baserate.evaluate.threats.switch import switches
from baserate.evaluate.threats.threat import ORDER, Gravity, Threat

__all__ = ["Gravity", "Threat", "threats"]


def threats(panel: Panel) -> tuple[Threat, ...]:
    """Every threat that can be seen in the panel itself, the gravest first."""
    found = [*switches(panel), *silences(panel), *design_threats(panel), *breaks(panel)]
    return tuple(sorted(found, key=lambda t: ORDER.index(t.gravity)))

"""One threat, and how grave it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Gravity = Literal["grave", "mild"]
ORDER: tuple[Gravity, ...] = ("grave", "mild")


@dataclass(frozen=True, slots=True)
class Threat:
    """One thing that could make an effect wrong. `name` is stable; `text` has the figures."""

    name: str
    gravity: Gravity
    text: str

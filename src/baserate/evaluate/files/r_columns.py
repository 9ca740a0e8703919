"""Data frames out of R's own format, through the library rdata."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

MOST_ROWS = 50_000_000  # a sequence is a few bytes in the file and this many values out of it
EPOCH = datetime.date(1970, 1, 1)


def r_frames(data: bytes) -> dict[str, Mapping[str, Any]]:
    """The data frames of an .rda or .rds stream by name; the one of an .rds has the name ''.

    Factors become their levels and dates text. Other objects are passed over.
    """
    import rdata

    is_list = data.startswith((b"RDX", b"RDA"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of classes that it does not know; values stay as stored
        parsed = rdata.parser.parse_data(
            data,
            altrep_constructor_dict=_bounded(),
            extension=".rda" if is_list else ".rds",
        )
        held = rdata.conversion.convert(
            parsed,
            {"data.frame": _Frame.of, "factor": _levels, "ordered": _levels, "Date": _dates},
        )
    if is_list:
        return {str(n): v.columns for n, v in held.items() if isinstance(v, _Frame)}
    return {"": held.columns} if isinstance(held, _Frame) else {}


class _Frame:
    def __init__(self, columns: Mapping[str, Any]) -> None:
        self.columns = columns

    @classmethod
    def of(cls, columns: Mapping[str, Any], _attributes: Mapping[str, Any]) -> _Frame:
        return cls(columns)


def _levels(codes: Any, attributes: Mapping[str, Any]) -> Any:
    levels = attributes["levels"]
    told = np.ma.filled(np.ma.asarray(codes), 0).tolist()
    return np.array([levels[i - 1] if i > 0 else None for i in told], dtype=object)


def _dates(days: Any, _attributes: Mapping[str, Any]) -> Any:
    told = np.ma.filled(np.ma.asarray(days, dtype=np.float64), np.nan).tolist()
    return np.array(
        [None if d != d else (EPOCH + datetime.timedelta(d)).isoformat() for d in told],
        dtype=object,
    )


def _bounded() -> dict[bytes, Callable[..., Any]]:
    """How stored-in-short objects are expanded, with a bound on sequences."""
    from rdata.parser import DEFAULT_ALTREP_MAP

    def bounded(expand: Callable[..., Any]) -> Callable[..., Any]:
        def expanded(state: Any) -> Any:
            if not 0 <= float(state.value[0]) <= MOST_ROWS:
                raise ValueError(f"a sequence of {float(state.value[0]):,.0f} values")
            return expand(state)

        return expanded

    return {
        name: bounded(expand) if name.startswith(b"compact_") else expand
        for name, expand in DEFAULT_ALTREP_MAP.items()
    }

"""Frames to Statements: which form of statement each is, and what it asserts."""

from __future__ import annotations

from baserate.claims.classify.statements import statements_of

__all__ = ["statements_of"]

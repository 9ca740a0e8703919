"""What a sentence mentions, put together: who did what, by how much, where and when."""

from __future__ import annotations

from baserate.claims.frames.build import frames_of
from baserate.claims.frames.frame import Figure, Frame, chain

__all__ = ["Figure", "Frame", "chain", "frames_of"]

"""One sentence to the things it mentions: offenses, places, times, sizes, directions, cues.

Nothing is decided here about what the sentence asserts; `frames` and `classify` do that.
"""

from __future__ import annotations

from baserate.claims.scan.mention import Mention, MentionKind, Scan
from baserate.claims.scan.sentence import scan

__all__ = ["Mention", "MentionKind", "Scan", "scan"]

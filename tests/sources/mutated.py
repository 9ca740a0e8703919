"""Files as they arrive damaged: a valid one with bytes flipped, cut, and lines or cells moved."""

from __future__ import annotations

from hypothesis import strategies as st


@st.composite
def mutated(draw: st.DrawFn, valid: bytes) -> bytes:
    """A valid text file with one to four things done to it."""
    data = valid
    for _ in range(draw(st.integers(1, 4))):
        lines = data.split(b"\n")
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        match draw(st.sampled_from(["flip", "cut", "double", "drop", "cell", "insert"])):
            case "flip" if data:
                i = draw(st.integers(0, len(data) - 1))
                data = data[:i] + bytes([draw(st.integers(0, 255))]) + data[i + 1 :]
                continue
            case "cut":
                data = data[: draw(st.integers(0, len(data)))]
                continue
            case "insert":
                i = draw(st.integers(0, len(data)))
                odd = [
                    b'"',
                    b"\\",
                    b"\r",
                    b"\x00",
                    b"\xff",
                    b"-1",
                    b"9" * 40,
                    b",,",
                    b"\n\n",
                    b"1e+05",
                ]
                data = data[:i] + draw(st.sampled_from(odd)) + data[i:]
                continue
            case "double":
                lines.insert(at, lines[at])
            case "drop":
                lines.pop(at)
            case "cell":
                cells = lines[at].split(b",")
                i = draw(st.integers(0, len(cells) - 1))
                odd = [b"", b"NA", b"0", b"-3", b"2.5", b'"', b"nan", b"\xc3\xa9"]
                cells[i] = draw(st.sampled_from(odd))
                lines[at] = b",".join(cells)
        data = b"\n".join(lines)
    return data

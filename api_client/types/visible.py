"""Characters that could steer a terminal or hide text, made visible.

Names, notes and file contents come from outside. A terminal obeys ESC and C1 bytes, and bidirectional
or zero-width characters make one name look like another, so every such character is shown as a sign.
Free of pydantic, so that widgets use the same function as a second line of defence.
"""

from __future__ import annotations

import unicodedata

_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols that Unicode calls printable and terminals draw as nothing."""


def _sign(char: str) -> str:
    if char.isprintable() and char not in _BLANK_LETTERS:
        return char
    if unicodedata.category(char) == "Zs":
        return " "
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"<{code:04X}>"


def visible_line(text: str) -> str:
    """The text as one line: whatever is not plainly printable, line ends and tabs included, as a sign.

    Doing it twice changes nothing more.
    """
    if text.isprintable() and _BLANK_LETTERS.isdisjoint(text):
        return text
    return "".join(map(_sign, text))


def visible_paragraph(text: str) -> str:
    """As `visible_line`, but line ends stay line ends and a tab becomes a blank."""
    lines = text.replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "\n".join(map(visible_line, lines))

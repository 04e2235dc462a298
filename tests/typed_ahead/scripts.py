"""Random keys of a rep in a hurry: numbers, names, ways and moves, and nothing that decides.

A digit on an open case turns to a candidate, which is part of deciding: who types numbers keeps off cases.
"""

from __future__ import annotations

import random

KEYS = 20
GROUPS = ("100201", "100202", "100203")
_NAMES = ("quill", "inkw", "zzz", "ottoline quill", "boats")
_WAYS = ("b", "e", "i", "l", "o", "k", "E", "B", "f3", "f4", "f5", "f6", "f7")
_MOVES = ("down", "up", "pagedown", "pageup", "home", "end", "tab", "left", "right")
_LOOKS = ("question_mark", "f1")


def script(seed: int, keys: int = KEYS) -> list[str]:
    """At least so many keys, the same for the same seed: with numbers, or with the queue and its cases."""
    dice = random.Random(seed)
    numbers = seed % 2 == 0
    typed = ["f3"] if numbers else []
    while len(typed) < keys:
        typed += _word(dice, numbers)
    return typed


def _word(dice: random.Random, numbers: bool) -> list[str]:
    kind = dice.choices(("group", "name", "way", "move", "enter", "escape", "look"), (3, 1, 6, 6, 4, 3, 1))[0]
    match kind:
        case "group" if numbers:
            return [*dice.choice(GROUPS), "enter"]
        case "group":
            return ["f2"]
        case "name":
            return ["/", *dice.choice(_NAMES), "enter"]
        case "way":
            return [dice.choice(_WAYS)]
        case "move":
            return [dice.choice(_MOVES)]
        case "look":
            return [dice.choice(_LOOKS), "escape"]
    return [kind]

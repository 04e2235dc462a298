"""User IDs and codes: how they look, that they are random, and under which digest they are known."""

from __future__ import annotations

import random
import re
import secrets
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.keys import new_keys
from backend.user_ids.codes import ALPHABET, canonical, code_digest, login_digest, new_code, new_user_id

KEYS = new_keys()
_LOOKS_ALIKE = set("01IOLU")


def test_a_code_is_twelve_signs_that_nobody_reads_as_others() -> None:
    assert not _LOOKS_ALIKE & set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 30
    for _ in range(200):
        assert re.fullmatch(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", new_code(secrets.randbelow))


def test_a_user_id_can_be_read_aloud_and_says_nothing() -> None:
    for _ in range(200):
        words = new_user_id(secrets.randbelow)
        assert re.fullmatch(r"([BDKMNRTVZ][AEOU]){2}-([BDKMNRTVZ][AEOU]){2}-[2-9]{2}", words)
        first, second, _ = words.split("-")
        assert first[:2] != first[2:]
        assert second[:2] != second[2:]


def test_every_sign_at_every_place_is_as_likely_as_any_other() -> None:
    dice = random.Random(7)
    codes = [new_code(dice.randrange).replace("-", "") for _ in range(6_000)]
    for place in range(12):
        counts = Counter(code[place] for code in codes)
        assert set(counts) == set(ALPHABET)
        # 29 degrees of freedom: beyond 70 once in 40,000 times.
        assert sum((count - 200) ** 2 / 200 for count in counts.values()) < 70
    assert len(set(codes)) == len(codes)
    ids = [new_user_id(dice.randrange) for _ in range(2_000)]
    assert len(set(ids)) > 1_995


@pytest.mark.parametrize(
    "typed",
    [
        "K7QM-9XRT-3HWD",
        "k7qm-9xrt-3hwd",
        " K7QM 9XRT 3HWD ",
        "K7QM9XRT3HWD",
        "K7QM\u20139XRT\u20143HWD",
        "K7QM\u00a09XRT\u20113HWD\t",
    ],
)
def test_what_is_typed_is_compared_without_what_makes_no_difference(typed: str) -> None:
    assert code_digest(KEYS, typed) == code_digest(KEYS, "K7QM-9XRT-3HWD")


@given(st.text())
def test_the_canonical_form_is_the_same_again(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


def test_digests_tell_nothing_without_the_key_and_purposes_apart() -> None:
    assert code_digest(KEYS, "K7QM9XRT3HWD") != code_digest(new_keys(), "K7QM9XRT3HWD")
    assert code_digest(KEYS, "AAAA") != login_digest(KEYS, "AAAA")
    assert login_digest(KEYS, " bako-TENU-47 ") == login_digest(KEYS, "BAKO-TENU-47")
    assert code_digest(KEYS, "K7QM-9XRT-3HWD") != code_digest(KEYS, "K7QM-9XRT-3HWE")

"""User IDs and codes: made here, in the memory of the process that prints them, and nowhere else.

They go onto the paper and into keyed digests, and are forgotten with the process: no answer, log, database or
file ever has them. Their letters are printed by this process itself, for what goes to another one is copied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from api_client.types.billing_words import LetterKind
from api_client.types.letters import PrintedCode
from api_client.types.user_id_words import LetterPart
from backend.keys import Keys
from backend.letters.content import paper_of
from backend.letters.facts import FactsError, UserIdFacts, read_facts
from backend.letters.render import press
from backend.letters.user_id_words import Secret
from backend.user_ids.codes import Pick, code_digest, login_digest, new_code, new_user_id

_AT_ONCE = 50
"""Requests that are in memory at a time."""
Letter = Mapping[str, Any]
Issue = Callable[[bytes], Mapping[str, Any]]
"""Hands lines of `PrintedCode` to the backend; returns its report, `LettersIssued` as JSON values."""


def of_requests(letters: Sequence[Letter]) -> dict[str, list[Letter]]:
    """The letters with ID or code of a mailing by their request, in their order."""
    found: dict[str, list[Letter]] = {}
    for one in letters:
        if one["kind"] == LetterKind.USER_ID:
            found.setdefault(one["request"], []).append(one)
    return found


@dataclass(frozen=True, repr=False)
class _Minted:
    """The papers of one request, and what the backend is told of it."""

    letters: Sequence[Letter]
    pdfs: Sequence[bytes]
    told: PrintedCode


@dataclass(frozen=True, repr=False)
class Mint:
    """Makes IDs and codes and prints them."""

    keys: Keys
    pick: Pick
    """`secrets.randbelow`."""
    issue: Issue

    def letters(
        self, requests: Mapping[str, Sequence[Letter]], folder: str, keep: Callable[[Letter, bytes], None]
    ) -> Iterator[str]:
        """Print the letters of these requests and `keep` what the backend has taken on; of any other yields
        why it waits. Raises RenderError, FactsError.
        """
        rest = iter(requests.items())
        while some := [self._mint(name, letters, folder) for name, letters in islice(rest, _AT_ONCE)]:
            lines = (one.told.model_dump_json().encode() + b"\n" for one in some)
            report = self.issue(b"".join(lines))
            refused = {int(one["line"]): str(one["reason"]) for one in report["refused"]}
            for line, one in enumerate(some, start=1):
                if line in refused:
                    yield refused[line]
                    continue
                for letter, pdf in zip(one.letters, one.pdfs, strict=True):
                    keep(letter, pdf)

    def _mint(self, request: str, letters: Sequence[Letter], folder: str) -> _Minted:
        facts = [read_facts(one["facts"]) for one in letters]
        about = [one.about for one in facts if isinstance(one.about, UserIdFacts)]
        activate_by = about[0].activate_by if about else None
        if activate_by is None or len(about) != len(facts):
            raise FactsError(f"the letters of {request} do not say by when the code is to be used")
        with_id = any(one.part is not LetterPart.CODE for one in about)
        secret = Secret(new_user_id(self.pick) if with_id else "", new_code(self.pick))
        pdfs = [press().print(paper_of(one, secret)) for one in facts]
        told = PrintedCode(
            request=request,
            papers={
                one["number"]: hashlib.sha256(pdf).hexdigest() for one, pdf in zip(letters, pdfs, strict=True)
            },
            activate_by=activate_by,
            login_digest=login_digest(self.keys, secret.user_id) if with_id else "",
            code_digest=code_digest(self.keys, secret.code),
            folder=folder,
        )
        return _Minted(letters, pdfs, told)

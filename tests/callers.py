"""Callers on a rep's line, who prove who they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from tests.desk import if_match, key

CLIENT = {"group_number": "G-100", "contact_name": "Ottoline Quillfeather", "tax_id": "4567"}
"""Answers of the contract signer of the group in `csv_files`, with an EIN that ends so."""


async def calls(api: httpx.AsyncClient) -> dict[str, Any]:
    """A new call on the line of the rep."""
    answer = await api.post("/v1/calls", json={}, headers=key())
    assert answer.status_code == 200, answer.text
    call: dict[str, Any] = answer.json()
    return call


async def proves(
    api: httpx.AsyncClient, call: Mapping[str, Any], kind: str, answers: Mapping[str, str], **whom: str
) -> dict[str, Any]:
    """The caller answers what is asked; returns what is proved of the group or person now."""
    about = {"group_number": "G-100"} | whom
    path = f"/v1/calls/{call['id']}"
    answer = await api.post(f"{path}/caller", json={**about, "kind": kind}, headers=key())
    for item, said in answers.items():
        form = {**about, "item": item, "answer": said}
        answer = await api.post(f"{path}/verify", json=form, headers=key())
        assert answer.status_code == 200, answer.text
        assert answer.json()["matched"], item
    body = answer.json()
    subject: dict[str, Any] = body.get("call", body)["subjects"][0]
    return subject


async def hangs_up(api: httpx.AsyncClient) -> None:
    """The call on the line is wrapped up."""
    call = (await api.get("/v1/calls/mine")).json()["active"]
    headers = {**key(), **if_match(call["version"])}
    answer = await api.post(f"/v1/calls/{call['id']}/wrap-up", json={"code": "DROPPED"}, headers=headers)
    assert answer.status_code == 200, answer.text

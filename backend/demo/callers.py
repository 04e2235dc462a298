"""Who calls for the groups of the demo: phones of their people, and brokers with a number."""

from __future__ import annotations

from datetime import date

from backend.demo.groups import DemoGroup

_BROKERS = ("Fern Oakhollow", "Silas Marrowby", "Greta Windlass")
_EVERY, _ENDED_EVERY = 3, 21
"""One group of so many has a broker; of some the authority is over."""


def phone_of(group: DemoGroup, line: int) -> str:
    """The number on record of the signer (line 0) or the administrator (line 1); it rings nowhere."""
    return f"510-555-{(int(group.number) * 2 + line) % 10_000:04}"


def broker_of(group: DemoGroup) -> dict[str, str]:
    """The columns of the group's broker, empty for a group without one."""
    place = int(group.number) - 104233
    if place % _EVERY:
        return {}
    ended = place > 0 and place % _ENDED_EVERY == 0
    return {
        "broker": _BROKERS[place % len(_BROKERS) if place else 0],
        "broker_phone": f"916-555-{place % 10_000:04}",
        "broker_from": max(group.effective, date(2024, 1, 1)).isoformat(),
        "broker_to": "2026-10-31" if ended else "",
        "broker_number": f"B-{20417 + place}",
        "broker_hears": "billing; queue" if place % 2 == 0 else "",
        "broker_street": f"{200 + place} FERRY ST",
        "broker_city": "OAKLAND",
        "broker_state": "CA",
        "broker_zip": "94606",
    }

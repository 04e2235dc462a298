"""What colleagues did this morning with open cases: passed on, asked about, half decided, looked at twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from api_client.types.matching import AskEmployer, Claim, Decide
from api_client.types.words import AskChannel, MatchDecision, RejectReason, SkipReason
from backend.actors import Actor
from backend.database.unit import Unit
from backend.matching import acts, ask, decide, service
from backend.runtime import Runtime

_Act = Callable[[Unit, Claim], Awaitable[object]]
_QUESTION = "Is this the same person as your employee of last year?"


async def _ask(unit: Unit, claim: Claim) -> None:
    form = AskEmployer(question=_QUESTION, channel=AskChannel.PHONE)
    await ask.ask_employer(unit, claim.item.id, claim.item.version, claim.token, form)


async def _return(unit: Unit, claim: Claim) -> None:
    form = Decide(decision=MatchDecision.REJECT, reason=RejectReason.INCOMPLETE)
    await decide.decide(unit, claim.item.id, claim.item.version, claim.token, form)


async def _link(unit: Unit, claim: Claim) -> None:
    """Link the first candidate; where a second person is needed it waits, else it waits for a second look."""
    every = replace(unit.policy.matching, second_look_percent=100)
    unit.policy = replace(unit.policy, matching=every)
    form = Decide(decision=MatchDecision.LINK, mrn=claim.item.candidates[0].mrn)
    await decide.decide(unit, claim.item.id, claim.item.version, claim.token, form)


async def _escalate(unit: Unit, claim: Claim) -> None:
    question = "Father and son? The old card shows both suffixes."
    await acts.escalate(unit, claim.item.id, claim.token, question)


async def _note(unit: Unit, claim: Claim) -> None:
    text = "Called the group: the office is closed until Monday, try after 10."
    await acts.note(unit, claim.item.id, claim.token, text)
    await acts.skip(unit, claim.item.id, claim.token, SkipReason.UNSURE)


def _hand_over(to: str, words: str) -> _Act:
    async def act(unit: Unit, claim: Claim) -> None:
        await acts.hand_over(unit, claim.item.id, claim.token, to, words)

    return act


_ACTS: Mapping[int, tuple[str, _Act]] = {
    **dict.fromkeys((5, 21, 37), ("r.chen", _ask)),
    53: ("m.lopez", _ask),
    **dict.fromkeys((12, 28, 44, 60), ("r.chen", _return)),
    14: ("r.chen", _hand_over("d.okafor", "You wrote to this group last week.")),
    30: ("m.lopez", _hand_over("r.chen", "You had the brother yesterday.")),
    16: ("r.chen", _note),
    18: ("r.chen", _escalate),
    33: ("m.lopez", _escalate),
    31: ("r.chen", _link),  # day and month exchanged: a second person has to agree
    41: ("r.chen", _link),
    15: ("r.chen", _link),  # moved: applied at once
    25: ("r.chen", _link),
}
"""By the place of a case among those of the last two days: who did what with it."""


def is_passed_on(control: int) -> bool:
    """Whether somebody did something with the case at this place."""
    return control in _ACTS


async def pass_on(runtime: Runtime, actors: Mapping[str, Actor], control: int, item: str) -> None:
    """Do with a case what somebody did, at the time of the runtime's clock."""
    username, act = _ACTS[control]
    async with runtime.act(actors[username], "DEMO") as unit:
        await act(unit, await service.claim(unit, item))

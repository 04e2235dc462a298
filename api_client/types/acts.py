"""Acts by phone: what may be done for the caller, and what will happen, said before it happens."""

from __future__ import annotations

from api_client.types.billing_words import BillingCycle
from api_client.types.call_words import PhoneAct
from api_client.types.common import Answer, DisplayText, Model


class ActChoice(Answer):
    """One of several ways to do an act."""

    value: DisplayText
    label: DisplayText
    will: DisplayText
    """What will happen, in a sentence."""


class ActOption(Answer):
    """One act for a group or person of the call."""

    act: PhoneAct
    allowed: bool
    why_not: DisplayText = ""
    will: DisplayText = ""
    """What will happen, in a sentence; empty where that depends on what is filled in or chosen."""
    choices: list[ActChoice] = []


class ActOptions(Answer):
    """Every act by phone, allowed or with the reason why not."""

    options: list[ActOption]


class PaperBill(Model):
    """The client asks for the paper bill to begin or to end (R17)."""

    on: bool


class RequestCycle(Model):
    """The client asks for another billing cycle (R23)."""

    cycle: BillingCycle


class Done(Answer):
    """What was done, with its reference."""

    sentence: DisplayText
    reference: DisplayText = ""

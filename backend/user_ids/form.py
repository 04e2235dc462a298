"""The blank request form, the number it is faxed to and the tour: for anyone, verified or not (R04, R05)."""

from __future__ import annotations

from api_client.types.user_ids import RequestForm
from backend.database.unit import Unit
from backend.letters.content import paper_of
from backend.letters.facts import LetterFacts, RequestFormFacts, plan_facts
from backend.letters.paper import Paper


async def words(unit: Unit) -> RequestForm:
    """What may be told to anyone; it costs nothing (R03)."""
    fax, tour = unit.policy.letters.form_fax, unit.policy.user_ids.tour
    days = unit.policy.user_ids.arrive_by_business_days
    return RequestForm(
        fax=fax,
        tour=tour,
        steps=[
            f"See what it does, {tour}. The tour needs no user ID.",
            "Take the request form from the end of the tour, and fill it in.",
            "Have it signed by the person who signs the contract for the company.",
            f"Fax it to {fax}.",
            f"User ID and access code come by mail within {days} business days after the fax, "
            "to the company only.",
        ],
        say=(
            f"You can take the tour {tour}. It needs no user ID, and the service is free. The request form "
            "stands at the end of the tour: have it signed by the person who signs your contract, and fax "
            f"it to {fax}. User ID and access code then come by mail within {days} business days, to your "
            "company only."
        ),
    )


async def blank(unit: Unit) -> Paper:
    """The form with nothing of any group on it; a filled one goes by mail, after verification."""
    policy = unit.policy
    about = RequestFormFacts(
        fax=policy.letters.form_fax, group_address=(), arrive_days=policy.user_ids.arrive_by_business_days
    )
    return paper_of(
        LetterFacts(
            number="",
            dated=unit.today,
            group_number="",
            group_name="",
            addressee="",
            address=(),
            plan=plan_facts(policy, "", ""),
            about=about,
        )
    )

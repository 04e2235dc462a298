"""Every question of the FAQ answered from an account with three keys, through the real backend."""

from __future__ import annotations

import httpx

from api_client._http import Http
from api_client.client import KprepClient
from backend.runtime import Runtime
from screens.accounts.account import AccountScreen
from screens.answers.answers import AnswersScreen
from screens.answers.article import ArticleScreen
from screens.widgets.screen import DeskScreen
from tests.conftest import SQLITE
from tests.csv_files import group, take_groups
from tests.desk import app_over, sign_in
from tests.screens.desk import FakeDoor, Seconds, desk
from tests.screens.rep import Rep

ASKED = {
    "new hire has no card and needs a doctor": "Before the card comes, use a copy of the enrollment form",
    "is there a fee for the website": "It costs nothing",
    "how do we sign up for the website": "Take the request form from the end of the tour",
    "do i have to use the website": "The number on your bill, 800-555-0148",
    "my assistant needs her own login": "once your company's own administrator ID is there",
    "is a termination immediate": "are done the moment you submit them",
    "kobra": "You manage your own COBRA members",
    "turning 65": "Petronella Vane, 916-555-0143 x12",
    "cant see my paper statement": "Your bill comes on paper and goes on so",
    "employee wants login": "Employees who are enrolled with us use kp.org",
    "can we send an 834": "in the national EDI standard of HIPAA",
    "choose a different billing cycle": "I can take another billing cycle for you.",
    "how do you notify of past due": "First comes a warning letter",
}
"""What is typed for each question of the FAQ, and what must then be said; COBRA and Medicare are one."""
BUDGET = 3


def stands_on(rep: Rep, screen: type[DeskScreen]) -> bool:
    return isinstance(rep.app.screen, screen)


@SQLITE
async def test_every_question_of_the_faq_takes_three_keys_from_the_account(
    api: httpx.AsyncClient, runtime: Runtime
) -> None:
    headers = await sign_in(api, runtime)
    await take_groups(runtime, group(bill_phone="800-555-0148"))
    http = Http(transport=httpx.ASGITransport(app_over(runtime)))
    http.token = headers["authorization"].removeprefix("Bearer ")
    client = KprepClient(http=http)
    seconds = Seconds()
    areas = {"accounts": lambda: AccountScreen("G-100")}
    async with desk(areas, door=FakeDoor(client), seconds=seconds, size=(80, 24)) as (app, pilot):
        rep = Rep(app, pilot, seconds)
        await rep.finds("G-100 Quillfeather Boats")
        opens, answers = "k", "enter"
        assert len((opens, answers)) <= BUDGET
        await rep.presses(opens)
        await rep.finds("ANSWERS  for G-100")
        for typed, said in ASKED.items():
            rep.pastes(typed)
            await rep.types(answers)
            await rep.finds("SAY ")
            words = " ".join(rep.sees.split())
            assert said in words, f"{typed}: {words}"
            assert stands_on(rep, ArticleScreen)
            await rep.presses("escape", "escape")
            assert stands_on(rep, AnswersScreen)
        await rep.presses("escape")
        assert stands_on(rep, AccountScreen)
    await client.close()

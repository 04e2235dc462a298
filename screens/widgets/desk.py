"""What screens may ask of the program around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from textual.content import Content
from textual.message import Message

from api_client.types.words import EventKind

if TYPE_CHECKING:
    from api_client.client import KprepClient
    from api_client.types.calls import MyCalls
    from api_client.types.search import Found, FoundAll
    from api_client.types.session import Session


@dataclass(frozen=True)
class About:
    """The group, or the person of it, that a screen shows; a caller is verified for it."""

    group: str
    mrn: str = ""
    receipt: str = ""
    """Of an enrollment that made nobody a member, instead of a member number."""


class Viewer(Protocol):
    """Documents outside the terminal: on the workstation's display, or on its printer."""

    @property
    def cannot_show(self) -> str:
        """Why no document can be shown here, in a sentence; empty when one can."""

    @property
    def cannot_print(self) -> str:
        """Why no document can be printed here; empty when one can."""

    async def show(self, document: bytes, owner: object) -> bool:
        """Show a PDF until its owner, a screen, puts it away; False when it has done so meanwhile.

        Raises Trouble with a sentence.
        """

    async def print_out(self, document: bytes) -> None:
        """Print a PDF. Raises Trouble with a sentence."""

    def put_away(self, owner: object) -> None:
        """What this owner showed goes."""


class Desk(Protocol):
    """The program, as a screen sees it."""

    @property
    def client(self) -> KprepClient:
        """What can be asked of the backend; there from the sign-in screen's first answer on."""

    @property
    def session(self) -> Session | None:
        """The signed-in rep; None before the sign-in and behind the lock."""

    @property
    def calls(self) -> MyCalls | None:
        """The rep's own calls as last heard; None before the first answer."""

    def calls_changed(self, calls: MyCalls) -> None:
        """What an act of this screen made of the rep's calls; every screen in view hears of it."""

    @property
    def viewer(self) -> Viewer:
        """Shows and prints documents; everything it shows goes with the lock."""

    async def read_file(self, name: str) -> bytes:
        """A file of this workstation that the rep names. Raises Trouble with a sentence."""

    def now(self) -> datetime:
        """The server's time in the service center's zone."""

    def seconds(self) -> float:
        """A clock that only goes forward, for waiting times."""

    def line_words(self) -> Content:
        """ONLINE, or OFFLINE since when."""

    def forget_keys(self) -> None:
        """Drop what is typed ahead: what it was meant for does not come."""

    def reference(self, error: BaseException) -> str:
        """Notes a defect without the values it met; returns the id to quote."""

    def can_find(self) -> bool:
        """Whether the search for an account is there."""

    def find(self, text: str, answer: FoundAll | None = None, chosen: Found | None = None) -> None:
        """Go to accounts and look the text up, or open what was `chosen` of an answer to it."""

    def begin_find(self, typed: str) -> None:
        """Put the search above the screen in view, with this typed already."""

    def open_area(self, name: str) -> None:
        """Go to an area, as its function key does."""


@dataclass
class Changed(Message):
    """Live update for the screens in view: fetch what you show of this record anew."""

    kind: EventKind
    subject: str
    version: int


@dataclass
class FindText(Message):
    """The accounts area is to look this up; nothing is opened before Enter when it is not `entered`."""

    text: str
    entered: bool = True
    answer: FoundAll | None = None
    """What was found by it, when that is known already, and what of it is to be opened."""
    chosen: Found | None = None

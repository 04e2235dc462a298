"""Which screen shows what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api_client.types.call_words import FoundKind
from screens.widgets.screen import DeskScreen

if TYPE_CHECKING:
    from api_client.types.search import Found


def screen_of(found: Found) -> DeskScreen | None:
    """The screen of a result; its account where it has none of its own, None where there is neither."""
    match found.kind:
        case FoundKind.MATCH_ITEM:
            from screens.matching.review import ReviewScreen

            return ReviewScreen(found.id)
        case FoundKind.FILE:
            from screens.enrollment.file import FileScreen

            return FileScreen(found.id)
        case FoundKind.USER_ID_REQUEST:
            from screens.user_ids.requests import UserIdsScreen

            return UserIdsScreen(found.group_number, at=found.id)
    return _of_group(found) if found.group_number else None


def _of_group(found: Found) -> DeskScreen:
    match found.kind:
        case FoundKind.MEMBER:
            from screens.accounts.member import PersonScreen

            return PersonScreen(found.group_number, mrn=found.id)
        case FoundKind.ENROLLMENT:
            from screens.accounts.member import PersonScreen

            return PersonScreen(found.group_number, receipt=found.id)
        case FoundKind.LETTER:
            from screens.letters.letters import LettersScreen

            return LettersScreen(found.group_number, at=found.id)
    from screens.accounts.account import AccountScreen

    return AccountScreen(found.group_number)

"""The areas behind F2 to F6, B, E, R, F and L. An area stands here when its screens work, not before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from screens.widgets.screen import DeskScreen

Areas = Mapping[str, Callable[[], DeskScreen]]
"""Name of the area -> its first screen; the module is imported at the first visit."""


def _matching() -> DeskScreen:
    from screens.matching.queue import QueueScreen

    return QueueScreen()


def _accounts() -> DeskScreen:
    from screens.search.find import FindScreen

    return FindScreen()


def _billing() -> DeskScreen:
    from screens.billing.work_list import WorkListScreen

    return WorkListScreen()


def _user_ids() -> DeskScreen:
    from screens.user_ids.requests import UserIdsScreen

    return UserIdsScreen()


def _call_backs() -> DeskScreen:
    from screens.calls.call_backs import CallBacksScreen

    return CallBacksScreen()


def _answers() -> DeskScreen:
    from screens.answers.answers import AnswersScreen

    return AnswersScreen()


def _files() -> DeskScreen:
    from screens.enrollment.files import FilesScreen

    return FilesScreen()


def _returned() -> DeskScreen:
    from screens.letters.returned import ReturnedScreen

    return ReturnedScreen()


def _form() -> DeskScreen:
    from screens.user_ids.form import FormScreen

    return FormScreen()


def _lead() -> DeskScreen:
    from screens.lead.board import BoardScreen

    return BoardScreen()


AREAS: Areas = {
    "matching": _matching,
    "accounts": _accounts,
    "billing": _billing,
    "user_ids": _user_ids,
    "answers": _answers,
    "call_backs": _call_backs,
    "files": _files,
    "returned": _returned,
    "form": _form,
    "lead": _lead,
}
"""In the order of their keys; the first one opens after the sign-in. Names: see `KprepApp.BINDINGS`."""
FINDS_IN = "accounts"
"""The area that looks up what is typed after `/`; its first screen handles `FindText`."""
FOR_LEADS = frozenset({"lead"})
"""Areas that a rep is told about and not let into; the backend answers a rep no more than this."""

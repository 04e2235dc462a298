"""One question, answered: the sentence to say first, then what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from screens.answers import presentation
from screens.answers.live import AnswersDesk
from screens.widgets.chrome import Rule
from screens.widgets.desk import About
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain

if TYPE_CHECKING:
    from api_client.types.answers import Article


class ArticleScreen(AnswersDesk):
    """An answer for a group, or for everybody."""

    HINT = "Esc goes back to the questions"
    AUTO_FOCUS = "#rest"
    DEFAULT_CSS = """
    ArticleScreen #say { height: auto; }
    ArticleScreen #rest { height: 1fr; }
    """

    def __init__(self, article_id: str, *, group: str = "") -> None:
        super().__init__(group)
        self._article_id = article_id
        self._article: Article | None = None

    def subject(self) -> Content:
        return presentation.article_subject(self._article_id, self._group)

    def about(self) -> About | None:
        return About(self._group) if self._group else None

    def compose_body(self) -> ComposeResult:
        yield Static(id="say")
        yield Rule()
        yield Detail(id="rest")

    def load(self) -> None:
        if self._article is None:
            self._tell(presentation.loading(self._article_id))
        work = self.client.answers.show(self._article_id, group=self._group or None)
        self.fetch(work, self._shown, group="answer", otherwise=self._not_loaded)

    def _shown(self, article: Article) -> None:
        self._article = article
        self._paint_head()
        self.query_one("#rest", Detail).show(lambda width: presentation.body(article, width))

    def _paint_head(self) -> None:
        if self._article is not None:
            said = presentation.head(self._article, self.app.size.width)
            self.query_one("#say", Static).update(said)

    def _tell(self, words: Content) -> None:
        """Instead of the answer."""
        self.query_one("#say", Static).update(words)
        self.query_one("#rest", Detail).show(lambda _: plain(""))

    def _not_loaded(self, error: Exception) -> bool:
        """What is not there any more is said so; what was shown stays readable after other failures."""
        from api_client.errors import NotFound

        if isinstance(error, NotFound):
            self._article = None
            self._tell(presentation.gone(error.detail))
            return True
        if self._article is None:
            self._tell(presentation.not_loaded(self._article_id))
        return False

    def on_resize(self, event: events.Resize) -> None:
        """The sentence is wrapped to the new width; textual calls the handler of every class."""
        self._paint_head()

    def why(self) -> Content | None:
        return None if self._article is None else presentation.why(self._article)

    def again(self) -> DeskScreen | None:
        return ArticleScreen(self._article_id, group=self._group)


__all__ = ["ArticleScreen"]

"""No text reaches a widget as `str`: what takes content is given content, in every file of the screens."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TAKE_CONTENT = {"Static", "Label", "Button", "Option", "Collapsible", "Checkbox", "notify", "update"}
"""Widgets and methods of the toolkit that would read a `str` as markup."""
TITLES = {"border_title", "border_subtitle", "tooltip"}
MAY_BE_TEXT = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.Attribute, ast.Subscript)
"""Expressions whose value could be a `str`; content comes from a call or from a name that mypy knows."""


def sinks(tree: ast.AST) -> Iterator[ast.expr]:
    """Every expression that is given to a widget as what it shows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in TAKE_CONTENT and node.args:
                yield node.args[0]
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in TITLES:
                    yield node.value


def doubtful(source: str) -> list[str]:
    """The sinks that could be given text."""
    return [ast.unparse(one) for one in sinks(ast.parse(source)) if isinstance(one, MAY_BE_TEXT)]


def test_the_search_finds_what_it_should() -> None:
    assert doubtful("Static(f'{name}')") == ["f'{name}'"]
    assert doubtful("line.update(row.name)") == ["row.name"]
    assert doubtful("box.border_title = 'x' + name") == ["'x' + name"]
    assert doubtful("line.update(plain(row.name)); Static(id='x'); self.app.notify(said)") == []


def test_no_widget_is_given_text() -> None:
    found = {
        str(file.relative_to(ROOT)): texts
        for floor in ("screens", "kprep_tui")
        for file in sorted((ROOT / floor).rglob("*.py"))
        if (texts := doubtful(file.read_text(encoding="utf-8")))
    }
    assert found == {}

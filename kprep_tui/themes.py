"""The three themes of the desk; their contrast is computed in a test."""

from __future__ import annotations

from textual.theme import Theme


def _theme(name: str, *, dark: bool, colours: dict[str, str], selected: tuple[str, str], muted: str) -> Theme:
    background, on_it = selected
    variables = {
        "block-cursor-background": background,
        "block-cursor-foreground": on_it,
        "block-cursor-text-style": "bold",
        "input-cursor-background": colours["foreground"],
        "input-cursor-foreground": colours["background"],
        "input-selection-background": background,
        "input-selection-foreground": on_it,
        "text": colours["foreground"],
        "text-muted": muted,
        "text-disabled": muted,
        "text-error": colours["error"],
        "text-warning": colours["warning"],
        "text-success": colours["success"],
    }
    return Theme(
        name=name,
        primary=colours["primary"],
        secondary=colours["primary"],
        accent=colours["primary"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["background"],
        panel=colours["panel"],
        error=colours["error"],
        warning=colours["warning"],
        success=colours["success"],
        dark=dark,
        text_alpha=1.0,
        variables=variables,
    )


DARK = _theme(
    "kprep-dark",
    dark=True,
    colours={
        "primary": "#56b4e9",
        "foreground": "#e4e7ea",
        "background": "#14181c",
        "panel": "#252c33",
        "error": "#ff9e80",
        "warning": "#f0c755",
        "success": "#6fd0b0",
    },
    selected=("#9ccdf0", "#0c1014"),
    muted="#a3aeb8",
)
LIGHT = _theme(
    "kprep-light",
    dark=False,
    colours={
        "primary": "#005a9c",
        "foreground": "#1a2026",
        "background": "#fafafa",
        "panel": "#e6e9ec",
        "error": "#9c2a00",
        "warning": "#6b4a00",
        "success": "#005f48",
    },
    selected=("#00487d", "#ffffff"),
    muted="#4d5861",
)
CONTRAST = _theme(
    "kprep-contrast",
    dark=True,
    colours={
        "primary": "#ffffff",
        "foreground": "#ffffff",
        "background": "#000000",
        "panel": "#1c1c1c",
        "error": "#ffb39c",
        "warning": "#ffe066",
        "success": "#8affd2",
    },
    selected=("#ffe066", "#000000"),
    muted="#d0d0d0",
)
THEMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
"""By the name used in the settings."""

"""Whoever reads the desk all day reads every colour of it against what stands behind it."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from kprep_tui.themes import CONTRAST, DARK, LIGHT, THEMES

ON_BACKGROUND = ("text", "text-muted", "text-disabled", "text-error", "text-warning", "text-success")


def luminance(colour: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""

    def linear(part: int) -> float:
        value = part / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours as WCAG 2 defines it."""
    light, dark = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
def test_every_text_is_readable_on_what_stands_behind_it(theme: Theme) -> None:
    wanted = 7.0 if theme is CONTRAST else 4.5
    colours = theme.to_color_system().generate() | theme.variables
    pairs = [(colours[name], colours[ground]) for name in ON_BACKGROUND for ground in ("background", "panel")]
    pairs.append((colours["foreground"], colours["background"]))
    pairs.append((colours["block-cursor-foreground"], colours["block-cursor-background"]))
    pairs.append((colours["input-cursor-foreground"], colours["input-cursor-background"]))
    pairs.append((colours["input-selection-foreground"], colours["input-selection-background"]))
    too_weak = [(text, ground) for text, ground in pairs if contrast(text, ground) < wanted]
    assert too_weak == []


def test_the_measure_knows_the_extremes() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


def test_there_are_a_dark_a_light_and_a_high_contrast_theme() -> None:
    assert {name: theme.dark for name, theme in THEMES.items()} == {
        "dark": True,
        "light": False,
        "contrast": True,
    }

"""What a workstation may set, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kprep_tui.launcher import close_doors
from kprep_tui.settings import Settings, SettingsError, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir(mode=0o700)
    return folder / "settings.toml"


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)


def test_without_a_file_everything_has_a_default(file: Path) -> None:
    assert load_settings(file, {}) == Settings()


def test_the_command_line_wins_over_the_environment_over_the_file(file: Path) -> None:
    write(file, 'server = "https://one.example.org"\ntheme = "light"\nworkstation = "shared"\n')
    settings = load_settings(file, {"KPREP_SERVER": "https://two.example.org/", "KPREP_THEME": "contrast"})
    assert settings == Settings("https://two.example.org", "contrast", "shared")
    assert load_settings(file, {}, server="https://three.example.org").server == "https://three.example.org"


def test_the_demo_talks_to_no_server(file: Path) -> None:
    write(file, 'server = "https://one.example.org"\n')
    assert load_settings(file, {}, demo=True).server is None


def test_keys_can_be_remapped(file: Path) -> None:
    write(file, '[keys]\n"screen.refresh" = "f7,ctrl+r"\n')
    assert load_settings(file, {}).keys == {"screen.refresh": "f7,ctrl+r"}


def test_a_viewer_is_a_command_line_that_no_shell_reads(file: Path) -> None:
    write(file, """viewer = "zathura --fork '/opt/my paper'; rm *"\n""")
    assert load_settings(file, {}).viewer == ("zathura", "--fork", "/opt/my paper;", "rm", "*")


@pytest.mark.parametrize(
    "text",
    [
        "viewer = 3",
        'viewer = "it\'s"',
        'theme = "blue"',
        'workstation = "mine"',
        "server = 3",
        'server = "ftp://example.org"',
        'server = "example.org"',
        'server = "http://example.org"',
        'server = "https://user:secret@example.org"',
        'server = "https://example.org/?a=b"',
        'server = "https://[bad"',
        "keys = 3",
        "[keys]\nf7 = 7",
        "colour = 1",
        "theme = ",
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(file: Path, text: str) -> None:
    write(file, text)
    with pytest.raises(SettingsError, match=r"^The |^Keys "):
        load_settings(file, {})


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_plain_http_is_for_this_computer_only(file: Path, host: str) -> None:
    assert load_settings(file, {}, server=f"http://{host}").server == f"http://{host}"


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_others_may_write_is_refused(file: Path, mode: int) -> None:
    write(file, "")
    file.chmod(mode)
    with pytest.raises(SettingsError, match="other users"):
        load_settings(file, {})


def test_a_folder_others_may_write_is_refused(file: Path) -> None:
    write(file, "")
    file.parent.chmod(0o770)
    with pytest.raises(SettingsError, match="other users"):
        load_settings(file, {})


def test_variables_that_leak_the_screen_are_dropped_and_no_others() -> None:
    environ = {
        "TEXTUAL": "devtools",
        "TEXTUAL_LOG": "/x",
        "TEXTUAL_SCREENSHOT": "1",
        "SSLKEYLOGFILE": "/x",
        "PYTHONINSPECT": "1",
        "PYTHON_KEYRING_BACKEND": "x",
        "TERM": "xterm",
        "NO_COLOR": "1",
        "KPREP_THEME": "light",
    }
    close_doors(environ)
    assert set(environ) == {"TERM", "NO_COLOR", "KPREP_THEME"}

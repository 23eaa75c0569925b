"""The browser of the tests: the Chromium of the operating system, found on PATH."""

import os
import shutil
from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser, Playwright

# The shell draws no window: a third of the processor time of a whole Chromium.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WHOLE = NAMES[1:]
# Nothing that a browser does by itself: no network but loopback, no questions, no sandbox to set up.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright switches off what every browser does when somebody goes back.
UNLIKE_PEOPLE = ["--disable-back-forward-cache"]


def executable(names: Sequence[str] = NAMES) -> str | None:
    """Where it is, if anywhere."""
    return os.environ.get("PLAYWRIGHT_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def launch(playwright: Playwright, names: Sequence[str] = NAMES) -> Browser:
    """A browser; without one, CI fails and others are told what they miss."""
    found = executable(names)
    if found is None:
        told = "no Chromium: put chromium on PATH, or name it in PLAYWRIGHT_CHROMIUM"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(told)
    return playwright.chromium.launch(executable_path=found, args=QUIET, ignore_default_args=UNLIKE_PEOPLE)

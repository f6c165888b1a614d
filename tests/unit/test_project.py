"""The repository has no public address yet: its stand-in stands in one place, and nobody is sent there or told it."""

from __future__ import annotations

import tomllib

import pytest

from reminder.config.web_parsers import parse_contact
from reminder.notify.http.adapter import DEFAULTS
from reminder.platform.project import address_in
from reminder.sources.fetch import user_agent
from tests.support.docs import ROOT
from tests.support.pages import House

STAND_IN = "code.example"
SEARCHED = ("reminder", "docs", "systemd", "tests")
TEXTS = {".py", ".md", ".html", ".js", ".css", ".po", ".yaml", ".json", ".service", ".toml"}


def test_the_stand_in_stands_in_one_place() -> None:
    files = [file for folder in SEARCHED for file in (ROOT / folder).rglob("*") if file.suffix in TEXTS]
    files += [file for file in ROOT.iterdir() if file.is_file() and file.suffix in {*TEXTS, ""}]
    found = {
        file.relative_to(ROOT).as_posix()
        for file in files
        if file.name != "test_project.py" and STAND_IN in file.read_text(encoding="utf-8", errors="replace")
    }
    assert found == {"pyproject.toml"}
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
    assert all(url.startswith(urls["Source"]) for url in urls.values())


@pytest.mark.parametrize(
    ("urls", "address"),
    [
        (["Source, https://code.example/release-reminder"], None),
        (["Issues, https://forge.org/x/issues"], None),
        (["Source, https://forge.invalid/x"], None),
        ([], None),
        (["Issues, https://forge.org/x/issues", "Source, https://forge.org/x"], "https://forge.org/x/blob/main/docs/a.md"),
    ],
)  # fmt: skip
def test_a_page_leads_to_the_repository_once_that_is_somewhere(urls: list[str], address: str | None) -> None:
    assert address_in(urls, "docs/a.md") == address


def test_no_page_leads_to_the_stand_in() -> None:
    house = House("web: {}\nlanguage: de\nsubscribers: {asha: {}}\nwatch: [Ballard]\n", "2025-06-20 12:00")
    page = house.browser("asha").text("/")
    assert 'lang="de"' in page
    assert STAND_IN not in page


def test_services_are_told_the_programs_name_and_no_address_that_is_none() -> None:
    assert user_agent().startswith("release-reminder")
    assert "://" not in user_agent() + DEFAULTS["User-Agent"]


@pytest.mark.parametrize(
    ("said", "contact"),
    [
        ("mailto:me@my-home.net", "mailto:me@my-home.net"),
        (" https://my-home.net/contact ", "https://my-home.net/contact"),
        ("me@my-home.net", None),
        ("mailto:me", None),
        ("http://my-home.net", None),
        ("mailto:me@my-home.net, and my son", None),
        ("tel:+49", None),
        ("", None),
    ],
)
def test_push_services_are_told_how_the_owner_is_reached_as_rfc_8292_has_it(said: str, contact: str | None) -> None:
    if contact is not None:
        assert parse_contact(said) == contact
        return
    with pytest.raises(ValueError, match="write mailto:"):
        parse_contact(said)

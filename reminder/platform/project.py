"""Where this program's own pages are, as the installed package says it: `project.urls` in pyproject.toml, nowhere else.

As long as that is a name that leads nowhere (RFC 2606), nobody is sent there.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from typing import Final
from urllib.parse import urlsplit

PACKAGE: Final = "release-reminder"
NOWHERE: Final = (".example", ".invalid", ".test", ".localhost")


@cache
def guide_address(path: str) -> str | None:
    """Return the address of a file of the repository, `docs/languages.md`; None where there is no public one."""
    try:
        urls = metadata(PACKAGE).get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    return address_in(urls, path)


def address_in(urls: list[str], path: str) -> str | None:
    """Return it, given the lines of a package's metadata: `Source, https://…`."""
    source = next((url.partition(", ")[2] for url in urls if url.startswith("Source, ")), "")
    host = urlsplit(source).hostname or ""
    return f"{source}/blob/main/{path}" if host and not host.endswith(NOWHERE) else None

"""Gives the built package the README that an index of packages shows, where no file lies beside it to link to."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK = re.compile(r"(?P<is_image>!?)\[(?P<text>[^\]]*)\]\((?P<path>(?!https?://|#|mailto:)[^)\s]+)\)")


class CustomMetadataHook(MetadataHookInterface):
    """Reads README.md, and has each link to a file of the repository lead to that file at the repository's address."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set `readme`, by the address that `project.urls` gives as the source."""
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(text, metadata["urls"]["Source"])}


def absolute(text: str, source: str) -> str:
    """Return a Markdown text whose relative links lead to the repository at `source`."""

    def lead_there(found: re.Match[str]) -> str:
        kind = "raw" if found["is_image"] else "blob"
        return f"{found['is_image']}[{found['text']}]({source}/{kind}/main/{found['path']})"

    return LINK.sub(lead_there, text)

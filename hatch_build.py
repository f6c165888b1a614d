"""Gives the built package the README that an index of packages shows, and its languages as gettext reads them."""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK = re.compile(r"(?P<is_image>!?)\[(?P<text>[^\]]*)\]\((?P<path>(?!https?://|#|mailto:)[^)\s]+)\)")


class CustomMetadataHook(MetadataHookInterface):
    """Reads README.md, and has each link to a file of the repository lead to that file at the repository's address."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set `readme`, by the address that `project.urls` gives as the source."""
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(text, metadata["urls"]["Source"])}


class CustomBuildHook(BuildHookInterface[Any]):
    """Compiles each language for a wheel. A checkout that is installed in place has them compiled when one is read."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the compiled files into a folder of their own, and have them included."""
        if version == "editable":
            return
        self._made = TemporaryDirectory()
        sys.path.insert(0, self.root)
        from reminder.texts.languages.compiling import compiled

        for po in sorted(Path(self.root, "reminder", "locale").glob("*/LC_MESSAGES/*.po")):
            mo = Path(self._made.name, *po.relative_to(self.root).with_suffix(".mo").parts)
            mo.parent.mkdir(parents=True, exist_ok=True)
            mo.write_bytes(compiled(po.read_bytes()))
            build_data["force_include"][str(mo)] = po.relative_to(self.root).with_suffix(".mo").as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove that folder."""
        if version != "editable":
            self._made.cleanup()


def absolute(text: str, source: str) -> str:
    """Return a Markdown text whose relative links lead to the repository at `source`."""

    def lead_there(found: re.Match[str]) -> str:
        kind = "raw" if found["is_image"] else "blob"
        return f"{found['is_image']}[{found['text']}]({source}/{kind}/main/{found['path']})"

    return LINK.sub(lead_there, text)

"""Style, script and icons: read once, and served under the hash of their bytes, so that browsers keep them for good."""

from __future__ import annotations

import hashlib
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from flask import Response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

FOR_GOOD: Final = "public, max-age=31536000, immutable"


class Assets:
    """The files of a folder, by name, and the route that serves them."""

    def __init__(self, folder: Path) -> None:
        self._files = {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()}
        self._marks = {name: hashlib.sha256(content).hexdigest()[:12] for name, content in self._files.items()}
        self.pages = Pages("assets")
        self.pages.get("/static/<mark>/<name>", Access.ANYONE)(self._file)

    def path(self, name: str) -> str:
        """Return the path of a file, which changes with its bytes."""
        return f"/static/{self._marks[name]}/{name}"

    def text(self, name: str) -> str:
        """Return what stands in a file."""
        return self._files[name].decode()

    def _file(self, visit: Visit, mark: str, name: str) -> ResponseReturnValue:
        del visit
        if self._marks.get(name) != mark:
            raise NotFound
        kind = guess_type(name)[0] or "application/octet-stream"
        return Response(self._files[name], headers={"Cache-Control": FOR_GOOD}, content_type=_with_charset(kind))


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

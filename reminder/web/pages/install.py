"""What makes the page an app of the phone: its name, its icons, and that it takes what is shared."""

from __future__ import annotations

import json
from typing import Any, Final

from flask import Response
from flask.typing import ResponseReturnValue

from reminder.web.assets import Assets
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

ICONS: Final = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"))
MASKABLE: Final = ("icon-maskable.png", "512x512", "maskable")
"""An icon that a launcher may cut to its own shape: what matters is in its middle."""


def pages_with(assets: Assets) -> Pages:
    """Return the route of the manifest, whose icons are among these files."""
    pages = Pages("install")

    @pages.get("/manifest.webmanifest", Access.ANYONE)
    def manifest(visit: Visit) -> ResponseReturnValue:
        """Say what a phone needs to know to install the page, in the language of whoever asks."""
        headers = {"Cache-Control": "private, max-age=86400"}
        return Response(json.dumps(_manifest(assets, visit)), headers=headers, content_type="application/manifest+json")

    return pages


def _manifest(assets: Assets, visit: Visit) -> dict[str, Any]:
    return {
        "id": "/",
        "name": "reminder",
        "short_name": "reminder",
        "lang": visit.language.code,
        "dir": visit.language.direction,
        "description": visit.say("What comes out when, and what you will be told"),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf8",
        "theme_color": "#0b57a4",
        "icons": [
            {"src": assets.path(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in (*ICONS, MASKABLE)
        ],
        "shortcuts": [
            {"name": visit.say("Add a title"), "url": "/add"},
            {"name": visit.say("Messages"), "url": "/messages"},
        ],
        "share_target": {
            "action": "/add",
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }

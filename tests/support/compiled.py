"""What Jinja and werkzeug have compiled, kept from one test's application for the next: half the CPU of a test of a page.

A daemon builds its application once; a test builds one of its own for each browser, and compiled the same templates and
the same routes anew. What is kept is found by what it was compiled from: another template or rule is compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any, Final

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

_ROUTES: Final[dict[object, dict[str, Any]]] = {}


class KeptTemplates(BytecodeCache):
    """The templates of all applications, by name and source: their environments have the same settings."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Find what any application has compiled of this source."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what an application has compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.code


TEMPLATES: Final = KeptTemplates()


class KeptRule(Rule):
    """A route that takes over what one that was made in the same words has compiled."""

    def compile(self) -> None:
        """Compile this route, unless its twin has been."""
        words = repr(sorted((name, value) for name, value in vars(self).items() if name not in {"map", "methods"}))
        key = (words, frozenset(self.methods or ()))
        if key not in _ROUTES:
            super().compile()
            _ROUTES[key] = {name: value for name, value in vars(self).items() if name != "map"}
        vars(self).update(_ROUTES[key])


@contextmanager
def routes_kept() -> Iterator[None]:
    """Have the applications that are built meanwhile share what their routes compile to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "url_rule_class", KeptRule)
        yield

"""Cuts Jinja down to what needs no bound on time or memory: values, filters and conditions.

There are no loops, calls, assignments or attributes, so a template writes little more than it is given. Importing this
module loads Jinja: do it where a template is used, not before.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_SOURCE: Final = 5_000
"""The longest template, in characters."""

MAX_LENGTH: Final = 20_000
"""The longest text, in characters, that a template or a filter in it may make."""

_FILTERS: Final = ("abs", "capitalize", "default", "length", "lower", "replace", "title", "trim", "truncate", "upper")
_TESTS: Final = ("defined", "even", "in", "none", "number", "odd", "string", "undefined")
_SYMBOLS: Final = ("==", "!=", "<", "<=", ">", ">=", "eq", "ne", "lt", "le", "gt", "ge")

_ALLOWED: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Name, nodes.Const),
    *(nodes.Filter, nodes.Test, nodes.Keyword, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
    *(nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg),
)
_NO_PARTS: Final = "a variable has no parts and no methods: use a filter, as in {{ title|upper }}"
_INSTEAD: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Getattr: _NO_PARTS,
    nodes.Getitem: _NO_PARTS,
    nodes.Call: "nothing can be called: use a filter, as in {{ title|upper }}",
    nodes.For: "there are no loops: every variable is one text or one number",
    nodes.Assign: "there is no {% set %}: write the value where it is used",
    nodes.AssignBlock: "there is no {% set %}: write the value where it is used",
}


class TemplateProblem(ValueError):
    """A template that cannot be used; the text says where and what to write instead."""


def problem(source: str, sample: Mapping[str, str | int]) -> str | None:
    """Return what is wrong with a template whose variables are those of `sample`, None when it can be used.

    It is rendered once with the sample, so that what can never work is found before it is needed.
    """
    try:
        render(source, sample)
    except TemplateProblem as error:
        return str(error)
    return None


def render(source: str, values: Mapping[str, str | int | None]) -> str:
    """Return the text of a template; an empty value prints as nothing. Raises TemplateProblem."""
    try:
        text = _compiled(source, frozenset(values)).render(values)
    except TemplateSyntaxError as error:
        raise TemplateProblem(f"line {error.lineno}: {error.message}") from None
    except TemplateProblem:
        raise
    except Exception as error:  # noqa: BLE001  a filter raises what it likes, an AssertionError too
        raise TemplateProblem(str(error) or type(error).__name__) from None
    return _bounded(text)


@functools.lru_cache(maxsize=64)
def _compiled(source: str, names: frozenset[str]) -> Template:
    if len(source) > MAX_SOURCE:
        raise TemplateProblem(f"the template is too long: {len(source)} characters, and {MAX_SOURCE} is the most")
    try:
        found = next(_problems(_environment().parse(source), names), None)
        if found:
            raise TemplateProblem(found)
        return _environment().from_string(source)
    except (RecursionError, SyntaxError, MemoryError):
        # Jinja writes Python; where a template nests further than Python can, it is Python that refuses.
        raise TemplateProblem("the template is nested too deeply: write it flatter") from None


@functools.cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, cache_size=0, finalize=_nothing_for_none
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS} | {"replace": _replace}
    environment.tests = {name: environment.tests[name] for name in (*_TESTS, *_SYMBOLS)}
    return environment


def _nothing_for_none(value: object) -> object:
    return "" if value is None else value


def _replace(text: object, old: str, new: str) -> str:
    """Replace as Jinja does, but look at the length first: a chain of these grows without end."""
    found = str(text)
    if len(found) + found.count(old) * len(new) > MAX_LENGTH:
        raise TemplateProblem(_too_long())
    return found.replace(old, new)


def _bounded(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise TemplateProblem(_too_long())
    return text


def _too_long() -> str:
    return f"it makes more than {MAX_LENGTH} characters"


def _problems(tree: nodes.Template, names: Collection[str]) -> Iterator[str]:
    """Yield what may not stand in a template, in the order of the source."""
    for node in tree.find_all(nodes.Node):
        said = _problem_of(node, names)
        if said:
            yield f"line {node.lineno}: {said}"


def _problem_of(node: nodes.Node, names: Collection[str]) -> str | None:
    if type(node) in _INSTEAD:
        return _INSTEAD[type(node)]
    if not isinstance(node, _ALLOWED):
        return f"{_spelt(node)} cannot be used here: a template has values, filters and {{% if %}}"
    if isinstance(node, nodes.Name) and node.name not in names:
        return _unknown("variable", node.name, names)
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        return _unknown("filter", node.name, _FILTERS)
    if isinstance(node, nodes.Test) and node.name not in (*_TESTS, *_SYMBOLS):
        return _unknown("test", node.name, _TESTS)
    return None


def _spelt(node: nodes.Node) -> str:
    if isinstance(node, nodes.BinExpr):
        return f'"{node.operator}"'
    return f'"{type(node).__name__.lower()}"'


def _unknown(what: str, name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1)
    instead = f'write "{near[0]}"' if near else f"there are {', '.join(sorted(known))}"
    return f'"{name}" is not a {what}: {instead}'

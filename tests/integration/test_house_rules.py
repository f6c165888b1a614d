"""What CONTRIBUTING asks of the code, counted over the whole package: simple functions, known words, events in the log."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from tests.support import docs
from tests.support.docs import ROOT

PACKAGE: Final = ROOT / "reminder"

MOST_BRANCHES: Final = 12
"""The cyclomatic complexity that no function passes, as radon counts it."""

BRANCHES: Final = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.Assert, ast.comprehension)
INNER: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@cache
def trees() -> dict[str, ast.Module]:
    """Return every module of the package, taken apart, by its path in it."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {str(path.relative_to(PACKAGE)): ast.parse(path.read_text()) for path in paths}


def test_no_function_takes_more_branches_than_one_can_follow() -> None:
    over = {
        f"{module}:{node.lineno} {node.name}": count
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (count := branches(node)) > MOST_BRANCHES
    }
    assert over == {}


def branches(function: ast.FunctionDef) -> int:
    """Count as radon does: one, and one for each branch, loop, condition and further operand of `and` and `or`."""
    count = 1
    left = list(ast.iter_child_nodes(function))
    while left:
        node = left.pop()
        if isinstance(node, INNER):
            continue
        count += isinstance(node, BRANCHES)
        match node:
            case ast.comprehension(ifs=conditions):
                count += len(conditions)
            case ast.BoolOp(values=operands):
                count += len(operands) - 1
            case ast.Match(cases=cases):
                count += len(cases) - 1
        left.extend(ast.iter_child_nodes(node))
    return count


OWN: Final = frozenset({"self", "cls", "other"})
DOCUMENTED: Final = frozenset({"_replace", "_asdict", "_fields", "_make"})
"""What named tuples call so."""


def test_sending_and_asking_use_no_private_attribute_of_a_library() -> None:
    rooms = ("notify/", "sources/", "platform/", "announcements/")
    assert [
        f"{module}:{node.lineno} {ast.unparse(node)}"
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if module.startswith(rooms)
        and isinstance(node, ast.Attribute)
        and re.match("_[^_]", node.attr)
        and node.attr not in DOCUMENTED
        and not (isinstance(node.value, ast.Name) and node.value.id in OWN)
    ] == []


LEVELS: Final = {"exception": "error"} | {level: level for level in ("debug", "info", "warning", "error", "critical")}

SAID_AS_IT_IS: Final = "daemon/app.py"
"""Where a command prints an error's own text as a warning."""


def test_every_event_of_the_log_stands_in_the_operator_s_guide_with_its_level() -> None:
    rows = docs.table(ROOT / "docs" / "operations.md", "event", "level", "what to do")
    listed = {(row["event"].strip("`"), row["level"]) for row in rows}
    assert len(rows) == len(listed)
    assert listed == set(events())


def events() -> Iterator[tuple[str, str]]:
    for module, tree in trees().items():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=name), args=[text, *values]):
                    if name in LEVELS and module != SAID_AS_IT_IS:
                        assert isinstance(text, ast.Constant), f"{module}:{node.lineno}: the event varies"
                        assert not values, f"{module}:{node.lineno}: what varies belongs into `extra`"
                        yield str(text.value), LEVELS[name]


def test_every_logger_has_the_name_of_its_module() -> None:
    named = {
        f"{module}:{node.lineno}"
        for module, tree in trees().items()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and "getLogger" in ast.unparse(node)
        if not ast.unparse(node).startswith("log") or "__name__" not in ast.unparse(node)
    }
    assert {place.partition(":")[0] for place in named} == {"platform/logs.py"}  # of the process, not of a module


# Words ---------------------------------------------------------------------------------------------------------------


def set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


PROGRAMMING: Final = set_of(
    "app batch body bot build bulk cache call chat check column command component config connection console context"
    " corrupt count database descriptor error export fetch field file filter format group handler http index inline input instant"
    " invalid json kind lazy library line load lock log machine mail map match metric name node number part pattern"
    " problem process property queue record report request result row scalar schedule server set settings signal size smtp socket"
    " spec state store style summary system systemd text time unit value web write yaml zone"
)
"""Words that every programmer knows, which mean here what they mean elsewhere."""

GRAMMAR: Final = set_of(
    "already alone at bad by every first found give given go in more much new next no nobody of off one or own there too top"
    " up until wrong"
)
"""Words that only bind others together, or say that one is another's, the first, or not there."""

PRODUCTS: Final = set_of("ical ics telegram tmdb tvmaze")
"""What other people have named."""

NOT_WORDS: Final = {"ICal": "Ical", "TMDB": "Tmdb", "TVmaze": "Tvmaze"}


def test_the_glossary_has_every_word_of_every_public_class() -> None:
    glossary = ROOT / "docs" / "GLOSSARY.md"
    terms = [row["say"] for row in docs.table(glossary, "say", "it is", "not", "in the code")]
    terms += [row["word"] for row in docs.table(glossary, "word", "it is", "in the code")]
    known = {stem(word) for term in terms for word in re.findall("[a-z]+", term.lower())}
    plain = {stem(word) for word in PROGRAMMING | GRAMMAR | PRODUCTS}
    unknown: dict[str, list[str]] = {}
    used = set()
    for module, name in public_classes():
        for word in words_of(name):
            used.add(stem(word))
            if stem(word) not in known | plain:
                unknown.setdefault(word, []).append(f"{module}: {name}")
    assert unknown == {}
    assert plain - used == set(), "no class needs these words any more"


def public_classes() -> Iterator[tuple[str, str]]:
    for module, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield module, node.name


def words_of(name: str) -> list[str]:
    """Return the words of a name in CamelCase, in small letters."""
    for product, word in NOT_WORDS.items():
        name = name.replace(product, word)
    return [word.lower() for word in re.findall("[A-Z]+(?![a-z])|[A-Z][a-z]+", name)]


def stem(word: str) -> str:
    """Return what the forms of a word share: `titles`, `planned`, `sweeper` and `deciding` are those of the entries."""
    bare = re.sub(r"(?<=...)(?:ings?|ers?|ors?|ed|es|(?<!s)s)$", "", word).removesuffix("e").removesuffix("i")
    return re.sub(r"([^aeioulsz])\1$", r"\1", bare).removesuffix("y")

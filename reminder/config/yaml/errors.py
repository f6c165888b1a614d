"""Explains why a text is not YAML, and what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import yaml

UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_NO_BREAK: Final = re.compile(r"(?m)(?:^[ ]*|[:-])(?P<odd>[\xa0\u2000-\u200b\u202f\u3000])")
_GLUED: Final = re.compile(r"\s*(?:- )?(?P<key>[a-z_]{2,20}):\S")
_DASHED: Final = re.compile(r"\s*-[^\s-]")


@dataclass(frozen=True, kw_only=True)
class YamlFault:
    """The place where YAML could not be read (1-based), and what to do about it."""

    line: int
    column: int
    text: str


def unprintable(text: str) -> YamlFault | None:
    """Return the first control character that YAML does not allow, if there is one."""
    found = UNPRINTABLE.search(text)
    if found is None:
        return None
    before = text[: found.start()]
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return YamlFault(line=line, column=column, text=f"the character U+{ord(found[0]):04X} cannot stand here: remove it")


#: what it says of something that stands where it cannot
MISFITS: Final = ("expected key", "expected <block end>", "expected '-' indicator")

#: what the parser says (either of its two versions) → what to say; True: it stands where the parser began to read
WORDS: Final = (
    (
        "mapping values are not allowed",
        False,
        'a ":" too many: put quotes around a text with ": " in it, or check the indentation',
    ),
    (
        "sequence entries are not allowed",
        False,
        'a list does not begin on the line of its key: write "- " on a line of its own',
    ),
    (
        "invalid Unicode character escape",
        False,
        "this escape is not a character (JSON writes an emoji as two halves): write the character itself",
    ),
    (
        "quoted scalar",
        True,
        "the quote that begins here does not end as it should: close it, and write \\\\ for a backslash",
    ),
    ("flow sequence", True, 'the "[" here is not closed, or a "," is missing'),
    ("flow mapping", True, 'the "{" here is not closed, or a "," is missing'),
    ("expected ':'", True, 'a key without ": " and a value'),
    ("node content", False, "a text cannot begin like this: put it in quotes"),
    ("block scalar", False, "a text cannot begin like this: put it in quotes"),
    ("maximum nesting depth", False, "nested far deeper than any config needs"),
)


def syntax_fault(error: yaml.MarkedYAMLError, text: str) -> YamlFault:
    """Return what the YAML parser could not read, in our words where they are known."""
    said = f"{error.context or ''} {error.problem or ''}"
    if "cannot start any token" in said:
        return _at(error.problem_mark, _bad_start(error.problem_mark, text))
    if any(sign in said for sign in MISFITS):
        return _at(error.problem_mark, _misfit(_before(error.problem_mark, text)))
    if "node content" in said and _is_end(error.problem_mark, text):
        return _at(error.problem_mark, 'the file ends here, and a "[" or "{" is not closed')
    return _odd(error, text) or _in_words(error, said)


def _in_words(error: yaml.MarkedYAMLError, said: str) -> YamlFault:
    for sign, at_begin, words in WORDS:
        if sign in said:
            return _at(error.context_mark if at_begin and error.context_mark else error.problem_mark, words)
    return _at(error.problem_mark or error.context_mark, f"this is not YAML: {error.problem or error.context}")


def _at(mark: yaml.Mark | None, text: str) -> YamlFault:
    return YamlFault(line=mark.line + 1 if mark else 1, column=mark.column + 1 if mark else 1, text=text)


def _odd(error: yaml.MarkedYAMLError, text: str) -> YamlFault | None:
    """Return what cannot be seen in a line, or is no YAML at all, and makes the parser stumble there or behind."""
    mark = error.problem_mark or error.context_mark
    begun = error.context_mark or mark
    if found := _NO_BREAK.search(text):
        before = text[: found.start("odd")]
        words = f"a space of another kind (U+{ord(found['odd']):04X}) stands here: write a plain one"
        return YamlFault(line=before.count("\n") + 1, column=len(before) - before.rfind("\n"), text=words)
    if "expected ':'" in f"{error.context or ''} {error.problem or ''}":
        if glued := _GLUED.match(_line(begun, text)):
            return _at(begun, f'write "{glued["key"]}: ", with a space behind the colon')
        if _DASHED.match(_line(begun, text)):
            return _at(begun, 'write "- ", with a space behind the dash')
    if "mapping values" in str(error.problem) and (fault := _glued_above(mark, text)):
        return fault
    if "<document start>" in str(error.problem):
        return _at(mark, "this is not YAML, in which a config is written: write timezone:, channels: and watch:")
    return None


def _glued_above(mark: yaml.Mark | None, text: str) -> YamlFault | None:
    """Return the fault of the line before, where a key is written without the space behind its colon."""
    above = text.splitlines()[: mark.line if mark else 0]
    glued = _GLUED.match(above[-1]) if above and ": " not in above[-1] else None
    if glued is None:
        return None
    words = f'write "{glued["key"]}: ", with a space behind the colon'
    return YamlFault(line=len(above), column=glued.start("key") + 1, text=words)


def _bad_start(mark: yaml.Mark | None, text: str) -> str:
    char = _line(mark, text)[mark.column : mark.column + 1] if mark else ""
    if char == "\t":
        return "a tab: YAML is indented with spaces"
    if _line(mark, text).startswith("```"):
        return "the ``` of a web page is no part of the config: remove this line, and the one at its end"
    return f"a text cannot begin with {char}: put it in quotes"


def _misfit(before: str) -> str:
    if before.strip():
        return "this cannot follow what stands before it in the line: put quotes around the whole text"
    return 'this line does not fit those above it: check its indentation, and whether it begins with "- "'


def _is_end(mark: yaml.Mark | None, text: str) -> bool:
    return mark is None or not "".join(text.splitlines()[mark.line :])[mark.column :].strip()


def _before(mark: yaml.Mark | None, text: str) -> str:
    return _line(mark, text)[: mark.column] if mark else ""


def _line(mark: yaml.Mark | None, text: str) -> str:
    lines = text.splitlines()
    return lines[mark.line] if mark and mark.line < len(lines) else ""

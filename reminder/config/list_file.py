"""A file with a list of titles: read with bounds, unpacked where it is an archive, and recognised."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from reminder.core.errors import WrongInput
from reminder.core.lists import LET_GO, LeftOut, ListError, TitleList, Wanted, read_list

MAX_BYTES: Final = 32 * 1024 * 1024
"""The most bytes of a file, and of each file within an archive."""
MOST_UNPACKED: Final = 2 * MAX_BYTES
"""The most bytes that are unpacked of one archive."""
MOST_MEMBERS: Final = 3_000

_READABLE: Final = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xml", ".gz")
_UNKNOWN: Final = frozenset({"plain CSV", "plain text", "JSON"})
_NOT_OURS: Final = ("deleted/", "orphaned/", "__macosx/", "likes/", "comments")
_BEST: Final = ("watchlist", "user_tv_show_data", "plan")
"""Words in the name of the file that holds what one waits for; where there is one, no other is taken."""
_OFFICE: Final = (
    ("xl/", "an Excel workbook"),
    ("word/", "a Word document"),
    ("content.xml", "an OpenDocument file"),
    ("meta-inf/manifest.xml", "an OpenDocument file"),
)


def read_list_file(path: Path) -> TitleList:
    """Return the titles of a file. Raises WrongInput, saying what the file is and what to do."""
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise WrongInput(f"{path} cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise WrongInput(f"{path} is larger than {MAX_BYTES // 1024 // 1024} MiB: that is not a list of titles")
    try:
        return _read(raw, path.name)
    except ListError as error:
        raise WrongInput(f"{path}: {error}") from None


def _read(raw: bytes, name: str) -> TitleList:
    if raw.startswith(b"PK\x03\x04"):
        return _of_archive(raw)
    return read_list(_gunzipped(raw) if raw.startswith(b"\x1f\x8b") else raw, name.removesuffix(".gz"))


def _gunzipped(raw: bytes) -> bytes:
    packed = zlib.decompressobj(wbits=31)
    try:
        found = packed.decompress(raw, MAX_BYTES + 1)
    except zlib.error:
        raise ListError("it is a gzip archive that is damaged: fetch it again") from None
    if len(found) > MAX_BYTES:
        raise ListError(f"unpacked it is larger than {MAX_BYTES // 1024 // 1024} MiB: that is not a list of titles")
    if not packed.eof:
        raise ListError("it is a gzip archive without its end: fetch it again")
    return found


# ZIP -----------------------------------------------------------------------------------------------------------------


def _of_archive(raw: bytes) -> TitleList:
    """Return the list within an archive: of its files those of one program, the ones with what one waits for first."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = archive.namelist()[:MOST_MEMBERS]
            kind = next((kind for part, kind in _OFFICE for name in names if name.lower().startswith(part)), None)
            if kind is not None:
                raise ListError(f"it is {kind}: save the sheet with the titles as CSV (UTF-8), and import that")
            found = dict(_lists(archive))
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        if isinstance(error, ListError):
            raise
        raise ListError("it is a ZIP archive that is damaged: fetch it again") from None
    if not found:
        raise ListError(
            "it is a ZIP archive without a list of titles in it that can be read: unpack it, and import the file that"
            " has your watchlist"
        )
    return _one_of(found)


def _lists(archive: zipfile.ZipFile) -> Iterator[tuple[str, TitleList]]:
    left = MOST_UNPACKED
    for info in archive.infolist()[:MOST_MEMBERS]:
        name = info.filename.lower()
        if info.is_dir() or not name.endswith(_READABLE) or any(part in name for part in _NOT_OURS):
            continue
        if info.flag_bits & 1:
            raise ListError("it is a ZIP archive with a password: unpack it, and import the file with your watchlist")
        raw = _member(archive, info, min(MAX_BYTES, left))
        left -= len(raw)
        try:
            found = read_list(_gunzipped(raw) if raw.startswith(b"\x1f\x8b") else raw, name)
        except ListError:
            continue
        yield info.filename, found


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with archive.open(info) as opened:
            raw = opened.read(most + 1)
    except (RuntimeError, NotImplementedError, zlib.error):
        raise ListError("it is a ZIP archive packed in a way that is not read here: unpack it first") from None
    if len(raw) > most:
        raise ListError(
            f"{info.filename} in it is too large for a list of titles: unpack it, and import the right file"
        )
    return raw


def _one_of(found: dict[str, TitleList]) -> TitleList:
    """Return one list out of those of an archive, without what any other file of the program says was let go there."""
    known = {name: one for name, one in found.items() if one.kind not in _UNKNOWN}
    if not known:
        return _only(found)
    kind = max(known.values(), key=lambda one: len(one.titles)).kind
    ours = {name: one for name, one in known.items() if one.kind == kind}
    taken = _best_of(ours, kind)
    let_go = _let_go(ours)
    titles: dict[object, Wanted] = {}
    dropped = [left for one in taken.values() for left in one.dropped]
    for item in (item for one in taken.values() for item in one.titles):
        left = let_go.get(item.identity)
        if left is None:
            titles.setdefault((item.identity, item.season), item)
        else:
            dropped.append(LeftOut(item=item, reason=left.reason))
    first = next(iter(taken.values()))
    return replace(first, titles=tuple(titles.values()), dropped=tuple(dropped), member=", ".join(taken))


def _only(found: dict[str, TitleList]) -> TitleList:
    if len(found) > 1:
        raise ListError(f"it has {len(found)} files that may be lists: unpack it, and import the right one")
    ((name, only),) = found.items()
    return replace(only, member=name)


def _let_go(ours: dict[str, TitleList]) -> dict[object, LeftOut]:
    """Return what any file of the program says was let go, by what tells works apart."""
    return {left.item.identity: left for one in ours.values() for left in one.dropped if left.reason in LET_GO}


def _best_of(ours: dict[str, TitleList], kind: str) -> dict[str, TitleList]:
    """Return the lists of one program that are read: those whose names say that they are it, else all."""
    best = {name: one for name, one in ours.items() if any(word in name.lower() for word in _BEST)}
    films = {name: one for name, one in ours.items() if kind == "TV Time" and name.lower().endswith("records.csv")}
    return {**best, **films} if best else ours

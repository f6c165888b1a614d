"""Lists of titles as other programs export them: recognised first, then read by the table of programs.

`programs` is the table; `tables`, `jsons`, `xmls` and `plain` read one format each; `fields` reads what a row says;
`people` knows what is no list of titles but a list of people, of which nothing leaves this machine; `reading` is the
way through them.
"""

from reminder.core.lists.programs import PROGRAMS
from reminder.core.lists.reading import read_list, read_text
from reminder.core.lists.values import LET_GO, LeftOut, LeftOutReason, ListError, TitleList, Wanted, summary

__all__ = [
    "LET_GO",
    "PROGRAMS",
    "LeftOut",
    "LeftOutReason",
    "ListError",
    "TitleList",
    "Wanted",
    "read_list",
    "read_text",
    "summary",
]

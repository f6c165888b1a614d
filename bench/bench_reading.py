"""How well announcements are read: precision and recall for each field, for the texts known and those held out."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.announcements import FIELDS, Case, load, wrong
from tests.support.announcements import tally as count


def show(name: str, cases: list[Case], *, errors: bool) -> None:
    print(f"\n{name}: {len(cases)} texts, {sum(case.none is not None for case in cases)} without a date to take")
    print(
        f"{'field':<10} {'said':>5} {'right':>6} {'wrong':>6} {'missed':>7} {'invented':>9} {'precision':>10} {'recall':>7}"
    )
    for field in FIELDS:
        row = count(cases, field)
        print(
            f"{field:<10} {row.said:>5} {row.right:>6} {row.wrong:>6} {row.missed:>7} {row.invented:>9} "
            f"{row.precision:>10.1%} {row.recall:>7.1%}"
        )
    dated = [case for case in cases if "premiere" in case.expect]
    undated = [case for case in cases if "premiere" not in case.expect]
    right = sum(case.agrees("premiere") for case in dated)
    invented = sum(case.got("premiere") is not None for case in undated)
    print(f"the date is right in {right} of {len(dated)} that have one (goal 95 in 100)")
    print(f"one is made up in {invented} of {len(undated)} that have none (goal: at most 2 in 100)")
    for line in wrong(cases) if errors else ():
        print("  " + line)


def main() -> None:
    folder = Path(__file__).parent.parent / "tests" / "data" / "announcements"
    for path in sorted(folder.glob("*.yaml")):
        show(path.stem, load(path), errors="--errors" in sys.argv)


if __name__ == "__main__":
    main()

"""How well announcements are read: precision and recall for each field, for the texts known and those held out."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

from reminder.announcements.reading.proposal import LEAST_SURE
from tests.support import fresh
from tests.support.announcements import FIELDS, Case, load, wrong
from tests.support.announcements import counters as count


def show(name: str, cases: list[Case], *, errors: bool) -> None:
    print(f"\n{name}: {len(cases)} texts, {sum(case.none is not None for case in cases)} without a date to take")
    print(
        f"{'field':<10} {'said':>5} {'right':>6} {'wrong':>6} {'missed':>7} {'invented':>9}"
        f" {'precision':>10} {'recall':>7}"
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


def show_fresh(name: str, cases: list[fresh.Fresh], *, errors: bool) -> None:
    """Print what is right of texts written before the reader saw them, as plain text and as web pages."""
    for form in fresh.FORMS:
        row = fresh.figures(cases, form)
        fields = ", ".join(f"{field} {right}/{said}" for field, (right, said) in row.fields.items())
        days, spans, made_up = ("/".join(map(str, pair)) for pair in (row.days, row.spans, row.invented))
        print(f"{name:<9} {form:<11} day {days}, month or year {spans}, made up {made_up}, {fields}")
        for line in fresh.wrong(cases, form) if errors else ():
            print("  " + line)


def show_sureness(cases: list[fresh.Fresh]) -> None:
    """Print how often what is said to be sure is right: when each batch was read first (10 to 15), and of all today."""
    for field in ("premiere", "title"):
        today = [point for form in ("text", "page") for point in fresh.sureness(cases, field, form)]
        for when, points in (("at first sight", fresh.at_first_sight(field)), ("today", today)):
            bound = LEAST_SURE[field]
            print(f"{field} {when}: " + ", ".join(_share(points, low, high) for low, high in pairwise(_STEPS)))
            print(
                f"{field} {when}, no command offered: {_share(points, 0, bound)};"
                f" offered: {_share(points, bound, 1.01)}"
            )


_STEPS = (0.0, 0.5, 0.6, 0.75, 0.8, 0.9, 1.01)


def _share(points: list[fresh.Point], low: float, high: float) -> str:
    right, said = fresh.share(points, low, high)
    return f"sure {low:.2f} to {min(high, 1):.2f}: {right} of {said} right"


def main() -> None:
    folder = Path(__file__).parent.parent / "tests" / "data" / "announcements"
    for path in sorted(folder.glob("*.yaml")):
        show(path.stem, load(path), errors="--errors" in sys.argv)
    print("\nwritten before the reader saw them")
    batches = {path.stem: fresh.load(path) for path in sorted(fresh.FOLDER.glob("*.yaml"))}
    for name, cases in batches.items():
        show_fresh(name, cases, errors="--errors" in sys.argv)
    show_sureness([case for cases in batches.values() for case in cases])


if __name__ == "__main__":
    main()

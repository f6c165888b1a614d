"""`python -m bench [NAME…]`: run the measurements, print one table each."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Measure what is named, else everything."""
    names = sys.argv[1:] or sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.system()} {platform.release()}")
    for name in names:
        module = importlib.import_module(f"bench.bench_{name.replace('-', '_')}")
        if getattr(module, "ON_REQUEST", False) and not sys.argv[1:]:
            continue
        if not hasattr(module, "measure"):
            print(f"\n{name}")
            module.main()
            continue
        rows = module.measure()
        print(f"\n{name}: {(module.__doc__ or '').strip().splitlines()[0]}")
        for row in rows:
            print(f"  {row.what:52} {row.figure:28} {row.goal}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

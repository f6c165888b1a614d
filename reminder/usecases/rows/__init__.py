"""Rows: what `--json` prints and the API answers, one described type for each kind (SPEC 7, SPEC 14)."""

"""The API for programs: calls under `/api/v1` that answer in JSON with the rows of `--json` (SPEC 14)."""

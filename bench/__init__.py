"""Measurements: `make bench` prints the tables of docs/performance.md, each figure a ratio from one run."""

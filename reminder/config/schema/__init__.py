"""The models of the config: validation, the editors' JSON Schema, options and tests all come from this description.

The models hold what was written; `build.py` makes of it what the program works with.
"""

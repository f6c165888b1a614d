"""YAML as nodes with line and column, and what is wrong with them."""

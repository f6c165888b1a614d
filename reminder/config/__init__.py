"""The config: YAML text with line numbers in, a validated `Config` or every problem at once out.

No other adapter is known here; secrets come in as values that print `***`.
"""

from reminder.config.load import load_config, parse_config
from reminder.config.values import Config, Delivery, Entry, Log, LogFormat, LogLevel

__all__ = ["Config", "Delivery", "Entry", "Log", "LogFormat", "LogLevel", "load_config", "parse_config"]

"""The config: YAML text with line numbers in, a validated `Config` or every problem at once out.

No other adapter is known here; secrets come in as values that print `***`. What reads YAML is loaded when it is first
asked for: a look at a config that has not changed does without.
"""

from typing import TYPE_CHECKING, Any

from reminder.config.values import ChannelsAlone, Config, Delivery, Entry, Log, LogFormat, LogLevel, LookSettings

if TYPE_CHECKING:
    from reminder.config.load import load_channels, load_config, parse_config

__all__ = [
    "ChannelsAlone",
    "Config",
    "Delivery",
    "Entry",
    "Log",
    "LogFormat",
    "LogLevel",
    "LookSettings",
    "load_channels",
    "load_config",
    "parse_config",
]


def __getattr__(name: str) -> Any:
    if name in {"load_channels", "load_config", "parse_config"}:
        from reminder.config import load

        return getattr(load, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

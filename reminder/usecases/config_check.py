"""What is wrong in a config beside its titles: its channels, its secrets, and who may read or change it."""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterable, Iterator, Mapping

from reminder.config import ChannelsAlone, Config
from reminder.config.names import nearest
from reminder.core.errors import Problem
from reminder.notify.judging import holds_secret, problem_of, warnings_of  # loads apprise
from reminder.notify.pace import family
from reminder.notify.schemas import KNOWN


def secret_of_database(config: Config) -> list[Problem]:
    """Return the warning that the database's secret is missing: `run` warns of it, `check` makes it a problem."""
    return [each for each in config.warnings if each.path == "database" and each.text == config.database_problem]


def lacking(config: Config) -> list[Problem]:
    """Return the warnings of secrets that are missing: what stands behind them does not work until they are there."""
    others = set(without_missing(config))
    return [each for each in config.warnings if each not in others]


def without_missing(config: Config) -> Iterator[Problem]:
    """Yield the config's warnings but for those of a missing secret, which are problems here."""
    missing = {f"channels.{name}": channel.problem for name, channel in config.channels.items() if channel.url is None}
    told = secret_of_database(config)
    yield from (each for each in config.warnings if each not in told and not _is_about(each, missing))


def _is_about(warning: Problem, missing: Mapping[str, str | None]) -> bool:
    problem = missing.get(warning.path.removesuffix(".url"))
    return problem is not None and warning.text.startswith(problem)


def channel_problems(config: Config | ChannelsAlone) -> Iterable[Problem]:
    """Yield why channels cannot be used, each with its place."""
    for name, channel in config.channels.items():
        text = problem_of(channel, config.allow_schemas)
        if text is not None:
            yield _at(config, f"channels.{name}", text)


def channel_warnings(config: Config) -> Iterable[Problem]:
    """Yield what is valid in channels that can be used, and may not be meant; and words that name no service."""
    yield from _strange_services(config)
    for name, channel in config.channels.items():
        if problem_of(channel, config.allow_schemas) is None:
            yield from (_at(config, f"channels.{name}", text) for text in warnings_of(channel))


def _strange_services(config: Config) -> Iterable[Problem]:
    """Yield each word under `delivery.rates` or `allow_schemas` that names no service, and so has no effect."""
    named = {family(scheme) for scheme in KNOWN}
    for name in sorted(config.delivery.rates.keys() - named):
        yield _at(config, f"delivery.rates.{name}", _no_service(name, named, meant=family(name)))
    for scheme in sorted(config.allow_schemas - KNOWN):
        yield _at(config, "allow_schemas", _no_service(scheme, KNOWN))


def _no_service(name: str, known: Collection[str], meant: str | None = None) -> str:
    near = meant if meant in known else nearest(name, sorted(known))
    return f'there is no service "{name}", {f"did you mean {near}?" if near else "docs/channels lists them"}'


def _at(config: Config | ChannelsAlone, path: str, text: str) -> Problem:
    line, column = config.lines[path]
    return Problem(file=config.file, line=line, column=column, path=path, text=text)


def mode_warnings(config: Config) -> Iterator[str]:
    """Yield what the mode of the config's file lets others do that its owner can hardly want."""
    try:
        mode = stat.S_IMODE(config.path.stat().st_mode)
    except OSError:
        return
    if mode & stat.S_IWOTH:
        yield f"{config.file}: its mode, {mode:o}, lets everybody on this machine change it: chmod o-w {config.file}"
    secrets = _secrets_written_out(config) if mode & stat.S_IROTH else []
    if secrets:
        yield (
            f"{config.file}: its mode, {mode:o}, lets everybody on this machine read it, and a secret stands in it "
            f"({', '.join(secrets)}): write ${{NAME}} in its place, or chmod o-r {config.file}"
        )


def _secrets_written_out(config: Config) -> list[str]:
    paths = []
    for path in sorted(config.written_out):
        channel = config.channels.get(path.removeprefix("channels."))
        if channel is None or not path.startswith("channels.") or holds_secret(channel, config.allow_schemas):
            paths.append(path)
    return paths

"""Finds the config, the database, the runtime directory and the credentials (SPEC, section 7).

Everything follows from the config's place, so that the administrator's shell and the service see one database.
The functions take a `Machine` and read nothing else but whether a file is there; `this_machine` makes the real one.

| config                       | state directory                  | heartbeat                                |
|------------------------------|----------------------------------|------------------------------------------|
| any, under systemd           | $STATE_DIRECTORY                 | $RUNTIME_DIRECTORY                       |
| /etc/reminder/...            | /var/lib/reminder                | /run/reminder while the service runs     |
| any other                    | the user's state directory       | beside the database, or in the state directory |
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from reminder.core.errors import ConfigMissing, WrongInput
from reminder.core.model.database import is_server, understood

APP: Final = "reminder"
CONFIG_NAME: Final = "config.yaml"
DATABASE_NAME: Final = "reminder.db"


@dataclass(frozen=True, kw_only=True)
class Machine:
    """The environment, the user's own directories, and the root of the file system: they decide where things lie.

    A user without a home (a service, a container with any uid) has no directories of their own: they are None.
    """

    environ: Mapping[str, str]
    user_config: Path | None
    user_state: Path | None
    root: Path = Path("/")

    @property
    def etc(self) -> Path:
        """The administrator's directory of configs."""
        return self.root / "etc" / APP

    @property
    def var_lib(self) -> Path:
        """Return the folder in which the service keeps its database."""
        return self.root / "var" / "lib" / APP

    @property
    def run(self) -> Path:
        """Return the folder in which the service keeps what need not outlive it."""
        return self.root / "run" / APP


def this_machine(environ: Mapping[str, str] = os.environ) -> Machine:
    """Return the machine we run on, with the user's directories as the platform has them (XDG on Linux)."""
    return Machine(
        environ=environ,
        user_config=_own_directory(platformdirs.user_config_path),
        user_state=_own_directory(platformdirs.user_state_path),
    )


def _own_directory(of: Callable[[str], Path]) -> Path | None:
    """Return a directory of the user's, None for one who has no home: a service's dynamic user, a container's uid."""
    try:
        found = of(APP)
    except RuntimeError:
        return None
    return found if found.is_absolute() else None


def find_config(machine: Machine, option: Path | None = None) -> Path:
    """Return the config to read: `--config`, `$REMINDER_CONFIG`, the user's own, `/etc/reminder/config.yaml`.

    The first two are taken as said and must be there. Raises WrongInput that names the places looked in.
    """
    said = option or _said_in_environ(machine.environ)
    if said is not None:
        return _must_be_there(said)
    homes = [machine.etc] if machine.user_config is None else [machine.user_config, machine.etc]
    places = tuple(home / CONFIG_NAME for home in homes)
    for place in places:
        if _is_there(place):
            return place
    where = f"no config found: {_either(places)}"
    raise ConfigMissing(where, "`reminder init` writes one, --config names another")


def new_config(machine: Machine, option: Path | None = None) -> Path:
    """Return where `init` writes: `--config`, `$REMINDER_CONFIG`, else the user's own place, or /etc for root.

    Raises WrongInput for a user who has no home.
    """
    said = option or _said_in_environ(machine.environ)
    if said is not None:
        return said
    home = machine.etc if os.geteuid() == 0 else machine.user_config
    if home is None:
        raise WrongInput("this user has no home directory: say where the config goes, as in --config /PATH/config.yaml")
    return home / CONFIG_NAME


def state_dir(machine: Machine, config: Path) -> Path:
    """Return the directory that a relative `database:` is relative to, and where the default database lies.

    Raises WrongInput for a user who has no home.
    """
    given = _first_directory(machine.environ, "STATE_DIRECTORY")
    if given is not None:
        return given
    if _is_the_systems(machine, config):
        return machine.var_lib
    if machine.user_state is None:
        raise WrongInput(
            "this user has no home directory, so it is not known where the database lies: "
            "set STATE_DIRECTORY to an absolute path"
        )
    return machine.user_state


def keeps_to_itself(machine: Machine) -> bool:
    """Tell whether what is made in the state directory is for its owner's eyes alone.

    What systemd hands us has its modes from the administrator (StateDirectoryMode=, UMask=): a group may read there.
    """
    return _first_directory(machine.environ, "STATE_DIRECTORY") is None


def database_file(machine: Machine, config: Path, database: str | None) -> Path | None:
    """Return the SQLite file that `database:` means, absolute; None when it is the URL of another database.

    None and an empty text mean the default, `reminder.db`. A path may begin with `~`; `sqlite:///FILE` is the file.
    Raises BadDatabase for what is neither.
    """
    text = understood(database or DATABASE_NAME)
    if is_server(text):
        return None
    path = _from_home(machine, text)
    return path if path.is_absolute() else state_dir(machine, config) / path


def runtime_dir(machine: Machine, config: Path, database: Path | None) -> Path:
    """Return the directory of the heartbeat, the same for the daemon and for whoever asks after it.

    The daemon's lock is not there: it lies beside the database, where a daemon started in another way meets it too.
    """
    given = _first_directory(machine.environ, "RUNTIME_DIRECTORY")
    if given is not None:
        return given
    if _is_the_systems(machine, config) and machine.run.is_dir():
        return machine.run
    return database.parent if database is not None else state_dir(machine, config)


def credentials_dir(machine: Machine) -> Path | None:
    """Return systemd's directory of credentials (one file for each), None when the process was given none."""
    return _first_directory(machine.environ, "CREDENTIALS_DIRECTORY")


def secret_places(machine: Machine, config: Path) -> tuple[Path, ...]:
    """Return where secrets lie beside the environment, first place first (SPEC 6).

    A shell finds there what the service is given: a folder holds one file for each secret, a file lines NAME=VALUE.
    """
    given = credentials_dir(machine)
    first = () if given is None else (given,)
    return (*first, own_secrets(machine, config), machine.run.parent / "secrets")


def own_secrets(machine: Machine, config: Path) -> Path:
    """Return where the secrets of a config belong: its folder of credentials in /etc, else the file beside it."""
    return machine.etc / "credentials" if _is_the_systems(machine, config) else config.absolute().parent / "environment"


def owned_by(path: Path) -> str:
    """Return `path` and whose it is, `/var/lib/reminder/reminder.db (owned by root, mode 600)`, for an error's text.

    What is not there or cannot be looked at is told by the nearest directory that can.
    """
    for place in (path, *path.parents):
        try:
            found = place.stat()
        except OSError:
            continue
        owner = f"owned by {_user(found.st_uid)}, mode {found.st_mode & 0o7777:o}"
        return f"{path} ({owner})" if place == path else f"{path} (in {place}, {owner})"
    return str(path)


def unread_user(environ: Mapping[str, str] = os.environ) -> str:
    """Return what to write in place of PUID and PGID, for the end of an error; nothing where PUID names no user.

    Some images start as root to obey them. Ours does not: who it runs as is said to what runs it.
    """
    user, group = environ.get("PUID", ""), environ.get("PGID", "")
    if not user.isdecimal():
        return ""
    whose = f"{user}:{group if group.isdecimal() else user}"
    return (
        "\nPUID changes nothing here: write in compose.yaml, and say of the folder that is mounted there,\n"
        f'  user: "{whose}"\n'
        f"  chown --recursive {whose} FOLDER"
    )


def _said_in_environ(environ: Mapping[str, str]) -> Path | None:
    said = environ.get("REMINDER_CONFIG")
    return Path(said) if said else None


def _must_be_there(path: Path) -> Path:
    if not _is_there(path):
        if path.is_dir():
            raise WrongInput(f"{path} is a directory: name a file, such as {path / CONFIG_NAME}")
        if path.exists():
            raise WrongInput(f"{path} is no file: a config is read again and again, so it has to be written into one")
        raise ConfigMissing(str(path), f"`reminder --config {path} init` writes it")
    return path


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError as error:
        raise WrongInput(f"you may not look for {owned_by(path)}") from error


def _is_the_systems(machine: Machine, config: Path) -> bool:
    return config.absolute().is_relative_to(machine.etc)


def _first_directory(environ: Mapping[str, str], name: str) -> Path | None:
    """Return the first of systemd's directories: it separates several by colons (systemd.exec, RuntimeDirectory=)."""
    first = environ.get(name, "").split(":")[0]
    return Path(first) if first else None


def _from_home(machine: Machine, text: str) -> Path:
    home = machine.environ.get("HOME")
    if home and text.startswith("~/"):
        return Path(home) / text[2:]
    return Path(text)


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def _either(places: tuple[Path, ...]) -> str:
    return " or ".join(str(place) for place in places)

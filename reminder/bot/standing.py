"""Decides what a chat may do: its person's own may do anything, a group look, and nobody else is obeyed."""

from __future__ import annotations

import enum

from reminder.bot.commands import BotCommand, GivenCommand


class ChatStanding(enum.StrEnum):
    """What a chat is to us."""

    OWN = "one person's own"
    SEVERAL = "the address of several people"
    GROUP = "a group that is somebody's address"
    STRANGE = "unknown"


class BotRoute(enum.StrEnum):
    """What becomes of something that was written."""

    JOIN = "a chat that may prove itself"
    OBEY = "done"
    LOOK_ONLY = "told that only looking goes here"
    TURN_AWAY = "told once a day that nobody knows the chat"
    IGNORE = "not answered"


def standing_of(*, is_private: bool, people: int) -> ChatStanding:
    """Return what a chat is that is the address of so many people."""
    if not people:
        return ChatStanding.STRANGE
    if not is_private:
        return ChatStanding.GROUP
    return ChatStanding.OWN if people == 1 else ChatStanding.SEVERAL


def route_of(given: GivenCommand | None, standing: ChatStanding, *, is_private: bool, is_always_read: bool) -> BotRoute:
    """Return what becomes of a message; None is one that is for another bot.

    A bot that is read only while somebody joins hears nothing but the token of a link.
    """
    if given is None:
        return BotRoute.IGNORE
    if given.command is BotCommand.START and given.rest and is_private:
        return BotRoute.JOIN
    if not is_always_read:
        return BotRoute.IGNORE
    if standing is ChatStanding.STRANGE:
        return BotRoute.TURN_AWAY if is_private else BotRoute.IGNORE
    if standing is ChatStanding.OWN or given.command is BotCommand.UPCOMING:
        return BotRoute.OBEY
    return _of_several(given, standing)


def _of_several(given: GivenCommand, standing: ChatStanding) -> BotRoute:
    """Return what becomes of anything but looking in a chat that several people read.

    What people say to one another in a group, and commands of other bots, are none of ours.
    """
    is_ours = given.command is not None and given.is_command
    return BotRoute.LOOK_ONLY if is_ours or standing is ChatStanding.SEVERAL else BotRoute.IGNORE


def press_route_of(standing: ChatStanding, *, is_always_read: bool) -> BotRoute:
    """Return what becomes of a pressed button: only a person's own chat has any."""
    if not is_always_read or standing is ChatStanding.STRANGE:
        return BotRoute.IGNORE
    return BotRoute.OBEY if standing is ChatStanding.OWN else BotRoute.LOOK_ONLY

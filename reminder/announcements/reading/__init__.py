"""Reads announcements: running text in, a proposal out, with the sentence each part of it was read from.

Pure and standard library only, as all of core. It proposes; a person decides.
"""

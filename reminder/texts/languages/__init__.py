"""The languages beside English: their sentences from gettext's files, their dates, plurals and lists as CLDR has them.

Nothing of it is loaded while everybody reads English.
"""

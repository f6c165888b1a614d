"""The iCalendar files that people subscribe to."""

"""The page and the interface for programs: requests in, what use cases answer out, as HTML, JSON and calendars."""

"""Sources of dates behind one protocol: TVmaze, TMDB, calendars. They propose; `refresh` notes what changed."""

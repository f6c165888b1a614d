"""HTTP requests of the plugins: connections, deadlines, and what an answer means."""

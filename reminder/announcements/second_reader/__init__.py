"""The second reader of announcements: a model behind an endpoint of one's own choice, asked and not believed."""

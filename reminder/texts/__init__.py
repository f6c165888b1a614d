"""What messages and pages are put into: the user's own templates, and the languages beside English."""

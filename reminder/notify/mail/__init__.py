"""Mail: composed, and sent over connections that are kept."""

"""Pure functions from the admin API's answers to HTML. All that comes from outside is escaped (`parts.esc`)."""

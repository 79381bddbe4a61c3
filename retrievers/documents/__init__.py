"""Private documents of a company: files read into passages, kept in corpora of their own, searched."""

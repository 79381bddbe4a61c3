"""Judgments as people have them: one file for each format, `reading` finds out which it is and streams the cases."""

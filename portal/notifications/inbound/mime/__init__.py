"""A letter as it comes: its headers, its text and what a mail server reports in it. Pure."""

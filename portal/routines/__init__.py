"""Follow-ups of the routines in the profile: when each was followed up, by whom, and which are overdue."""

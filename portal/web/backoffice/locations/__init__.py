"""Open fault reports by place: the streets, and the reports of one."""

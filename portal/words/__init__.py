"""Swedish words of statuses, roles, kinds, dates, promises and events."""

"""The officer's guide, by task, and the page of a new employee's first day."""

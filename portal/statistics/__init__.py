"""Published statistics: the rules of what may be published, and the query behind it."""

"""The queue page: filters, search, saved views and the bar of bulk actions."""

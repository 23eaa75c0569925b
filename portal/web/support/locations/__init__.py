"""The place of a fault on pages: the fields of a form, and how a place is shown."""

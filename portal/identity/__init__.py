"""People, memberships and roles, sign-in sessions, and how accounts are linked."""

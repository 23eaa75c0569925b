"""For a signed-in citizen: what waits, the cases, and how we may reach them."""

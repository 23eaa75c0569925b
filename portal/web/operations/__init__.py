"""What runs the site: readiness, static files, and the outbox of development."""

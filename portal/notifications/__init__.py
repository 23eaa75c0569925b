"""Messages: which event sends which, rendering, the outbox and its delivery."""

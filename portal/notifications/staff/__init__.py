"""Messages to staff: what happened in their cases, in the portal at once and by e-mail as they choose."""

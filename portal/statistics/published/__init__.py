"""The public figures: of closed months, counted once and never changed (docs/decisions/0024)."""

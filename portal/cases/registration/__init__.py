"""Registration by staff: cases of senders who called, came by, or wrote on paper or in another channel."""

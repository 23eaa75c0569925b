"""What comes back: delivery reports, bounces, unsubscribing, and letters that people write."""

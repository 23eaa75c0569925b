"""What is new for a member of staff, and how they want it by e-mail."""

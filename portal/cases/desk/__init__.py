"""The desk: questions about a case from a person at the desk or on the phone, and what they say of it."""

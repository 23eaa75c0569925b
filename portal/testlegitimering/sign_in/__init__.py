"""The pages of a sign-in: picking a person, confirming, and the QR code for another device."""

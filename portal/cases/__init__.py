"""Cases: lifecycle, access, deadlines, models and queries; commands are in the packages below."""

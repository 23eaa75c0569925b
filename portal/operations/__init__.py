"""Checks, health, migrations, key rotation and the settings of gunicorn."""

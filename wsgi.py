"""What a server runs."""

import sys

from portal import create_app
from portal.config import BadSetting

try:
    app = create_app()
except BadSetting as problem:
    sys.exit(f"Kontakt cannot start:\n{problem}")

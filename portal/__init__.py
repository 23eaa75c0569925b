"""Kontakt: a citizen portal for Swedish municipalities."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from portal.config import Settings

ROOT = Path(__file__).parent.parent


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Application factory. Raises BadSetting if the environment or a file it names cannot be used."""
    # Imported here so that `import portal` stays free of Flask: the pure modules are tested without it.
    from flask import Flask

    from portal import cli, config, web

    settings = settings or config.load()
    install(settings)
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    web.install(app, settings)
    cli.install(app)
    return app


def install(settings: "Settings") -> None:
    """Set what a process has one of: settings, profile, providers, database, listeners. Raises BadSetting."""
    import structlog

    from portal import config, db, events, logs, wiring
    from portal.config_variables import unknown_variables
    from portal.identity.oidc import client as oidc_client
    from portal.organisation import queries as organisation

    log: structlog.stdlib.BoundLogger = structlog.get_logger("portal")
    config.use(settings)
    logs.configure(settings.log_format, settings.log_level)
    for doubt in unknown_variables():
        log.warning("setting.doubtful", reason=doubt)
    # Read now, so that a broken profile stops the start and not the first request.
    organisation.profile()
    oidc_client.install(settings)
    db.bind(settings.database_url)
    events.subscribe(wiring.LISTENERS)

"""Settings for gunicorn: one process, because the memory is in it, and no access log."""

import signal

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """Ends when its parent says so, and always in the same calm way."""

    # Ctrl-C reaches parent and worker alike, and the parent passes it on. Of the two signals the second could
    # find gunicorn's handler of the first holding a lock, and wait for it for ever.
    handle_quit = ThreadWorker.handle_exit

    def init_signals(self) -> None:
        """Leave Ctrl-C to the parent."""
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)


workers = 1
worker_class = Worker
threads = 8
# A browser that keeps its connection open would hold up the stop.
keepalive = 0
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True

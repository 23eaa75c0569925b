"""Settings of gunicorn: one process, since the state is in its memory, and no access log."""

import signal

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """A worker that is stopped by its parent only."""

    # Ctrl-C reaches both parent and worker, and the parent forwards it as SIGQUIT. The second signal could
    # interrupt gunicorn's handler of the first while it holds a lock, and deadlock.
    handle_quit = ThreadWorker.handle_exit

    def init_signals(self) -> None:
        """Ignore SIGINT: the parent handles Ctrl-C."""
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)


workers = 1
worker_class = Worker
threads = 8
# An open keep-alive connection of a browser would delay the shutdown.
keepalive = 0
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True

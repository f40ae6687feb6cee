"""The process that all bots of a run of the tests are forked from, and how it is asked to.

`python -m tests.e2e.fork_server SOCKET LIFELINE MODULE…` imports the modules, says so, and forks
a process for each connection to SOCKET: the function to call comes in, its process's ID goes out,
and its exit code. Whoever hangs up before that ends the process. It ends with the last of those
who hold LIFELINE open, which is a pipe with a name.
"""

import contextlib
import importlib
import os
import pickle
import selectors
import signal
import socket
import struct
import sys
import threading
import traceback

NUMBER = struct.Struct("!i")
READY = b"ready\n"


def receive(connection: socket.socket, length: int) -> bytes:
    """Receive exactly so much; raise EOFError when the other side hangs up before."""
    received = b""
    while len(received) < length:
        if not (more := connection.recv(length - len(received))):
            raise EOFError
        received += more
    return received


class _Server:
    def __init__(self, listener: socket.socket, lifeline: int) -> None:
        self._listener, self._lifeline = listener, lifeline
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, socket.socket] = {}
        self._woken, self._wakes = socket.socketpair()
        for end in (self._woken, self._wakes):
            end.settimeout(0)

    def serve(self) -> None:
        """Fork until nobody holds the lifeline any more; what still runs then is killed."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        for file in (self._listener, self._woken):
            self._selector.register(file, selectors.EVENT_READ)
        self._selector.register(self._lifeline, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj == self._lifeline:
                    for child in self._children:
                        os.kill(child, signal.SIGKILL)
                    return
                if key.fileobj is self._listener:
                    self._accept()
                elif key.fileobj is self._woken:
                    self._bury()
                else:
                    self._hung_up(key.data)

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        try:
            (length,) = NUMBER.unpack(receive(connection, NUMBER.size))
            call = receive(connection, length)
        except (EOFError, OSError):
            connection.close()
            return
        child = os.fork()
        if not child:
            connection.close()
            self._let_go()
            _call(call)
        self._children[child] = connection
        self._selector.register(connection, selectors.EVENT_READ, child)
        with contextlib.suppress(OSError):
            connection.sendall(NUMBER.pack(child))

    def _let_go(self) -> None:
        """Have nothing of the server's, in the child."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for file in (self._selector, self._listener, self._woken, self._wakes):
            file.close()
        for connection in self._children.values():
            connection.close()

    def _bury(self) -> None:
        """Tell those who wait for it how a process ended."""
        with contextlib.suppress(BlockingIOError):
            while self._woken.recv(1_024):
                pass
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                child, status = ended
                connection = self._children.pop(child)
                with contextlib.suppress(KeyError):
                    self._selector.unregister(connection)
                with contextlib.suppress(OSError), connection:
                    connection.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))

    def _hung_up(self, child: int) -> None:
        connection = self._children.get(child)
        if connection is None:  # it was buried in the same round
            return
        self._selector.unregister(connection)
        os.kill(child, signal.SIGKILL)


def _call(call: bytes) -> None:
    """Be a process that calls a function, and end as one does."""
    code = 1
    try:
        function, arguments = pickle.loads(call)  # noqa: S301 -- it comes from the tests
        function(*arguments)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 -- this is the end of the process
        traceback.print_exc()
    finally:
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code)


def main(place: str, lifeline: str, *modules: str) -> None:
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        # They would end a child that does not listen to them yet.
        signal.signal(number, signal.SIG_IGN)
    for module in modules:
        importlib.import_module(module)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place)
        listener.listen(128)
        opened = os.open(lifeline, os.O_RDONLY | os.O_NONBLOCK)
        sys.stdout.buffer.write(READY)
        sys.stdout.flush()
        _Server(listener, opened).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])

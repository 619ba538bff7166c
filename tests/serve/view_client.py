"""kedge view as a process, and a small client of it: requests and a WebSocket. Standard library only."""
import base64
import hashlib
import http.client
import json
import os
import select
import shlex
import signal
import socket
import struct
import subprocess
import time
from urllib.parse import urlsplit

TIMEOUT = 60  # seconds; far more than anything here takes
MAGIC = 0x3146454B


class View:
    """'kedge view ARGUMENTS' in the folder of a bench, until the end of a with statement."""

    def __init__(self, bench, *arguments):
        self.process = subprocess.Popen([*bench.command, 'view', *map(str, arguments)], cwd=bench.folder,
                                        env=bench.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        ready, _, _ = select.select([self.process.stdout], [], [], TIMEOUT)
        line = self.process.stdout.readline().decode() if ready else ''
        if not line.startswith('kedge: http://'):
            self.process.kill()
            raise RuntimeError(f'kedge view {shlex.join(map(str, arguments))}: no address but {line!r}\n'
                               + self.process.stderr.read().decode())
        self.url = line[len('kedge: '):].strip()
        self.port = urlsplit(self.url).port
        self.host = f'127.0.0.1:{self.port}'

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, number=signal.SIGINT):
        """Ends it by a signal; (exit status, standard error)."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, said = self.process.communicate(timeout=TIMEOUT)
        return self.process.returncode, said.decode()

    def ask(self, path, method='GET', body=None, headers=()):
        """(status, headers, body) of one request."""
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=TIMEOUT)
        connection.request(method, path, body, {'Host': self.host, **dict(headers)})
        answer = connection.getresponse()
        whole = answer.status, answer.headers, answer.read()
        connection.close()
        return whole

    def get_json(self, path):
        status, _, body = self.ask(path)
        if status != 200:
            raise RuntimeError(f'{path}: {status} {body!r}')
        return json.loads(body)

    def page_data(self, path='/'):
        """The data inside a page."""
        status, _, body = self.ask(path)
        if status != 200:
            raise RuntimeError(f'{path}: {status} {body!r}')
        text = body.decode()
        begin = text.index('id="kedge-data">') + len('id="kedge-data">')
        return json.loads(text[begin:text.index('</script>', begin)])

    def command(self, **what):
        """The answer to a command: (status, JSON)."""
        status, _, body = self.ask('/api/command', 'POST', json.dumps(what), {'Content-Type': 'application/json'})
        return status, json.loads(body)


class Frame:
    """A binary frame."""

    def __init__(self, data):
        magic, self.epoch, self.step, n, rows, columns, _, _ = struct.unpack_from('<8I', data)
        if magic != MAGIC or len(data) != 32 + rows * (4 + 4 * columns) + 4 * n:
            raise ValueError(f'a frame of {len(data)} bytes that says {magic:x}, {rows} rows, {n} parameters')
        self.rows = []
        for i in range(rows):
            step, *values = struct.unpack_from(f'<I{columns}f', data, 32 + i * (4 + 4 * columns))
            self.rows.append((step, values))
        self.parameters = struct.unpack_from(f'<{n}f', data, len(data) - 4 * n)


class Listener:
    """A WebSocket on api/stream."""

    def __init__(self, view, receive_buffer=None, headers=()):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(TIMEOUT)
        self.socket.connect(('127.0.0.1', view.port))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ['GET /api/stream HTTP/1.1', f'Host: {view.host}', 'Upgrade: websocket', 'Connection: Upgrade',
                 f'Sec-WebSocket-Key: {key}', 'Sec-WebSocket-Version: 13', *headers, '', '']
        self.socket.sendall('\r\n'.join(lines).encode())
        self.bytes = b''
        while b'\r\n\r\n' not in self.bytes:
            self._more()
        head, _, self.bytes = self.bytes.partition(b'\r\n\r\n')
        accept = base64.b64encode(hashlib.sha1((key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest())
        if b' 101 ' not in head.splitlines()[0] or accept not in head:
            raise RuntimeError(head.decode(errors='replace'))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _more(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise EOFError('the server hung up')
        self.bytes += data

    def _take(self, n):
        while len(self.bytes) < n:
            self._more()
        taken, self.bytes = self.bytes[:n], self.bytes[n:]
        return taken

    def next(self):
        """The next message: a dict (of text), a Frame (of binary), or (opcode, bytes) of another frame."""
        first, length = self._take(2)
        if length == 126:
            length, = struct.unpack('>H', self._take(2))
        elif length == 127:
            length, = struct.unpack('>Q', self._take(8))
        data = self._take(length)
        opcode = first & 15
        return json.loads(data) if opcode == 1 else Frame(data) if opcode == 2 else (opcode, data)

    def until(self, wanted):
        """The first message for which wanted(message) holds."""
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            message = self.next()
            if wanted(message):
                return message
        raise TimeoutError('what was waited for did not come')

    def until_state(self, **values):
        """The first StateMessage with these values."""
        return self.until(lambda m: isinstance(m, dict) and all(m[key] == values[key] for key in values))

    def until_frame(self, wanted=lambda frame: True):
        return self.until(lambda m: isinstance(m, Frame) and wanted(m))

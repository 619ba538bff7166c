// server.mjs - stands in for 'kedge view' on loopback: the page, its data, commands, and a stream of frames.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

function message(opcode, payload) {
  const n = payload.length, head = n < 126 ? Buffer.from([0x80 | opcode, n])
    : n < 65536 ? Buffer.from([0x80 | opcode, 126, n >> 8, n & 255]) : null;
  if (!head) throw new Error('too long for this server');
  return Buffer.concat([head, payload]);
}

export class Server {
  commands = [];
  pages = 0; // times that the data were asked for
  streams = new Set();
  refusal = null;

  constructor(html, data) {
    this.html = html;
    this.data = data;
    this.run = data.runs[0];
    this.parameters = Buffer.from(this.run.records.parameters, 'base64').subarray(-4 * this.run.model.parameters);
    this.state = { type: 'state', epoch: 1, seed: 0, step: 0, steps: 1501, paused: false, pace: 0, done: false,
      message: '', directory: '', changes: [], version: 1,
      controls: [{ column: 'lr', kind: 'lr', value: 0.01 }, { column: 'anchor', kind: 'weight', value: 0.1 },
        { column: 'labels.red', kind: 'rate', value: 1 }] };
  }

  async start(port = 0) {
    this.sockets = new Set();
    this.http = createServer((request, response) => this.answer(request, response));
    this.http.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.http.on('upgrade', (request, socket) => this.upgrade(request, socket));
    await new Promise((done) => this.http.listen(port, '127.0.0.1', done));
    this.port = this.http.address().port;
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    this.streams.clear();
    await new Promise((done) => this.http.close(done));
  }

  answer(request, response) {
    const json = (status, body) => {
      response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/') {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(this.html);
    } else if (request.url === '/api/page') {
      this.pages++;
      json(200, this.data);
    } else if (request.url === '/api/schedule') {
      json(200, this.run.schedule);
    } else if (request.url === '/api/command' && request.method === 'POST') {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        this.commands.push(JSON.parse(body));
        if (this.refusal) json(400, { error: this.refusal });
        else json(200, { ok: true });
      });
    } else {
      response.writeHead(404);
      response.end();
    }
  }

  upgrade(request, socket) {
    const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.on('error', () => this.streams.delete(socket));
    socket.on('close', () => this.streams.delete(socket));
    this.streams.add(socket);
    this.tell();
  }

  send(opcode, payload) {
    for (const socket of this.streams) socket.write(message(opcode, payload));
  }

  /** The state, with what differs. */
  tell(patch = {}) {
    Object.assign(this.state, patch);
    this.send(1, Buffer.from(JSON.stringify(this.state)));
  }

  /** A frame of a step with its last rows; parameters are the end's, smaller early on. */
  frame(step, rows = 1, epoch = this.state.epoch) {
    const columns = 2 + 2 * this.run.terms.length, n = this.run.model.parameters;
    const out = Buffer.alloc(32 + 4 * rows * (1 + columns) + 4 * n);
    [0x3146454b, epoch, step, n, rows, columns].forEach((x, i) => out.writeUInt32LE(x, 4 * i));
    for (let r = 0; r < rows; r++) {
      const at = 32 + 4 * r * (1 + columns);
      out.writeUInt32LE(step - rows + r, at);
      for (let c = 0; c < columns; c++) out.writeFloatLE(0.5 / (1 + c), at + 4 * (1 + c));
    }
    const grown = 0.3 + (0.7 * step) / 1501, first = 32 + 4 * rows * (1 + columns);
    for (let i = 0; i < n; i++) out.writeFloatLE(this.parameters.readFloatLE(4 * i) * grown, first + 4 * i);
    this.send(2, out);
  }
}

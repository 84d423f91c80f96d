// The program under trial: the real binary with a demonstration in a folder of its own, on a free port of this machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = resolve(process.env.SONGHAN_PROGRAM || join(root, 'target/debug/songhan'));

/** The demonstration's password. It is printed on the page to sign in. */
export const PASSWORD = 'xem-thu-songhan';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class House {
  constructor(pack) { this.pack = pack; this.log = ''; }

  async open() {
    this.folder = mkdtempSync(join(tmpdir(), 'songhan-journeys-'));
    const port = await freePort();
    this.origin = `http://127.0.0.1:${port}`;
    const args = ['demo', '--serve', '--listen', `127.0.0.1:${port}`, '--data', join(this.folder, 'data'), '--pack', join(root, 'packs', this.pack)];
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SONGHAN_')));
    this.child = spawn(program, args, { cwd: root, env: { ...environment, SONGHAN_LIMITS: 'off' }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout.on('data', (bytes) => { this.log += bytes; });
    this.child.stderr.on('data', (bytes) => { this.log += bytes; });
    let gone = null;
    this.child.on('error', (trouble) => { gone = trouble.message; });
    this.child.on('exit', (code, signal) => { gone = `ended with ${code ?? signal}`; });
    for (const until = Date.now() + 120_000; ;) {
      if (gone) throw new Error(`${program} ${args.join(' ')} ${gone}:\n${this.log}`);
      const answer = await fetch(`${this.origin}/healthz`).catch(() => null);
      if (answer && answer.ok) break;
      if (Date.now() > until) throw new Error(`packs/${this.pack} did not open within two minutes:\n${this.log}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  async close() {
    if (this.child && this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const late = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(late);
    }
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }

  /** Lines of the log that no journey may cause. */
  faults() { return this.log.split('\n').filter((line) => /ERROR|panic/.test(line)); }

  /** The sign-in names of the demonstration, by role: `people('dispatcher')[0]`. */
  people(role) {
    const text = readFileSync(join(root, 'packs', this.pack, 'accounts/demo.toml'), 'utf8');
    return text.split('[[official]]').slice(1).filter((one) => one.includes(`role = "${role}"`)).map((one) => /sign_in = "([^"]+)"/.exec(one)[1]);
  }

  /** A report by the API, for journeys that need one and do not tell how it is made. */
  async report(description, more = {}) {
    const [category] = await (await fetch(`${this.origin}/api/v1/categories`)).json();
    const answer = await fetch(`${this.origin}/api/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ description, category: category.key, address: '1', ...more }),
    });
    if (!answer.ok) throw new Error(`the API refused a report: ${answer.status} ${await answer.text()}`);
    const { code, follow } = await answer.json();
    return { code, follow: new URL(follow, this.origin).pathname };
  }
}

/** The lines of the door table: method, path, who may pass, what it answers. */
export function doors() {
  const text = readFileSync(join(root, 'server/tests/it/golden/doors.txt'), 'utf8');
  return text.trim().split('\n').map((line) => {
    const [door, pass, kind] = line.split(' · ');
    const [method, path] = door.split(' ');
    return { method, path, pass, kind: kind.split(' ')[0] };
  });
}

/** For tests: a certificate, a server over TLS with a simulated controller behind it, and requests as terminals make them. */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '../../../device/clock/virtual.ts';
import type { TerminalConfig } from '../../contract/lan.ts';
import type { PassageReport } from '../../contract/passage.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ApiEvent } from '../ports.ts';
import { LAN_LIMITS, type LanLimits } from './limits.ts';
import type { PassageFault, PassageSink, RecordedPassage } from './ports.ts';
import { PASSAGES, type RunningLanServer, startLanServer } from './server.ts';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly files: { readonly cert: string; readonly key: string };
  remove(): void;
}

/** Self-signed, for 127.0.0.1, as the manual tells technicians to make one. */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'genkan-cert-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'],
    ...['-subj', '/CN=genkan', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', files.key, '-out', files.cert],
  ]);
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr?.toString()}`);
  const text = (file: string) => readFileSync(file, 'utf8');
  const remove = () => rmSync(folder, { recursive: true });
  return { cert: text(files.cert), key: text(files.key), files, remove };
}

export function makeToken(): { readonly token: string; readonly digest: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, digest: digestOf(token) };
}

/** Of a terminal whose installer has made it up himself. */
export const SHORT_TOKEN = 'short';

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export const PASSAGE = { id: 'T1-1', at: '2026-11-02T12:00:00+09:00', direction: 'in', memberId: 'ann' } as const;

/** A controller that records, and fails when it is told to. */
export class SimPassages implements PassageSink {
  readonly recorded: { readonly terminal: string; readonly passage: PassageReport }[] = [];
  fault: PassageFault | null = null;
  bug: Error | null = null;

  report(terminal: TerminalConfig, passage: PassageReport): Result<RecordedPassage, PassageFault> {
    if (this.bug !== null) throw this.bug;
    if (this.fault !== null) return err(this.fault);
    const same = this.recorded.findIndex((one) => one.terminal === terminal.id && one.passage.id === passage.id);
    if (same >= 0) return ok({ event: same + 1, duplicate: true });
    this.recorded.push({ terminal: terminal.id, passage });
    return ok({ event: this.recorded.length, duplicate: false });
  }
}

export interface TestLan extends AsyncDisposable {
  readonly running: RunningLanServer;
  readonly passages: SimPassages;
  readonly clock: VirtualClock;
  readonly log: ApiEvent[];
  /** Of the terminals `t1` (from 127.0.0.1) and `t2` (from 127.0.0.2). */
  readonly tokens: { readonly t1: string; readonly t2: string };
  readonly certificate: Certificate;
}

export async function startTestLan(limits: Partial<LanLimits> = {}): Promise<TestLan> {
  const certificate = makeCertificate();
  const [one, two] = [makeToken(), makeToken()];
  const passages = new SimPassages();
  const clock = new VirtualClock();
  const log: ApiEvent[] = [];
  const started = await startLanServer(
    {
      host: '127.0.0.1',
      port: 0,
      tls: certificate,
      terminals: [
        { id: 't1', doorId: 'front', direction: 'in', tokenDigest: one.digest, from: ['127.0.0.1'] },
        { id: 't3', doorId: 'back', direction: 'in', tokenDigest: digestOf(SHORT_TOKEN), from: ['127.0.0.1'] },
        { id: 't2', doorId: 'back', direction: 'out', tokenDigest: two.digest, from: ['127.0.0.2/32', '::1'] },
      ],
      passages,
      clock,
      log: (event) => log.push(event),
    },
    { ...LAN_LIMITS, ...limits },
  );
  if (!started.ok) throw new Error(started.error.detail);
  const running = started.value;
  const dispose = async () => {
    await running.close();
    certificate.remove();
  };
  const tokens = { t1: one.token, t2: two.token };
  return { running, passages, clock, log, tokens, certificate, [Symbol.asyncDispose]: dispose };
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface Report {
  readonly token?: string;
  readonly body?: unknown;
  readonly method?: string;
  readonly path?: string;
  /** The address that it comes from. */
  readonly from?: string;
  /** Trusted by the client; null: plain HTTP. */
  readonly ca: string | null;
}

/** One request on a connection of its own. Rejects when the server ends the connection without an answer. */
export function report(port: number, { token, body, method, path, from, ca }: Report): Promise<Reply> {
  const make = ca === null ? plainRequest : tlsRequest;
  return new Promise((resolve, reject) => {
    const req = make(
      {
        ...{ host: '127.0.0.1', port, path: path ?? PASSAGES, method: method ?? 'POST', agent: false },
        ...(from === undefined ? {} : { localAddress: from }),
        ...(ca === null ? {} : { ca }),
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.once('error', reject);
        res.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: JSON.parse(text) });
        });
      },
    );
    req.once('error', reject);
    req.end(body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
}

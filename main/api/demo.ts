/**
 * The demo's controls as routes: `POST /demo/scan` and `POST /demo/door`. Imported by the development entry alone, so
 * that the packaged program doesn't have them.
 */
import type * as z from 'zod';
import { DemoDoorInput, DemoScanInput } from '../contract/page.ts';
import type { ExtraRoute } from './ports.ts';

/** The simulated devices, as somebody standing at the door handles them. */
export interface DemoControls {
  scan(reader: string, code: string): 'taken' | 'no-such-reader';
  door(id: string, act: DemoDoorInput['do']): 'done' | 'nothing-to-do' | 'no-such-door';
}

type Answer = ReturnType<ExtraRoute['handle']>;

const DONE: Answer = { status: 200, body: { ok: true } };

function refused(status: number, error: string): Answer {
  return { status, body: { ok: false, error } };
}

function badInput(error: z.ZodError): Answer {
  const [issue] = error.issues;
  const path = issue?.path.join('.') ?? '';
  return refused(400, `${path === '' ? 'the body' : path}: ${issue?.message ?? 'not as expected'}`.slice(0, 200));
}

function scan(controls: DemoControls, body: unknown): Answer {
  const input = DemoScanInput.safeParse(body);
  if (!input.success) return badInput(input.error);
  switch (controls.scan(input.data.reader, input.data.code)) {
    case 'taken':
      return DONE;
    case 'no-such-reader':
      return refused(404, 'reader: there is no simulated reader of this id; healthz lists the devices');
  }
}

function door(controls: DemoControls, body: unknown): Answer {
  const input = DemoDoorInput.safeParse(body);
  if (!input.success) return badInput(input.error);
  switch (controls.door(input.data.id, input.data.do)) {
    case 'done':
      return DONE;
    case 'nothing-to-do':
      return refused(409, 'do: the door is not in a state in which this can be done');
    case 'no-such-door':
      return refused(404, 'id: there is no simulated door of this id; healthz lists the doors');
  }
}

export function demoRoutes(controls: DemoControls): readonly ExtraRoute[] {
  return [
    { method: 'POST', path: '/demo/scan', handle: (body) => scan(controls, body) },
    { method: 'POST', path: '/demo/door', handle: (body) => door(controls, body) },
  ];
}

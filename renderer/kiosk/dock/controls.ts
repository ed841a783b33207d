/** What a newcomer does at the simulated door. Each says whether it could be done. */
import type { DemoDoorInput } from '../../../main/contract/page.ts';

export type DoorAct = DemoDoorInput['do'];

export function presentCode(reader: string, code: string): Promise<boolean> {
  return post('/demo/scan', { reader, code });
}

export function handleDoor(id: string, act: DoorAct): Promise<boolean> {
  return post('/demo/door', { id, do: act });
}

async function post(path: string, body: object): Promise<boolean> {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

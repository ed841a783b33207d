/**
 * A configuration may be written for a site or a database that comes a moment later. Where the power goes in between, a
 * start finds it with the data from before, for which it isn't meant.
 */
import { unknownDoors } from '../../contract/config.ts';
import { finishAside } from '../../store/aside.ts';
import { type DataFiles, openStore } from '../../store/data-dir.ts';
import type { Store } from '../../store/store.ts';
import { loadConfig, type Trouble } from '../config-file.ts';
import type { ConfigTrial, DataBefore } from './config-trial.ts';

/** @param byRevision whether another revision is other data; else another epoch alone is */
export function dataOf(store: Store, byRevision: boolean): DataBefore {
  const { unit_id: unitId, epoch, revision } = store.record.unit();
  return { unitId, epoch, revision: byRevision ? revision : null };
}

/** Whether what is on trial waits for data that never came. Only for who holds the unit's lock, before it opens the store. */
export function isHalfDone(trial: ConfigTrial, dataDir: string, files: DataFiles): boolean {
  const before = trial.dataBefore;
  // Which of both databases is the unit's is settled first.
  if (before === null || !finishAside(files.database).ok) return false;
  const store = openStore(dataDir, 'read');
  if (!store.ok) return false;
  try {
    const { unitId, epoch, revision } = dataOf(store.value, before.revision !== null);
    return unitId === before.unitId && epoch === before.epoch && revision === before.revision;
  } catch {
    // Damaged: it is on trial like any other, by what can be rebuilt.
    return false;
  } finally {
    store.value.close();
  }
}

/**
 * Goes back to the configuration before. Where the data for the new one has come, with other doors, there is no way back:
 * no unit starts with doors that its site doesn't have. Then the new one stays, and is on trial no more.
 * @returns what to tell the technician
 */
export function leftBehind(trial: ConfigTrial, why: Trouble, dataDir: string): Trouble {
  if (!isFormerFit(trial, dataDir)) {
    trial.keep();
    return ['the new configuration stays, since the one before is not for the doors of this site:', ...why];
  }
  return trial.goBack() ? ['the new configuration was left for the one before:', ...why] : why;
}

function isFormerFit(trial: ConfigTrial, dataDir: string): boolean {
  if (trial.dataBefore === null) return true;
  const former = loadConfig(trial.former);
  const store = former.ok ? openStore(dataDir, 'read') : null;
  if (!former.ok || !store?.ok) return former.ok;
  try {
    const doors = new Set(store.value.master()?.doors.map(({ id }) => id));
    return doors.size === 0 || unknownDoors(former.value.config, doors).length === 0;
  } catch {
    // Damaged: what can be rebuilt of it is looked at then.
    return true;
  } finally {
    store.value.close();
  }
}

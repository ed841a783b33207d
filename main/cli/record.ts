/** What reads the record beside a running controller: `genkan events`, `verify`, `digest`, `setup-code`. */
import { loadConfig } from '../controller/config-file.ts';
import { openStore } from '../store/data-dir.ts';
import type { Store } from '../store/store.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';

function withStore(console: Console, configFile: string, use: (store: Store) => ExitCode): ExitCode {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) return fail(console, loaded.error);
  const store = openStore(loaded.value.dataDir, 'read');
  if (!store.ok) return fail(console, [store.error.detail]);
  const code = use(store.value);
  store.value.close();
  return code;
}

export function eventsCommand(console: Console, configFile: string, since: string): ExitCode {
  if (!/^\d{1,15}$/.test(since)) return fail(console, ['--since takes the number of an event, 0 or more'], EXIT.usage);
  return withStore(console, configFile, ({ record }) => {
    for (const body of record.since(Number(since))) console.out(`${body}\n`);
    return EXIT.done;
  });
}

export function verifyCommand(console: Console, configFile: string): ExitCode {
  return withStore(console, configFile, ({ record }) => {
    const verification = record.verify();
    console.out(`${JSON.stringify(verification)}\n`);
    return verification.ok ? EXIT.done : EXIT.failed;
  });
}

/** Of all that the unit knows: equal to what the hub says of the tenant (`hubctl digest`) where both have the same. */
export function digestCommand(console: Console, configFile: string): ExitCode {
  return withStore(console, configFile, (store) => {
    const replica = store.replica(() => 0);
    console.out(`${JSON.stringify({ digest: replica.digest(), revision: replica.hubRevision() })}\n`);
    return EXIT.done;
  });
}

export function setupCodeCommand(console: Console, configFile: string): ExitCode {
  return withStore(console, configFile, (store) => {
    const code = store.setupCode();
    console.out(code === null ? '' : `${code}\n`);
    if (code === null) console.err('genkan: there is a manager already; a setup code is no longer needed\n');
    return code === null ? EXIT.failed : EXIT.done;
  });
}

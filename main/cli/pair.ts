/** `genkan pair`: makes this unit known to a hub, through the controller while one runs. */
import { SystemClock } from '../../device/clock/system.ts';
import { parseAddress, parsePairing } from '../../sync/link/address.ts';
import { WebSocketDialer } from '../../sync/link/dialer.ts';
import { pairWith } from '../../sync/link/pairing.ts';
import type { HubAddress } from '../../sync/link/ports.ts';
import { CHANCE } from '../../sync/link/proof.ts';
import { type LoadedConfig, loadConfig } from '../controller/config-file.ts';
import { askController } from '../controller/control.ts';
import { addressOf } from '../controller/hub-address.ts';
import { pairedText } from '../controller/hub-link.ts';
import { takeLock } from '../controller/lock-file.ts';
import { err, ok, type Result } from '../core/result.ts';
import { openStore, prepareDataDir } from '../store/data-dir.ts';
import { type Console, EXIT, type ExitCode, fail } from './exit.ts';

const MOST_NAME = 200;

interface Wish {
  readonly address: HubAddress;
  readonly url: string;
  readonly code: string;
  readonly name: string | null;
}

/** @param words address and code, or the text of the hub's QR code @param name null: as the operator has named it */
export async function pairCommand(
  console: Console,
  configFile: string,
  words: readonly string[],
  name: string | null,
): Promise<ExitCode> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) return fail(console, loaded.error);
  const wish = wishOf(loaded.value, words, name);
  if (!wish.ok) return fail(console, [wish.error]);
  const paired = await pair(loaded.value.dataDir, wish.value);
  if (!paired.ok) return fail(console, [paired.error]);
  console.out(`${paired.value}\n`);
  return EXIT.done;
}

function wishOf({ config, file }: LoadedConfig, words: readonly string[], name: string | null): Result<Wish, string> {
  const pairing = parsePairing(words);
  if (!pairing.ok) return pairing;
  const { url, code } = pairing.value;
  const address = parseAddress(url, config.hub?.pin ?? null);
  if (!address.ok) return address;
  const configured = addressOf(config.hub);
  if (configured !== null && configured.host !== address.value.host)
    return err(`${file} names ${configured.host} as the hub: pair with that, or change hub.url first`);
  if (name !== null && (name.length === 0 || name.length > MOST_NAME))
    return err(`--name takes 1 to ${MOST_NAME} characters`);
  return ok({ address: address.value, url, code, name });
}

async function pair(dataDir: string, { address, url, code, name }: Wish): Promise<Result<string, string>> {
  const files = prepareDataDir(dataDir);
  if (!files.ok) return err(files.error.detail);
  const giveBack = takeLock(files.value.lock);
  if (giveBack === null) {
    const answer = await askController(files.value.control, { do: 'pair', url, code, name });
    if (!answer.ok) return answer;
    const text = answer.value.lines.join('; ');
    return answer.value.ok ? ok(text) : err(text);
  }
  const store = openStore(dataDir, 'write');
  if (!store.ok) return err(store.error.detail);
  const clock = new SystemClock();
  const parts = {
    clock,
    replica: store.value.replica(() => clock.mono()),
    dialer: new WebSocketDialer(clock),
    chance: CHANCE,
  };
  const paired = await pairWith(parts, { address, code, name });
  store.value.close();
  giveBack();
  return paired.ok ? ok(pairedText(paired.value)) : paired;
}

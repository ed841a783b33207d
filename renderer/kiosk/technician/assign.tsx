import { type ReactElement, useState } from 'react';
import type { DeviceDraft, Found, PartRole } from '../../../main/contract/technician.ts';
import { Button } from '../../parts/button.tsx';
import { Field, Options, Task } from './bits.tsx';
import { useDesk } from './desk.ts';
import type { TechKey } from './texts.ts';

/** Settings that are one of a few. Others are numbers or texts. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  direction: ['in', 'out', 'toggle'],
  protocol: ['lcus', 'numato', 'modbus'],
  normally: ['open', 'closed'],
  layout: ['us', 'jis'],
  baudRate: ['9600', '19200', '38400', '115200'],
  activeLow: ['true', 'false'],
  bias: ['as-is', 'pull-up', 'pull-down', 'disabled'],
};
const WORDS: Readonly<Record<string, TechKey>> = {
  in: 'tech.value.in',
  out: 'tech.value.out',
  toggle: 'tech.value.toggle',
  open: 'tech.value.open',
  closed: 'tech.value.closed',
  true: 'tech.value.true',
  false: 'tech.value.false',
};
const LABELS: Readonly<Record<string, TechKey>> = {
  direction: 'tech.option.direction',
  protocol: 'tech.option.protocol',
  channel: 'tech.option.channel',
  baudRate: 'tech.option.baudRate',
  normally: 'tech.option.normally',
  activeLow: 'tech.option.activeLow',
  line: 'tech.option.line',
  layout: 'tech.option.layout',
  bias: 'tech.option.bias',
  path: 'tech.assign.path',
};
const NUMBERS = new Set(['channel', 'baudRate', 'line']);

/** Gives a found device to a door, as what it shall be. */
export function Assign({ found, close }: { readonly found: Found; readonly close: () => void }): ReactElement {
  const { t, state, model } = useDesk();
  const doors = state.view?.doors ?? [];
  const [door, setDoor] = useState(doors[0]?.id ?? '');
  const [role, setRole] = useState<PartRole>(found.offers[0]?.role ?? 'reader');
  const [edits, setEdits] = useState<DeviceDraft>({});
  const [name, setName] = useState('');
  const device: DeviceDraft = { ...found.offers.find((one) => one.role === role)?.device, ...edits };
  const add = (): void => {
    const reader = role === 'reader' ? name.trim() || `${door}-${String(device['direction'] ?? 'in')}` : null;
    model.change({ do: 'set', door, role, reader, device });
    close();
  };
  const become = (next: PartRole): void => {
    setRole(next);
    setEdits({});
  };
  const edit = (key: string, value: DeviceDraft[string]): void => setEdits({ ...edits, [key]: value });
  const doorNames = doors.map(({ id, name: word }) => [id, word] as const);
  const roles = found.offers.map((one) => [one.role, t(`tech.role.${one.role}`)] as const);
  const off = door === '' || device['path'] === '';
  const head = t('tech.assign.head', { device: t(`tech.kind.${found.kind}`) });
  return (
    <Task head={head} about={found.where} actions={<Ends {...{ close, add, off }} />}>
      <section className="tech-card">
        <Options label={t('tech.assign.door')} value={door} options={doorNames} choose={setDoor} />
        <Options label={t('tech.assign.role')} value={role} options={roles} choose={become} />
        {role === 'reader' ? <Field label={t('tech.assign.name')} value={name} change={setName} /> : null}
        <Settings device={device} edit={edit} lines={found.lines} isTyped={found.where === ''} />
      </section>
    </Task>
  );
}

interface EndsProps {
  readonly close: () => void;
  readonly add: () => void;
  readonly off: boolean;
}

function Ends({ close, add, off }: EndsProps): ReactElement {
  const { t, clock } = useDesk();
  return (
    <>
      <Button clock={clock} onPress={close}>
        {t('tech.cancel')}
      </Button>
      <Button clock={clock} className="main" off={off} onPress={add}>
        {t('tech.assign.add')}
      </Button>
    </>
  );
}

interface SettingsProps {
  readonly device: DeviceDraft;
  readonly edit: (key: string, value: DeviceDraft[string]) => void;
  readonly lines: Found['lines'];
  /** The path isn't known from the machine. */
  readonly isTyped: boolean;
}

function Settings({ device, edit, lines, isTyped }: SettingsProps): ReactElement {
  const { t } = useDesk();
  const shown = Object.entries(device).filter(([key]) => key in LABELS && (key !== 'path' || isTyped));
  const wordOf = (value: string): string => {
    const word = WORDS[value];
    return word === undefined ? value : t(word);
  };
  return (
    <>
      {shown.map(([key, value]) => {
        const label = t(LABELS[key] ?? 'tech.option.channel');
        const choices =
          key === 'line' && lines.length > 0 ? lines.slice(0, 40).map(({ offset }) => String(offset)) : CHOICES[key];
        const change = (text: string): void => edit(key, typedValue(key, text));
        if (choices === undefined)
          return <Field key={key} label={label} digits={NUMBERS.has(key)} value={String(value)} change={change} />;
        const options = choices.map((choice) => [choice, wordOf(choice)] as const);
        return <Options key={key} label={label} value={String(value)} options={options} choose={change} />;
      })}
    </>
  );
}

function typedValue(key: string, text: string): DeviceDraft[string] {
  if (NUMBERS.has(key)) return Number(text.replaceAll(/\D/g, ''));
  return key === 'activeLow' ? text === 'true' : text;
}

/** The inputs and outputs that sit on relay boards: watched and switched here since the boards are the guard's. */
import type { InputPort, OutputPort } from '../../device/ports.ts';
import type { FromGuard } from './protocol.ts';

export interface Auxiliaries {
  readonly inputs: ReadonlyMap<string, InputPort>;
  readonly outputs: ReadonlyMap<string, OutputPort>;
}

export class Auxiliary {
  readonly #say: (message: FromGuard) => void;
  #ports: Auxiliaries = { inputs: new Map(), outputs: new Map() };

  constructor(say: (message: FromGuard) => void) {
    this.#say = say;
  }

  open(ports: Auxiliaries): void {
    this.#ports = ports;
    for (const [id, port] of ports.inputs) {
      port.open({
        state: (state) => this.#say({ say: 'part', id, state }),
        level: (active, mono) => this.#say({ say: 'input', id, active, mono }),
      });
    }
    for (const [id, port] of ports.outputs) port.open({ state: (state) => this.#say({ say: 'part', id, state }) });
  }

  /** Switches an output. A fault is the port's to say, by its state. False: there is no such output. */
  switch(id: string, on: boolean): boolean {
    const output = this.#ports.outputs.get(id);
    if (output === undefined) return false;
    void output.set(on);
    return true;
  }

  /** Everything off, and let go of. */
  async close(): Promise<void> {
    const { inputs, outputs } = this.#ports;
    await Promise.all([...inputs.values(), ...outputs.values()].map((port) => port.close()));
  }
}

/**
 * The program in the demo and in development: the installed one, with simulated devices that can be played with, and
 * with a way to end it at a named point (`GENKAN_DIE_AT`).
 */
import { makeDemo } from '../controller/demo.ts';
import { main } from './main.ts';

const dieAt = process.env['GENKAN_DIE_AT'];

await main(import.meta.filename, {
  makeDemo,
  probe: (point) => {
    if (point === dieAt) process.kill(process.pid, 'SIGKILL');
  },
});

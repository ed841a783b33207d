/** The program in the demo and in development: the installed one, and simulated devices that can be played with. */
import { makeDemo } from '../controller/demo.ts';
import { main } from './main.ts';

await main(import.meta.filename, makeDemo);

/** The installed program. */
import { main } from './main.ts';

await main(import.meta.filename, null);

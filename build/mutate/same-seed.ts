/** What fast-check tries is the same in every run, so that a mutant dies or lives for a reason. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_261_122 });

/** What a hub as a whole needs of its operator. */
import { hubCall, note, router } from './call.ts';

export const upkeep = router({
  /** The database was put back to an earlier state: every unit begins with a snapshot, and brings what is missing. */
  restored: hubCall('admin', {}).mutation(async ({ ctx }) => {
    const { store, clock } = ctx.parts;
    await store.restored(clock.wall());
    await note(ctx, null, 'restored', {});
    return { tenants: (await store.tenants()).length };
  }),
});

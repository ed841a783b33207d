/** Asked with every batch of events: whether a tenant has another site. */
export function sites(): readonly string[] {
  return ['CREATE INDEX unit_site ON unit (tenant, site) WHERE revoked_at IS NULL'];
}

/** All tables. Texts compare by their bytes on both databases: cursors and orders are the same. */
import type { Words } from './migrate.ts';

export function initial(words: Words): readonly string[] {
  return [...tenantTables(words), ...recordTables(words), ...rowTables(words), ...deskTables(words)];
}

function tenantTables({ text, int, end }: Words): readonly string[] {
  return [
    `CREATE TABLE hub (one ${int} PRIMARY KEY CHECK (one = 1), sign ${text} NOT NULL, seal ${text} NOT NULL) ${end}`,
    `CREATE TABLE tenant (id ${text} PRIMARY KEY, name ${text} NOT NULL, created_at ${int} NOT NULL,
      revision ${int} NOT NULL, master_revision ${int} NOT NULL, horizon ${int} NOT NULL) ${end}`,
    `CREATE TABLE token (digest ${text} PRIMARY KEY, tenant ${text} REFERENCES tenant, role ${text} NOT NULL,
      person ${text} NOT NULL, created_at ${int} NOT NULL) ${end}`,
    `CREATE TABLE pairing (code_digest ${text} PRIMARY KEY, tenant ${text} NOT NULL REFERENCES tenant,
      site ${text} NOT NULL, name ${text} NOT NULL, made_by ${text} NOT NULL, expires_at ${int} NOT NULL, unit ${text}) ${end}`,
    `CREATE TABLE unit (unit ${text} PRIMARY KEY, tenant ${text} NOT NULL REFERENCES tenant, site ${text} NOT NULL,
      name ${text} NOT NULL, key ${text} NOT NULL, paired_at ${int} NOT NULL, revoked_at ${int},
      applied_revision ${int} NOT NULL, seen_at ${int}, queued ${int}) ${end}`,
    'CREATE INDEX unit_of_tenant ON unit (tenant)',
  ];
}

function recordTables({ text, bytes, int, end }: Words): readonly string[] {
  return [
    `CREATE TABLE epoch (tenant ${text} NOT NULL, unit ${text} NOT NULL, epoch ${int} NOT NULL, before ${text},
      head ${int} NOT NULL, hash ${bytes} NOT NULL, proof ${text}, begins_after ${int} NOT NULL,
      PRIMARY KEY (tenant, unit, epoch)) ${end}`,
    `CREATE TABLE event (tenant ${text} NOT NULL, unit ${text} NOT NULL, epoch ${int} NOT NULL, seq ${int} NOT NULL,
      variant ${int} NOT NULL, body ${bytes} NOT NULL, hash ${bytes} NOT NULL, flags ${text}, received_at ${int} NOT NULL,
      PRIMARY KEY (tenant, unit, epoch, seq, variant)) ${end}`,
  ];
}

function rowTables({ text, int, end }: Words): readonly string[] {
  return [
    `CREATE TABLE entity (tenant ${text} NOT NULL, kind ${int} NOT NULL, id ${text} NOT NULL, position ${int} NOT NULL,
      origin_unit ${text}, origin_epoch ${int}, origin_seq ${int}, body ${text}, revision ${int} NOT NULL,
      changed_at ${int} NOT NULL, owner ${text}, subject ${text}, day ${text}, inherited ${int} NOT NULL,
      overdrawn ${int} NOT NULL, PRIMARY KEY (tenant, kind, id)) ${end}`,
    'CREATE INDEX entity_changed ON entity (tenant, revision)',
    'CREATE INDEX entity_owner ON entity (tenant, owner, kind, day) WHERE owner IS NOT NULL AND body IS NOT NULL',
    'CREATE INDEX entity_subject ON entity (tenant, subject) WHERE subject IS NOT NULL AND body IS NOT NULL',
    'CREATE INDEX entity_day ON entity (tenant, day) WHERE day IS NOT NULL AND body IS NOT NULL',
    'CREATE INDEX entity_gone ON entity (tenant, changed_at) WHERE body IS NULL',
    `CREATE TABLE claim (tenant ${text} NOT NULL, what ${text} NOT NULL, value ${text} NOT NULL, member ${text} NOT NULL,
      PRIMARY KEY (tenant, what, value)) ${end}`,
    'CREATE INDEX claim_member ON claim (tenant, member)',
    `CREATE TABLE reuse (tenant ${text} NOT NULL, subject ${text} NOT NULL, id ${text} NOT NULL, at ${text} NOT NULL,
      counted ${text} NOT NULL, member ${text}, received_at ${int} NOT NULL, PRIMARY KEY (tenant, subject, id)) ${end}`,
    'CREATE INDEX reuse_event ON reuse (tenant, id)',
    `CREATE TABLE departure (tenant ${text} NOT NULL, member ${text} NOT NULL, place ${text} NOT NULL, at ${int} NOT NULL,
      said ${text} NOT NULL, id ${text} NOT NULL, PRIMARY KEY (tenant, member, place, at, id)) ${end}`,
  ];
}

function deskTables({ text, int, end }: Words): readonly string[] {
  return [
    `CREATE TABLE handover (tenant ${text} NOT NULL, id ${text} NOT NULL, unit ${text} NOT NULL, kind ${text} NOT NULL,
      body ${text} NOT NULL, at ${int} NOT NULL, accepted ${int}, settled_by ${text}, settled_at ${int},
      PRIMARY KEY (tenant, unit, id)) ${end}`,
    `CREATE TABLE alert (tenant ${text} NOT NULL, id ${text} NOT NULL, at ${int} NOT NULL, unit ${text},
      kind ${text} NOT NULL, detail ${text} NOT NULL, taken_by ${text}, taken_at ${int}, PRIMARY KEY (tenant, id)) ${end}`,
    'CREATE INDEX alert_time ON alert (tenant, at)',
    'CREATE INDEX alert_same ON alert (tenant, kind, unit, at)',
    `CREATE TABLE audit (id ${text} PRIMARY KEY, tenant ${text}, at ${int} NOT NULL, person ${text} NOT NULL,
      what ${text} NOT NULL, detail ${text} NOT NULL) ${end}`,
    'CREATE INDEX audit_time ON audit (tenant, at)',
  ];
}

/** What the record and the rights of the simulated week must be, read from the database past the store. */
import type { WeekDisk } from './week-disk.ts';

/** @param isOver every opening has its outcome by then */
export function recordFindings(disk: WeekDisk, isOver: boolean): string[] {
  return [...chainFindings(disk), ...outcomeFindings(disk, isOver), ...rightsFindings(disk)];
}

function chainFindings(disk: WeekDisk): string[] {
  const store = disk.openStore();
  const { ok, brokenAt } = store.record.verify();
  store.close();
  return ok ? [] : [`the chain is broken at ${brokenAt}`];
}

const OPENINGS = `
  SELECT seq, body ->> 'direction' AS direction FROM event WHERE
    (body ->> 'type' IN ('scan', 'override') AND body ->> '$.result.granted' = 1)
    OR (body ->> 'type' = 'staff' AND body ->> '$.detail.what' = 'open')
    OR (body ->> 'type' = 'input' AND body ->> '$.detail.input' = 'exitButton')`;
const OUTCOMES = `SELECT body ->> 'of' AS of, count(*) AS times FROM event WHERE body ->> 'type' = 'outcome' GROUP BY of`;

function outcomeFindings(disk: WeekDisk, isOver: boolean): string[] {
  const openings = new Map(disk.query(OPENINGS).map((row) => [Number(row['seq']), row['direction']]));
  const outcomes = new Map(disk.query(OUTCOMES).map((row) => [Number(row['of']), Number(row['times'])]));
  const twice = [...outcomes].filter(([of, times]) => times > 1 && openings.get(of) !== 'out');
  const strange = [...outcomes.keys()].filter((of) => !openings.has(of));
  const missing = isOver ? [...openings.keys()].filter((seq) => !outcomes.has(seq)) : [];
  return [
    ...twice.map(([of, times]) => `event ${of} has ${times} outcomes`),
    ...strange.map((of) => `an outcome of ${of}, which opened nothing`),
    ...missing.map((seq) => `event ${seq} has no outcome`),
  ].slice(0, 10);
}

const GRANTED = `SELECT seq FROM event WHERE body ->> 'type' IN ('scan', 'override') AND body ->> '$.result.granted' = 1`;
const TAKEN = `
  SELECT seq FROM event WHERE body ->> 'type' IN ('scan', 'override') AND body ->> '$.result.granted' = 1
    AND json_array_length(body -> '$.result.consumed') > 0 AND seq NOT IN (SELECT event_seq FROM undone)`;

/** No right is taken without an event, twice for one, or beyond what there was. */
function rightsFindings(disk: WeekDisk): string[] {
  const rows = (sql: string, column: string) => disk.query(sql).map((row) => Number(row[column]));
  const granted = new Set(rows(GRANTED, 'seq'));
  const spent = [
    ...rows('SELECT event_seq FROM usage', 'event_seq'),
    ...rows('SELECT event_seq FROM ticket_use', 'event_seq'),
  ];
  const counted = new Set(spent);
  const left = disk.query(`
    SELECT ticket.id, remaining, coalesce(sum(uses), 0) AS used FROM ticket
      LEFT JOIN ticket_use ON ticket_id = ticket.id GROUP BY ticket.id HAVING remaining + used <> 4 OR remaining < 0`);
  const over = disk.query(`
    SELECT contract_id, count(*) AS times FROM usage
      GROUP BY contract_id, band_id HAVING times > CASE band_id WHEN 'day' THEN 3 ELSE 5 END`);
  return [
    ...spent.filter((seq) => !granted.has(seq)).map((seq) => `a right was taken by event ${seq}, which granted none`),
    ...(counted.size < spent.length ? ['an event took a right twice'] : []),
    ...rows(TAKEN, 'seq')
      .filter((seq) => !counted.has(seq))
      .map((seq) => `event ${seq} says it took a right, and took none`),
    ...left.map(
      (row) => `ticket ${String(row['id'])}: ${String(row['remaining'])} left of 4 after ${String(row['used'])}`,
    ),
    ...over.map((row) => `contract ${String(row['contract_id'])} was used ${String(row['times'])} times`),
  ].slice(0, 10);
}

import type { SetupPart } from '../../../main/contract/technician.ts';
import { useDesk } from './desk.ts';

/** An input's level now, how often it changed and when it last did. */
export function useLevelText(): (part: SetupPart) => string {
  const { t, formats } = useDesk();
  return ({ role, level, changes, changedAt }) => {
    if (level === null) return t('tech.level.unknown');
    const word =
      role === 'contact'
        ? t(level ? 'tech.level.contact.on' : 'tech.level.contact.off')
        : t(level ? 'tech.level.on' : 'tech.level.off');
    return changedAt === null ? word : t('tech.level.changes', { level: word, changes, when: formats.time(changedAt) });
  };
}

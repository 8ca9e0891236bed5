import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import type { Logger } from '../../log.ts';

/**
 * Bolt's log lines in ours. Its debug lines hold whole payloads and are dropped; what it calls information is our debug.
 */
export function createBoltLogger(logger: Logger): SlackLogger {
  const detail = (parts: unknown[]): { detail: string } => ({ detail: parts.map(String).join(' ').slice(0, 2000) });
  return {
    debug: () => undefined,
    info: (...parts: unknown[]) => logger.debug(detail(parts), 'slack library'),
    warn: (...parts: unknown[]) => logger.warn(detail(parts), 'slack library warning'),
    error: (...parts: unknown[]) => logger.error(detail(parts), 'slack library error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

import type { Card } from './card.ts';

/** What the doctor found, worst first. Shape of commands/services.ts DoctorCheck. */
export function doctorCard(
  checks: readonly { name: string; state: 'ok' | 'warning' | 'failed'; text: string }[],
): Card {
  const failed = checks.filter((check) => check.state === 'failed');
  const warned = checks.filter((check) => check.state === 'warning');
  const rank = { failed: 0, warning: 1, ok: 2 };
  const sign = { failed: '✗', warning: '⚠', ok: '✓' };
  const sorted = [...checks].sort((a, b) => rank[a.state] - rank[b.state]);
  return {
    kind: 'doctor',
    state: failed.length > 0 ? 'failed' : warned.length > 0 ? 'degraded' : 'ok',
    title:
      failed.length > 0
        ? `${failed.length} of ${checks.length} checks failed`
        : warned.length > 0
          ? `Works, with ${warned.length} of ${checks.length} checks worth a look`
          : `All ${checks.length} checks passed`,
    blocks: [
      {
        type: 'facts',
        facts: sorted.map((check) => ({ label: `${sign[check.state]} ${check.name}`, value: check.text })),
      },
    ],
    actions: [{ type: 'run', label: 'Check again', line: '/mailmedic doctor', where: 'edit', primary: true }],
  };
}

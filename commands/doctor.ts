import { z } from 'zod';
import { doctorCard } from '../cards/doctor-card.ts';
import { defineCommand } from './command.ts';

/** `/mailmedic doctor`: is this installation well? */
export const doctorCommand = defineCommand({
  name: 'doctor',
  slash: false,
  summary: 'Check this installation: settings, DNS, storage, chat platforms',
  usage: '',
  examples: ['/mailmedic doctor'],
  args: z.object({}),
  positional: [],
  options: {},
  async run(_args, context) {
    const checks = await context.services.doctor({ signal: context.signal });
    const failed = checks.some((check) => check.state === 'failed');
    return { card: doctorCard(checks), json: { checks }, exitStatus: failed ? 1 : 0 };
  },
});

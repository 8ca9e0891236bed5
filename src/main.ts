import { serve } from './app.ts';
import { loadConfig } from './config.ts';
import { UserError } from './errors.ts';
import { createLogger } from './log.ts';

try {
  await serve(loadConfig());
} catch (error) {
  if (error instanceof UserError) process.stderr.write(`${error.message}\n`);
  else createLogger('error').fatal({ err: error }, 'start failed');
  process.exitCode = 2;
}

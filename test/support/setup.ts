// Tests must not be steered by the shell they run in: every MAILMEDIC_ key but the browser's is removed first.
for (const key of Object.keys(process.env))
  if (key.startsWith('MAILMEDIC_') && key !== 'MAILMEDIC_CHROMIUM') delete process.env[key];

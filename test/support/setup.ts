// Tests must not be steered by the shell they run in: every MAILMEDIC_ key of the environment is removed first.
for (const key of Object.keys(process.env)) if (key.startsWith('MAILMEDIC_')) delete process.env[key];

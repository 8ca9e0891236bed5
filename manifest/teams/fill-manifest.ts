import { UserError } from '../../src/errors.ts';
import { checkTeamsManifest, type TeamsManifest } from './model.ts';

/** What an installation puts into the manifest. */
export interface ManifestValues {
  /** Application (client) id of the bot registration. */
  appId: string;
  /** Address under which people reach this server, https. */
  publicUrl: string;
  /** Version of the package. */
  version: string;
}

/**
 * The manifest of one installation. The id of the bot serves as the id of the app, too, so that a package made twice is
 * the same app.
 * @throws UserError when a value is not fit for Teams
 */
export function fillManifest(template: unknown, values: ManifestValues): TeamsManifest {
  const { appId, publicUrl, version } = values;
  const base = publicUrl.replace(/\/+$/, '');
  if (!URL.canParse(base) || new URL(base).protocol !== 'https:') {
    throw new UserError(`Teams needs an https address, not "${publicUrl}". Set MAILMEDIC_HTTP_PUBLIC_URL to it.`);
  }
  const { manifest } = checked(template, 'manifest/teams/manifest.json');
  const [bot] = manifest.bots;
  const about = `${base}/about`;
  const urls = { websiteUrl: about, privacyUrl: `${about}#privacy`, termsOfUseUrl: `${about}#terms` };
  const filled = {
    ...manifest,
    version,
    id: appId,
    developer: { ...manifest.developer, ...urls },
    bots: [{ ...bot, botId: appId }],
    validDomains: [new URL(base).hostname],
  };
  return checked(filled, 'The manifest of this installation').manifest;
}

function checked(value: unknown, name: string): { manifest: TeamsManifest } {
  const result = checkTeamsManifest(value);
  if ('manifest' in result) return result;
  const hint = result.problem.startsWith('id') ? ' Set MAILMEDIC_TEAMS_APP_ID to the application id of the bot.' : '';
  throw new UserError(`${name} is not fit for Teams: ${result.problem}.${hint}`);
}

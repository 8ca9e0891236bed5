import { type Config, envName } from '../../config.ts';
import { UserError } from '../../errors.ts';

/** The Teams part of the configuration after its checks: nothing that the doors need is missing. */
export interface TeamsSettings {
  appId: string;
  appPassword: string;
  tenantId: string;
  /** Tenants that may use the bot, lower case. */
  tenants: ReadonlySet<string>;
  /** Hosts that a serviceUrl may name; see `isAllowedUrl`. */
  serviceHosts: readonly string[];
  openIdMetadataUrl: string | undefined;
  tokenIssuer: string | undefined;
}

const REQUIRED = [
  // Measured with botbuilder 4.23.3: with an empty app id it accepts unauthenticated requests, so we never start there.
  ['appId', 'the application (client) id of the bot registration'],
  ['appPassword', 'the client secret of the bot registration'],
  ['tenantId', 'the directory (tenant) id of the bot registration'],
] as const;

/**
 * Checks what the bot must know before it may listen.
 * @throws UserError that names the missing key and the environment variable that sets it.
 */
export function teamsSettings(config: Config['teams']): TeamsSettings {
  for (const [key, meaning] of REQUIRED) {
    if ((config[key] ?? '').trim() === '') {
      const name = envName(`teams.${key}`);
      throw new UserError(
        `Teams: teams.${key} is empty, so nobody could be told apart from a forger. Set ${name} to ${meaning}.`,
      );
    }
  }
  if (config.serviceHosts.length === 0) {
    throw new UserError(
      `Teams: teams.serviceHosts is empty, so no answer could be sent. Leave it out or set ${envName('teams.serviceHosts')} to smba.trafficmanager.net.`,
    );
  }
  const tenantId = (config.tenantId ?? '').trim();
  const tenants = config.allowedTenants.length > 0 ? config.allowedTenants : [tenantId];
  return {
    appId: (config.appId ?? '').trim(),
    appPassword: (config.appPassword ?? '').trim(),
    tenantId,
    tenants: new Set(tenants.map((tenant) => tenant.trim().toLowerCase())),
    serviceHosts: config.serviceHosts,
    openIdMetadataUrl: config.openIdMetadataUrl,
    tokenIssuer: config.tokenIssuer,
  };
}

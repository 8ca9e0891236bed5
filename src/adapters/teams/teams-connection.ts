import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
} from 'botbuilder';
import { PlatformError } from '../../errors.ts';
import type { TeamsActivity } from './activity.ts';
import { allowedUrl } from './allowed-url.ts';
import { cloudOf } from './clouds.ts';
import { connectorHttp } from './connector-http.ts';
import type { TeamsSettings } from './teams-settings.ts';
import { isChannelToken } from './token-guard.ts';

type CredentialsFactory = NonNullable<ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1]>;
/** Signs our calls to the connector. */
export type OutboundCredentials = Awaited<ReturnType<CredentialsFactory['createCredentials']>>;
type Authentication = ConfigurationBotFrameworkAuthentication;
/** botbuilder's client of the Bot Connector service. */
export type Connector = Awaited<ReturnType<ReturnType<Authentication['createConnectorFactory']>['create']>>;

/** What became of a caller's token: good, refused, or unknown because Microsoft's keys could not be read. */
export type TokenVerdict = { ok: true } | { ok: false; status: 401 | 503; cause: unknown };

/**
 * botbuilder's adapter, used for the two things it is good for: checking the token of who calls us, and carrying ours
 * when we call the connector. Turns are not used: an activity is read as plain values and worked on after the answer.
 */
export class TeamsConnection extends CloudAdapter {
  private readonly appId: string;
  private readonly issuer: string;
  private readonly serviceHosts: readonly string[];
  private readonly connectors = new Map<string, Promise<Connector>>();

  constructor(settings: TeamsSettings, outbound?: OutboundCredentials) {
    const cloud = cloudOf(settings);
    const password = {
      MicrosoftAppId: settings.appId,
      MicrosoftAppPassword: settings.appPassword,
      MicrosoftAppType: 'SingleTenant',
      MicrosoftAppTenantId: settings.tenantId,
    };
    const microsoft = new ConfigurationServiceClientCredentialFactory(password);
    const credentials: CredentialsFactory = {
      isValidAppId: async (appId) => appId !== '' && appId === settings.appId,
      // botbuilder turns every check off when the app id is empty; here it stays on whatever the id is.
      isAuthenticationDisabled: async () => false,
      createCredentials: async (appId, audience, loginUrl, validate) =>
        outbound ??
        microsoft.createCredentials(appId, audience ?? cloud.ToChannelFromBotOAuthScope, loginUrl, validate),
    };
    super(
      new ConfigurationBotFrameworkAuthentication({ ...password, ...cloud }, credentials, undefined, undefined, {
        httpClient: connectorHttp,
      }),
    );
    this.appId = settings.appId;
    this.issuer = cloud.ToBotFromChannelTokenIssuer;
    this.serviceHosts = settings.serviceHosts;
  }

  /** Checks signature, issuer, audience, time, endorsement and that the token was given for this serviceUrl. */
  async checkToken(activity: TeamsActivity, authorization: string | undefined): Promise<TokenVerdict> {
    if (!isChannelToken(authorization, this.issuer)) return { ok: false, status: 401, cause: 'no token of our issuer' };
    const claimed = { channelId: activity.channelId, serviceUrl: activity.serviceUrl };
    try {
      // Of the activity botbuilder reads only these two; the rest of a stranger's JSON does not reach it.
      await this.botFrameworkAuthentication.authenticateRequest(
        claimed as Parameters<Authentication['authenticateRequest']>[0],
        authorization,
      );
      return { ok: true };
    } catch (error) {
      // A forged signature leaves botbuilder as a plain error, which its own process() would answer with 500.
      return { ok: false, status: isKeyTrouble(error) ? 503 : 401, cause: error };
    }
  }

  /**
   * The connector for a serviceUrl, made once.
   * @throws PlatformError `not-allowed` when the host is not on the allow-list.
   */
  async connectorFor(serviceUrl: string): Promise<Connector> {
    if (allowedUrl(serviceUrl, this.serviceHosts) === undefined) {
      throw new PlatformError('not-allowed', 'The serviceUrl of this conversation is not on teams.serviceHosts.');
    }
    const known = this.connectors.get(serviceUrl);
    if (known !== undefined) return known;
    // Paths of one host can differ by tenant; the bound only keeps a stranger from filling the memory.
    if (this.connectors.size >= 500) this.connectors.clear();
    const identity = this.createClaimsIdentity(this.appId);
    const made = this.botFrameworkAuthentication.createConnectorFactory(identity).create(serviceUrl);
    this.connectors.set(serviceUrl, made);
    made.catch(() => this.connectors.delete(serviceUrl));
    return made;
  }
}

/** The OpenID document or the keys could not be fetched: says nothing about the caller. */
function isKeyTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'FetchError' || ('statusCode' in error && error.statusCode === 500);
}

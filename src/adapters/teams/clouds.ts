import type { TeamsSettings } from './teams-settings.ts';

/** The addresses of one Bot Framework cloud, under the names that botbuilder's configuration uses. */
export interface Cloud {
  ToChannelFromBotLoginUrl: string;
  ToChannelFromBotOAuthScope: string;
  ToBotFromChannelTokenIssuer: string;
  ToBotFromChannelOpenIdMetadataUrl: string;
  ToBotFromEmulatorOpenIdMetadataUrl: string;
  OAuthUrl: string;
  CallerId: string;
}

// Both tables: botframework-connector 4.23.3, AuthenticationConstants and GovernmentConstants, CallerIdConstants.
const PUBLIC: Cloud = {
  ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
  ToChannelFromBotOAuthScope: 'https://api.botframework.com',
  ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
  ToBotFromChannelOpenIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  ToBotFromEmulatorOpenIdMetadataUrl: 'https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration',
  OAuthUrl: 'https://api.botframework.com',
  CallerId: 'urn:botframework:azure',
};

const US_GOVERNMENT: Cloud = {
  ToChannelFromBotLoginUrl: 'https://login.microsoftonline.us/MicrosoftServices.onmicrosoft.us',
  ToChannelFromBotOAuthScope: 'https://api.botframework.us',
  ToBotFromChannelTokenIssuer: 'https://api.botframework.us',
  ToBotFromChannelOpenIdMetadataUrl: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  ToBotFromEmulatorOpenIdMetadataUrl:
    'https://login.microsoftonline.us/cab8a31a-1906-4287-a0d8-4eef66b95f6e/v2.0/.well-known/openid-configuration',
  OAuthUrl: 'https://api.botframework.azure.us',
  CallerId: 'urn:botframework:azureusgov',
};

/**
 * The cloud that the configured issuer belongs to, with the configured addresses over it. botbuilder wants all of these
 * set as soon as one is, so they are always given whole.
 */
export function cloudOf(settings: Pick<TeamsSettings, 'openIdMetadataUrl' | 'tokenIssuer'>): Cloud {
  const base = settings.tokenIssuer === US_GOVERNMENT.ToBotFromChannelTokenIssuer ? US_GOVERNMENT : PUBLIC;
  return {
    ...base,
    ...(settings.tokenIssuer === undefined ? {} : { ToBotFromChannelTokenIssuer: settings.tokenIssuer }),
    ...(settings.openIdMetadataUrl === undefined
      ? {}
      : {
          ToBotFromChannelOpenIdMetadataUrl: settings.openIdMetadataUrl,
          ToBotFromEmulatorOpenIdMetadataUrl: settings.openIdMetadataUrl,
        }),
  };
}

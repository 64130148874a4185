import { parseSigningConfig, SIGNING_CONFIG_MEDIA_TYPE, type SigningConfig } from './signing-config.ts';

const toService = (url: string, start: string) => ({
	url,
	majorApiVersion: 1,
	validFor: { start },
	operator: 'sigstore.dev',
});

/**
 * The services of the public Sigstore instance: its certificate authority, its log of version 1 and its timestamp
 * authority. Its log of version 2 has to be asked for by a document of one's own, since it is renamed every year.
 */
export const toPublicSigningConfig = (): SigningConfig =>
	parseSigningConfig(
		JSON.stringify({
			mediaType: SIGNING_CONFIG_MEDIA_TYPE,
			caUrls: [toService('https://fulcio.sigstore.dev', '2022-04-13T20:06:15Z')],
			rekorTlogUrls: [toService('https://rekor.sigstore.dev', '2021-01-12T11:53:27Z')],
			tsaUrls: [toService('https://timestamp.sigstore.dev/api/v1/timestamp', '2025-07-04T00:00:00Z')],
			rekorTlogConfig: { selector: 'ANY' },
			tsaConfig: { selector: 'ANY' },
		}),
	);

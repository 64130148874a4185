/** A SigningConfig as JSON (sigstore protobuf-specs, v0.2): where to sign. @param rekorVersion 1 or 2 */
export const toSigningConfig = (url: string, rekorVersion: 1 | 2, since: number): object => {
	const service = (address: string, majorApiVersion = 1) => ({
		url: address,
		majorApiVersion,
		validFor: { start: new Date(since).toISOString() },
		operator: 'slipway rehearsal',
	});
	return {
		mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
		caUrls: [service(url)],
		oidcUrls: [service(url)],
		rekorTlogUrls: [service(url, rekorVersion)],
		rekorTlogConfig: { selector: 'ANY' },
		// The whole address of the endpoint: so the public instance's own document has it.
		tsaUrls: [service(`${url}/api/v1/timestamp`)],
		tsaConfig: { selector: 'ANY' },
	};
};

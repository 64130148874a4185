/** A whole OpenVEX statement on a component inside of greet; fields that are undefined are left out. */
export const toOpenVexBytes = (statement: object = {}, document: object = {}): Uint8Array =>
	Buffer.from(
		JSON.stringify({
			'@context': 'https://openvex.dev/ns/v0.2.0',
			'@id': 'https://example.org/vex/greet-1',
			author: 'Ada Lovelace',
			timestamp: '2026-11-01T00:00:00Z',
			version: 1,
			statements: [
				{
					vulnerability: { name: 'CVE-2026-0001' },
					products: [{ '@id': 'pkg:npm/greet@1.1.0', subcomponents: [{ '@id': 'pkg:npm/plain@1.0.0' }] }],
					status: 'not_affected',
					justification: 'vulnerable_code_not_in_execute_path',
					status_notes: 'Only the parser is used. expires: 2027-01-31',
					...statement,
				},
			],
			...document,
		}),
	);

/** The same as a CycloneDX VEX document. */
export const toCycloneDxBytes = (vulnerability: object = {}, document: object = {}): Uint8Array =>
	Buffer.from(
		JSON.stringify({
			bomFormat: 'CycloneDX',
			specVersion: '1.6',
			metadata: {
				timestamp: '2026-11-01T00:00:00Z',
				authors: [{ name: 'Ada Lovelace' }],
				component: { 'bom-ref': 'root', type: 'application', name: 'greet', purl: 'pkg:npm/greet@1.1.0' },
			},
			components: [{ 'bom-ref': 'c1', type: 'library', name: 'plain', purl: 'pkg:npm/plain@1.0.0' }],
			vulnerabilities: [
				{
					id: 'CVE-2026-0001',
					affects: [{ ref: 'c1' }],
					analysis: {
						state: 'not_affected',
						justification: 'code_not_reachable',
						lastUpdated: '2026-11-02T00:00:00Z',
					},
					properties: [{ name: 'slipway:expires', value: '2027-01-31' }],
					...vulnerability,
				},
			],
			...document,
		}),
	);

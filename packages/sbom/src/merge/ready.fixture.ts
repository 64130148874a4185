/** As `cyclonedx-gomod` and `cargo cyclonedx` write them, shortened. */
export const GO_CYCLONEDX = {
	bomFormat: 'CycloneDX',
	specVersion: '1.5',
	version: 1,
	metadata: {
		timestamp: '2026-01-01T00:00:00Z',
		tools: { components: [{ type: 'application', name: 'cyclonedx-gomod', version: 'v1.9.0' }] },
		component: {
			'bom-ref': 'root',
			type: 'application',
			name: 'example.org/tally',
			version: 'v2.1.0',
			purl: 'pkg:golang/example.org/tally@v2.1.0',
		},
	},
	components: [
		{
			'bom-ref': 'a',
			type: 'library',
			name: 'golang.org/x/text',
			version: 'v0.21.0',
			purl: 'pkg:golang/golang.org/x/text@v0.21.0?type=module',
			hashes: [{ alg: 'SHA-256', content: 'CF'.repeat(32) }],
			licenses: [{ license: { id: 'BSD-3-Clause' } }],
			supplier: { name: 'The Go Authors', url: ['https://go.dev/'] },
			components: [{ 'bom-ref': 'nested', type: 'library', name: 'nested', version: '1' }],
		},
		{ 'bom-ref': 'b', type: 'library', name: 'std', version: '1.24.0', purl: 'pkg:golang/std@1.24.0' },
		{ 'bom-ref': 'f', type: 'file', name: '/usr/lib/x.so' },
	],
	dependencies: [
		{ ref: 'root', dependsOn: ['a'] },
		{ ref: 'a', dependsOn: ['b', 'f'] },
	],
};

/** As syft writes it, shortened: no dependency leads to most packages. */
export const SYFT_SPDX = {
	spdxVersion: 'SPDX-2.3',
	SPDXID: 'SPDXRef-DOCUMENT',
	creationInfo: {
		created: '2026-01-01T00:00:00Z',
		creators: ['Organization: Anchore, Inc', 'Tool: syft-1.38.0'],
	},
	packages: [
		{ SPDXID: 'SPDXRef-root', name: 'tally', supplier: 'NOASSERTION', downloadLocation: 'NOASSERTION' },
		{
			SPDXID: 'SPDXRef-serde',
			name: 'serde',
			versionInfo: '1.0.219',
			supplier: 'Person: Erick (erick@example.org)',
			downloadLocation: 'https://crates.example/serde/1.0.219',
			licenseDeclared: 'MIT OR Apache-2.0',
			checksums: [{ algorithm: 'SHA256', checksumValue: '5f'.repeat(32) }],
			externalRefs: [
				{
					referenceCategory: 'PACKAGE-MANAGER',
					referenceType: 'purl',
					referenceLocator: 'pkg:cargo/serde@1.0.219',
				},
			],
		},
		{
			SPDXID: 'SPDXRef-std',
			name: 'std',
			versionInfo: '1.24.0',
			licenseDeclared: 'LicenseRef-go',
			externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:golang/std@1.24.0' }],
		},
	],
	hasExtractedLicensingInfos: [
		{ licenseId: 'LicenseRef-go', name: 'Go licence', extractedText: 'do as you like' },
	],
	files: [{ SPDXID: 'SPDXRef-file' }],
	relationships: [
		{ spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-root' },
		{ spdxElementId: 'SPDXRef-serde', relationshipType: 'DEPENDENCY_OF', relatedSpdxElement: 'SPDXRef-root' },
		{ spdxElementId: 'SPDXRef-root', relationshipType: 'CONTAINS', relatedSpdxElement: 'SPDXRef-file' },
	],
};

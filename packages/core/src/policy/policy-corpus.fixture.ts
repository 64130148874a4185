/** Policies as people write them. */
export const GOOD_POLICIES: Readonly<Record<string, string>> = {
	'the least': 'policy: 1\n',
	'one workflow': `policy: 1
signers:
  - name: release workflow
    issuer: https://token.actions.githubusercontent.com
    identity: https://github.com/acme/greet/.github/workflows/release.yml@refs/tags/v1.0.0
    source-repository: https://github.com/acme/greet
    runner-environment: github-hosted
    events: [push]
`,
	'a key with a window': `policy: 1
signers:
  - name: offline key
    key: |
      -----BEGIN PUBLIC KEY-----
      MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExRRST79+PsrRBnGAI4cMu6Omz2Jh
      fwlMW+gIutNKVRaMyS4rQKvgngc5p8UbLj55pVHhIoAxi/SRgURZI0J3Xw==
      -----END PUBLIC KEY-----
    valid-from: 2026-01-01
    valid-until: 2027-01-01T00:00:00Z
    predicates: [provenance, release]
thresholds: {transparency-logs: 0, timestamps: 0, certificate-logs: 0}
`,
	everything: `policy: 1
signers:
  - {name: a, issuer: "https://issuer.example", identity-pattern: "https://a[.]example/[a-z]+"}
require:
  attestations: [provenance, sbom-cyclonedx, sbom-spdx, vsa]
  stages: [build, test, reproduce, sbom, sign, gate, plan, publish]
protected: required
gates:
  vulnerabilities: {level: warn, severity: critical, max-age-hours: 24}
overrides:
  - {gate: licences, by: Ada, reason: the author relicensed it, date: 2026-01-01, expires: 2026-02-01}
vex: [security/vex.json]
revocations: [security/revoked.sigstore.json]
`,
};

interface BadPolicy {
	readonly name: string;
	readonly source: string;
	readonly code?: 'POLICY_TOO_LARGE';
	readonly message: RegExp;
}

const signer = (fields: string): string => `policy: 1\nsigners:\n  - {name: a, ${fields}}\n`;

/** Policies that say too little, too much, or harm whoever reads them. */
export const BAD_POLICIES: readonly BadPolicy[] = [
	{ name: 'nothing', source: '', message: /policy/ },
	{ name: 'another version', source: 'policy: 2', message: /1:1 policy/ },
	{ name: 'a version that is a word', source: 'policy: "1"', message: /1:1 policy/ },
	{
		name: 'a misspelt key',
		source: 'policy: 1\nsigner: []',
		message: /2:1 signer: unknown key, did you mean "signers"/,
	},
	{ name: 'a signer without an issuer', source: signer('identity: x'), message: /signers\.0/ },
	{
		name: 'a signer without an identity',
		source: signer('issuer: "https://i"'),
		message: /expected one of identity and identity-pattern|signers\.0/,
	},
	{
		name: 'an identity twice',
		source: signer('issuer: "https://i", identity: x, identity-pattern: y'),
		message: /signers\.0/,
	},
	{ name: 'an empty identity', source: signer('issuer: "https://i", identity: ""'), message: /signers\.0/ },
	{ name: 'a private key', source: signer('key: "-----BEGIN PRIVATE KEY-----"'), message: /signers\.0/ },
	{
		name: 'a key that is none',
		source: signer('key: "-----BEGIN PUBLIC KEY-----"'),
		message: /P-256, ed25519 or RSA/,
	},
	{
		name: 'an identity pattern that looks ahead (H9)',
		source: signer('issuer: "https://i", identity-pattern: "(?=a)"'),
		message: /signers\.0/,
	},
	{
		name: 'a source ref pattern with a back reference (H9)',
		source: signer('issuer: "https://i", identity: x, source-ref-pattern: "(a)\\\\1"'),
		message: /signers\.0/,
	},
	{
		name: 'a builder ref that is neither a full ref nor a commit',
		source: signer('issuer: "https://i", identity: x, builder-refs: [v1]'),
		message: /signers\.0/,
	},
	{
		name: 'a threshold below zero',
		source: 'policy: 1\nthresholds: {timestamps: -1}',
		message: /2:14 thresholds\.timestamps/,
	},
	{
		name: 'an unknown predicate',
		source: 'policy: 1\nrequire: {attestations: [magic]}',
		message: /require\.attestations\.0/,
	},
	{
		name: 'an unknown stage',
		source: 'policy: 1\nrequire: {stages: [deploy]}',
		message: /require\.stages\.0/,
	},
	{
		name: 'two signers of one name',
		source:
			'policy: 1\nsigners:\n  - {name: a, issuer: i, identity: x}\n  - {name: a, issuer: i, identity: y}\n',
		message: /two signers have the same name/,
	},
	{
		name: 'an override that ends before it begins',
		source:
			'policy: 1\noverrides: [{gate: malware, by: A, reason: long enough to be one, date: 2026-02-01, expires: 2026-01-01}]',
		message: /on or after/,
	},
	{
		name: 'an override without a reason',
		source:
			'policy: 1\noverrides: [{gate: malware, by: A, reason: ok, date: 2026-02-01, expires: 2026-03-01}]',
		message: /reason/,
	},
	{
		name: 'a bomb of aliases (H7)',
		source: 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n',
		message: /1:4 anchors/,
	},
	{ name: 'a merge key (H7)', source: 'policy: 1\ngates:\n  <<: {}\n', message: /unknown key/ },
	{ name: 'a key twice (H7)', source: 'policy: 1\nsigners: []\nsigners: []\n', message: /unique/ },
	{ name: 'a key that is a list (H7)', source: '? [a]\n: b', message: /complex keys/ },
	{ name: 'deep brackets (H7)', source: `policy: ${'['.repeat(100_000)}`, message: /deeper/ },
	{ name: 'a prototype key (H8)', source: 'policy: 1\n__proto__: {protected: warn}', message: /unknown key/ },
	{
		name: 'a number beyond 2^53 (H8)',
		source: 'policy: 1\nthresholds: {timestamps: 9007199254740993}',
		message: /timestamps/,
	},
	{
		name: 'an overlong pattern (H9)',
		source: signer(`issuer: i, identity-pattern: "${'(a+)+'.repeat(200)}$"`),
		message: /signers\.0/,
	},
	{
		name: 'a huge document',
		source: `policy: 1 # ${'x'.repeat(200_000)}`,
		code: 'POLICY_TOO_LARGE',
		message: /larger than/,
	},
	{ name: 'bytes that are no text', source: 'policy: \u001b[31m', message: /control characters/ },
];

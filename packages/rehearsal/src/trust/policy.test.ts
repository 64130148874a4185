import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePolicy } from '@slipway/core/policy';
import { toDraft } from '../flow/draft.ts';
import { readProject } from '../project/read-project.ts';
import { toRehearsedPolicy } from './policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-policy-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'small', version: '1.0.0' }));

const ORIGIN = { repository: 'ada/small', version: '1.0.0', commit: '1'.repeat(40) };

const derive = async () => {
	const draft = toDraft(await readProject(folder));
	const text = await toRehearsedPolicy({ ...draft, isReproduced: true }, ORIGIN, 'http://127.0.0.1:1');
	return parsePolicy(Buffer.from(text)).policy;
};

test('the one signer is the release workflow at its tag, exactly', async () => {
	const { signers, require } = await derive();
	expect(signers).toEqual([
		expect.objectContaining({
			identity: 'https://github.com/ada/small/.github/workflows/release.yml@refs/tags/v1.0.0',
			issuer: 'http://127.0.0.1:1',
			'source-ref': 'refs/tags/v1.0.0',
			'runner-environment': 'github-hosted',
		}),
	]);
	expect(require.stages).toEqual(['build', 'reproduce', 'sbom', 'sign', 'gate']);
});

test("the project's own gates and overrides stay, its signers do not", async () => {
	writeFileSync(
		join(folder, 'slipway.policy.yml'),
		`policy: 1
signers: [{ name: real, issuer: https://issuer.example.org, identity: somebody@example.org }]
overrides: [{ gate: licences, finding: GPL-3.0-only, reason: asked our counsel, by: Ada, date: 2026-01-01, expires: 2027-01-01 }]
`,
	);
	const { signers, overrides } = await derive();
	expect(signers.map(({ name }) => name)).toEqual(['release workflow']);
	expect(overrides).toHaveLength(1);
});

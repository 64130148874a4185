import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PREDICATE_TYPES, toStatement } from '@slipway/core/attestation';
import { PROVENANCE_REGRESSION_GATE } from './provenance-regression-gate.ts';
import {
	type Made,
	makeDeb,
	makeNpm,
	makeWorld,
	toPrevious,
	toShort,
	type World,
} from './release.fixture.ts';

let world: World;
beforeAll(() => {
	world = makeWorld();
});
afterAll(() => world.remove());

const BUILDER = 'https://git.example/acme/greet/.github/workflows/release.yml@refs/tags/v1';

const toBundle = ({ artifact }: Made, fields: object = {}): string => {
	const { sha256, sha512 = '' } = artifact.digest;
	const predicate = { runDetails: { builder: { id: BUILDER } } };
	const statement = toStatement(PREDICATE_TYPES.provenance, [{ digest: { sha256, sha512 } }], predicate);
	const payload = Buffer.from(JSON.stringify({ ...statement, ...fields })).toString('base64');
	return JSON.stringify({ dsseEnvelope: { payload } });
};

const NPM = 'npm-greet-1.1.0.tgz.sigstore.json';
const ALL = 'provenance.sigstore.json';

const run = async (
	made: Made,
	{
		attested = true,
		builder,
		bundles = {},
	}: { attested?: boolean; builder?: string; bundles?: Record<string, string> },
) => {
	const before = toPrevious(made, { provenance: { attested, builder } });
	const request = await world.toRequest([made], { previous: async () => before });
	mkdirSync(join(request.release.folder, 'attestations'));
	for (const [name, text] of Object.entries(bundles))
		writeFileSync(join(request.release.folder, 'attestations', name), text);
	return PROVENANCE_REGRESSION_GATE.check(request, world.context);
};

const npm = makeNpm();
const deb = makeDeb();
const other = makeNpm({ 'index.js': 'other' });

test.each<readonly [string, Made, Parameters<typeof run>[1], readonly string[]]>([
	['nothing lost where there was nothing', npm, { attested: false }, []],
	['lost', npm, {}, ['error npm/greet:provenance']],
	['there', npm, { bundles: { [NPM]: toBundle(npm) } }, []],
	['there, but not for npm', npm, { bundles: { [ALL]: toBundle(npm) } }, ['error npm/greet:provenance']],
	['of other bytes', npm, { bundles: { [NPM]: toBundle(other) } }, ['error npm/greet:provenance']],
	[
		'of another kind',
		npm,
		{ bundles: { [NPM]: toBundle(npm, { predicateType: PREDICATE_TYPES.vsa }) } },
		['error npm/greet:provenance'],
	],
	['no bundle at all', npm, { bundles: { [NPM]: '{}' } }, ['error npm/greet:provenance']],
	['no JSON', npm, { bundles: { [NPM]: '{' } }, ['error npm/greet:unknown']],
	['by the same builder', npm, { builder: BUILDER, bundles: { [NPM]: toBundle(npm) } }, []],
	[
		'by another builder',
		npm,
		{ builder: 'urn:other', bundles: { [NPM]: toBundle(npm) } },
		['warning npm/greet:builder'],
	],
	['a .deb in the statement of the release', deb, { bundles: { [ALL]: toBundle(deb) } }, []],
	['a .deb without', deb, {}, ['error deb/greet/all:provenance']],
])('%s', async (_, made, options, expected) => {
	expect(toShort(await run(made, options))).toEqual(expected);
});

test('what it rests on is named by digest', async () => {
	const { evidence } = await run(npm, { bundles: { [NPM]: toBundle(npm) } });
	expect(evidence.map(({ name }) => name)).toEqual([
		'npm/greet 1.0.0 (registry.example)',
		`attestations/${NPM}`,
	]);
});

test('without a predecessor with provenance it is skipped, and says so', async () => {
	const found = await world.run(PROVENANCE_REGRESSION_GATE, [npm]);
	expect(found).toMatchObject({ findings: [], skipped: expect.stringContaining('no package') });
});

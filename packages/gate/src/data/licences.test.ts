import fc from 'fast-check';
import { toNpmComponent, toSbomFile } from '../advisories/sbom.fixture.ts';
import { licencesGate } from './licences.ts';
import { openReleaseData } from './release-data.ts';
import { type GateWorld, makeGateWorld } from './request.fixture.ts';

let world: GateWorld;
beforeAll(async () => {
	world = await makeGateWorld();
});
afterAll(() => world.remove());

const check = async (licenses: readonly object[], allow: readonly string[] = []) => {
	const sboms = [toSbomFile([toNpmComponent('a', '1.0.0', { licenses })])];
	const policy = `gates: {licences: {allow: ${JSON.stringify(allow)}}}\n`;
	const request = world.toRequest(policy, { sboms });
	return licencesGate(openReleaseData(request, [])).check(request, world.context);
};

const expression = (text: string) => [{ expression: text }];

/** Licence expression, allowed licences, what is said: nothing, or why not. */
const CASES: readonly (readonly [string, readonly string[], RegExp | undefined])[] = [
	['MIT', [], undefined],
	['MIT OR Apache-2.0', [], undefined],
	['(MIT AND ISC) OR GPL-3.0-only WITH GCC-exception-3.1', [], undefined],
	['LicenseRef-Mine', [], /no SPDX licence/],
	['MIT OR LicenseRef-Mine', [], undefined],
	['MIT AND LicenseRef-Mine', [], /no SPDX licence/],
	['Apache 2', [], /no SPDX licence/],
	['SEE LICENSE IN LICENSE', [], /no SPDX licence/],
	['', [], /: no licence is known$/],
	['NOASSERTION', [], /none is known/],
	['UNLICENSED', [], /none is known/],
	['MIT', ['MIT'], undefined],
	['MIT', ['ISC'], /does not allow/],
	['MIT OR GPL-3.0-only', ['MIT'], undefined],
	['MIT AND GPL-3.0-only', ['MIT'], /does not allow/],
	['MIT AND ISC', ['MIT', 'ISC'], undefined],
	['GPL-2.0-or-later', ['GPL-2.0-only'], undefined],
	['GPL-2.0-or-later', ['GPL-3.0-only'], undefined],
	['GPL-2.0-only', ['GPL-3.0-only'], /does not allow/],
	['GPL-3.0-only', ['GPL-2.0-or-later'], undefined],
	['GPL-2.0-only', ['GPL-3.0-or-later'], /does not allow/],
	['GPL-2.0-only WITH Classpath-exception-2.0', ['GPL-2.0-only'], /does not allow/],
	['GPL-2.0-only WITH Classpath-exception-2.0', ['GPL-2.0-only WITH Classpath-exception-2.0'], undefined],
	['CDDL-1.0', ['CDDL-1.1'], /does not allow/],
	['LicenseRef-Mine', ['LicenseRef-Mine'], undefined],
	['LicenseRef-Other', ['LicenseRef-Mine', 'MIT'], /does not allow/],
	['mit', ['MIT'], /no SPDX licence/],
];

test.each(CASES)('%s with %j allowed', async (licence, allow, expected) => {
	const { findings } = await check(expression(licence), allow);
	expect(findings.map(({ message }) => message)).toEqual(expected ? [expect.stringMatching(expected)] : []);
});

test('no licence at all is a finding that names the package', async () => {
	const { findings, evidence } = await check([]);
	expect(findings).toEqual([expect.objectContaining({ id: 'pkg:npm/a@1.0.0', severity: 'error' })]);
	expect(evidence).toEqual([
		{ name: 'sbom/greet-1.1.0.tgz.cdx.json', digest: { sha256: expect.any(String) } },
	]);
});

test('several licences all apply', async () => {
	expect(
		(await check([{ license: { id: 'MIT' } }, { license: { id: 'GPL-3.0-only' } }], ['MIT'])).findings,
	).toHaveLength(1);
});

test('what is only for development is not shipped', async () => {
	const sboms = [toSbomFile([toNpmComponent('a', '1.0.0', { licenses: [], scope: 'excluded' })])];
	const request = world.toRequest('', { sboms });
	const { findings } = await licencesGate(openReleaseData(request, [])).check(request, world.context);
	expect(findings).toEqual([]);
});

test('what is no package of somebody else has no licence of its own', async () => {
	const file = { type: 'file', name: 'usr/lib/greet/main.js' };
	const wish = { type: 'library', name: 'nodejs', purl: 'pkg:deb/nodejs' };
	const vendored = { type: 'library', name: 'vendored' };
	const request = world.toRequest('', { sboms: [toSbomFile([file, wish, vendored])] });
	const { findings } = await licencesGate(openReleaseData(request, [])).check(request, world.context);
	expect(findings.map(({ id }) => id)).toEqual(['vendored']);
});

test('without an SBOM it is skipped, and says so', async () => {
	const request = world.toRequest();
	const { skipped } = await licencesGate(openReleaseData(request, [])).check(request, world.context);
	expect(skipped).toBe('there is no SBOM');
});

test.each(['MIT OR ISC', 'Apache 2', ''])('%j cannot be allowed', async (allow) => {
	if (allow === '') return void expect(() => world.toRequest('gates: {licences: {allow: [""]}}\n')).toThrow();
	await expect(check([], [allow])).rejects.toMatchObject({ code: 'GATE_POLICY_INVALID' });
});

test('hostile expressions are judged soon (H9)', async () => {
	const started = process.threadCpuUsage();
	for (const text of [
		Array.from({ length: 50 }, () => '(MIT OR ISC)').join(' AND '),
		`${'('.repeat(500)}MIT${')'.repeat(500)}`,
		'MIT '.repeat(250_000),
		'('.repeat(1000),
		`MIT${' OR MIT'.repeat(140)}`,
	])
		await check(expression(text), ['ISC', 'MIT']);
	expect(process.threadCpuUsage(started).user / 1000).toBeLessThan(1000);
});

test('any text is judged, never thrown (fuzz)', async () => {
	const word = fc.constantFrom(
		'MIT',
		'ISC',
		'AND',
		'OR',
		'WITH',
		'(',
		')',
		'+',
		'GPL-2.0-or-later',
		'LicenseRef-x',
		'DocumentRef-y:',
		':',
		'constructor',
		'\u202e',
	);
	const text = fc.oneof(
		fc.string(),
		fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
	);
	await fc.assert(
		fc.asyncProperty(
			text,
			fc.constantFrom([], ['MIT'], ['GPL-3.0-only', 'LicenseRef-x']),
			async (licence, allow) => {
				const { findings } = await check(expression(licence), allow);
				expect(findings.length).toBeLessThan(2);
			},
		),
		{ numRuns: 500 },
	);
});

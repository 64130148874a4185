import { toNpmComponent, toSbomFile } from '../advisories/sbom.fixture.ts';
import type { Advisories, Advisory, AdvisorySource } from '../advisories/source.ts';
import { checkGates } from '../check-gates.ts';
import { toOpenVexBytes } from '../vex/vex.fixture.ts';
import { toAgeingGates, toDataGates } from './data-gates.ts';
import { type GateWorld, makeGateWorld } from './request.fixture.ts';

let world: GateWorld;
beforeAll(async () => {
	world = await makeGateWorld();
});
afterAll(() => world.remove());

const advisory = (id: string, fields: Partial<Advisory> = {}): Advisory => ({
	id,
	aliases: [],
	summary: 'Something is wrong',
	rating: 'high',
	isMalware: false,
	fixed: ['2.0.0'],
	...fields,
});

const SNAPSHOT = { name: 'osv:test', digest: { sha256: 'd'.repeat(64) } };

/** Knows advisories by the name of the package, whatever its version; counts how often it was asked. */
const toSource = (known: Readonly<Record<string, readonly Advisory[]>>, fields: Partial<Advisories> = {}) => {
	const source: AdvisorySource & { asked: number } = {
		asked: 0,
		lookUp: async (components) => {
			source.asked += 1;
			const matches = components.flatMap((component) =>
				(known[component.label.split(' ')[0] ?? ''] ?? []).map((each) => ({ advisory: each, component })),
			);
			return { matches, evidence: [SNAPSHOT], dataAge: 60, problems: [], ...fields };
		},
	};
	return source;
};

const SBOM = toSbomFile([
	toNpmComponent('plain', '1.0.0'),
	toNpmComponent('other', '1.0.0'),
	toNpmComponent('tool', '1.0.0', { scope: 'excluded' }),
]);

const check = async (
	sources: readonly AdvisorySource[],
	policy = '',
	documents: readonly Uint8Array[] = [],
) => {
	const named = documents.map((bytes, index) => [`${index}.json`, bytes] as const);
	const vex = named.length > 0 ? `vex: [${named.map(([name]) => name).join(', ')}]\n` : '';
	const request = world.toRequest(policy + vex, { sboms: [SBOM], documents: new Map(named) });
	const { verdicts } = await checkGates(toAgeingGates(request, sources), request, world.context);
	return { vulnerabilities: verdicts[0], malware: verdicts[1] };
};

const toIds = (verdict: Awaited<ReturnType<typeof check>>['vulnerabilities']) =>
	verdict?.findings.map(({ id, severity }) => [id, severity]);

test('no data source: both are skipped, and say so', async () => {
	const { vulnerabilities, malware } = await check([]);
	expect([vulnerabilities?.verdict, malware?.verdict]).toEqual(['skipped', 'skipped']);
	expect(vulnerabilities?.notes).toEqual([expect.stringContaining('slipway gate index')]);
});

test('a high one fails under the defaults, with evidence, age, place and a way out', async () => {
	const { vulnerabilities } = await check([
		toSource({ plain: [advisory('GHSA-1', { aliases: ['CVE-1'] })] }),
	]);
	expect(vulnerabilities).toMatchObject({ verdict: 'fail', evidence: [SNAPSHOT], dataAge: 60 });
	expect(vulnerabilities?.findings).toEqual([
		{
			id: 'GHSA-1',
			aliases: ['CVE-1'],
			severity: 'error',
			rating: 'high',
			message: 'GHSA-1 (CVE-1), high, in plain 1.0.0: Something is wrong',
			where: { file: SBOM.path },
			hint: expect.stringContaining('2.0.0'),
		},
	]);
});

test.each([
	['moderate', 'high', 'note'],
	['high', 'high', 'error'],
	['critical', 'high', 'error'],
	['unknown', 'critical', 'error'],
	['low', 'low', 'error'],
] as const)('%s, where the policy minds %s: %s', async (rating, severity, expected) => {
	const { vulnerabilities } = await check(
		[toSource({ plain: [advisory('GHSA-1', { rating })] })],
		`gates: {vulnerabilities: {severity: ${severity}}}\n`,
	);
	expect(toIds(vulnerabilities)).toEqual([['GHSA-1', expected]]);
});

test('what is for development counts only where the policy says so; malware always counts', async () => {
	const source = toSource({ tool: [advisory('GHSA-1'), advisory('MAL-1', { isMalware: true })] });
	const without = await check([source]);
	expect([toIds(without.vulnerabilities), toIds(without.malware)]).toEqual([[], [['MAL-1', 'error']]]);
	const including = await check([source], 'gates: {vulnerabilities: {include-dev: true}}\n');
	expect(toIds(including.vulnerabilities)).toEqual([['GHSA-1', 'error']]);
});

test('databases that speak of one vulnerability are heard as one, the worst of them', async () => {
	const offline = toSource({
		plain: [
			advisory('CVE-1', { aliases: ['GHSA-1'], rating: 'moderate' }),
			advisory('PYSEC-1', { aliases: ['CVE-2'] }),
		],
		other: [advisory('OSV-1', { aliases: ['CVE-1'], rating: 'unknown', summary: '' })],
	});
	const online = toSource({ plain: [advisory('GHSA-1', { rating: 'critical', fixed: ['1.0.1'] })] });
	const { vulnerabilities } = await check([offline, online]);
	expect(toIds(vulnerabilities)).toEqual([
		['GHSA-1', 'error'],
		['PYSEC-1', 'error'],
	]);
	expect(vulnerabilities?.findings[0]).toMatchObject({ rating: 'critical', aliases: ['CVE-1', 'OSV-1'] });
	expect(vulnerabilities?.findings[0]?.message).toContain('plain 1.0.0, other 1.0.0');
	expect([offline.asked, online.asked]).toEqual([1, 1]);
});

test('what keeps the answer from being whole is a finding of both', async () => {
	const problem = { id: 'database-too-old', severity: 'error', message: 'too old', hint: 'again' } as const;
	const { vulnerabilities, malware } = await check([toSource({}, { problems: [problem] })]);
	expect([vulnerabilities?.verdict, malware?.verdict]).toEqual(['fail', 'fail']);
});

const KNOWN = { plain: [advisory('GHSA-1', { aliases: ['CVE-2026-0001'] })] };

test('a VEX statement makes it a note, with its evidence', async () => {
	const { vulnerabilities } = await check([toSource(KNOWN)], '', [toOpenVexBytes()]);
	expect(vulnerabilities).toMatchObject({ verdict: 'pass', evidence: [SNAPSHOT, { name: 'vex:0.json' }] });
	expect(toIds(vulnerabilities)).toEqual([['GHSA-1 (VEX)', 'note']]);
	expect(vulnerabilities?.findings[0]?.message).toMatch(
		/Ada Lovelace says not_affected \(vulnerable_code_not_in_execute_path\) until 2027-01-31/,
	);
});

test('a statement that does not count is told, and nothing changes', async () => {
	const { vulnerabilities } = await check([toSource(KNOWN)], '', [
		toOpenVexBytes({ status_notes: undefined }),
	]);
	expect(vulnerabilities?.verdict).toBe('fail');
	expect(toIds(vulnerabilities)).toEqual([
		['GHSA-1', 'error'],
		['GHSA-1 (VEX ignored)', 'warning'],
	]);
	expect(vulnerabilities?.findings[1]?.message).toContain('has no expiry');
});

test('a component that the statement does not name stays a finding', async () => {
	const { vulnerabilities } = await check([toSource({ ...KNOWN, other: KNOWN.plain })], '', [
		toOpenVexBytes(),
	]);
	expect(toIds(vulnerabilities)).toEqual([
		['GHSA-1', 'error'],
		['GHSA-1 (VEX)', 'note'],
	]);
	expect(vulnerabilities?.findings[0]?.message).toContain('in other 1.0.0');
});

test('no VEX statement makes malware harmless', async () => {
	const source = toSource({ plain: [advisory('MAL-1', { aliases: ['CVE-2026-0001'], isMalware: true })] });
	expect((await check([source], '', [toOpenVexBytes()])).malware?.verdict).toBe('fail');
});

test('a VEX document that is none fails the gate, and names the document', async () => {
	const { vulnerabilities } = await check([toSource(KNOWN)], '', [Buffer.from('{}')]);
	expect(vulnerabilities?.verdict).toBe('fail');
	expect(vulnerabilities?.findings).toEqual([
		expect.objectContaining({ id: 'GATE_VEX_INVALID', severity: 'error' }),
	]);
});

test('an SBOM that cannot be read fails every gate that reads it', async () => {
	const sboms = [{ ...SBOM, bytes: Buffer.from('{}') }];
	const request = world.toRequest('gates: {licences: {level: fail}}\n', { sboms });
	const { verdicts } = await checkGates(toDataGates(request, [toSource({})]), request, world.context);
	expect(verdicts.map(({ id, verdict }) => [id, verdict])).toEqual([
		['vulnerabilities', 'fail'],
		['malware', 'fail'],
		['licences', 'fail'],
		['sbom-quality', 'pass'],
	]);
});

test.each([
	[undefined, 'pass'],
	[{ score: 8, missing: [] }, 'pass'],
	[{ score: 7.9, missing: ['supplier of 3 components'] }, 'warn'],
] as const)('an SBOM with quality %j: %s', async (quality, expected) => {
	const request = world.toRequest('', { sboms: [{ ...SBOM, quality }] });
	const { verdicts } = await checkGates(toDataGates(request, []), request, world.context);
	expect(verdicts.at(-1)).toMatchObject({ id: 'sbom-quality', verdict: expected });
});

test('an artifact without an SBOM where others have one is a finding', async () => {
	const request = world.toRequest('', { sboms: [toSbomFile([], { artifact: 'other' })] });
	const { verdicts } = await checkGates(toDataGates(request, []), request, world.context);
	expect(verdicts.at(-1)?.findings).toEqual([
		expect.objectContaining({ id: 'greet-1.1.0.tgz', severity: 'error' }),
	]);
});

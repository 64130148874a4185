import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { GATE_IDS, type GateId } from '@slipway/core/policy';
import { checkGates } from './check-gates.ts';
import { type GateWorld, makeGateWorld } from './data/request.fixture.ts';
import type { Gate, GateFinding, GateFindings, GateReport } from './gate.ts';
import { UNSKIPPABLE } from './overrides.ts';
import { verifyGates } from './verify-gates.ts';

let world: GateWorld;
beforeEach(async () => {
	world = await makeGateWorld();
});
afterEach(() => world.remove());

const finding = (id: string, fields: Partial<GateFinding> = {}): GateFinding => ({
	id,
	severity: 'error',
	message: `found ${id}`,
	hint: 'mend it',
	...fields,
});

const gate = (id: GateId, findings: readonly GateFinding[], fields: Partial<GateFindings> = {}): Gate => ({
	id,
	check: async () => ({ findings, evidence: [], dataAge: null, ...fields }),
});

const EMERGENCY = { by: 'Ada', reason: 'a hole that is being used' };
type Options = { readonly policy?: string; readonly emergency?: typeof EMERGENCY };

const check = (gates: readonly Gate[], { policy = '', emergency }: Options = {}): Promise<GateReport> =>
	checkGates(gates, world.toRequest(policy, { emergency }), world.context);

const only = ({ verdicts }: GateReport) => {
	const [verdict, ...others] = verdicts;
	expect(others).toEqual([]);
	return verdict;
};

test.each([
	['nothing', [], 'fail', 'pass'],
	['a note', [finding('a', { severity: 'note' })], 'fail', 'pass'],
	['a warning', [finding('a', { severity: 'warning' })], 'fail', 'warn'],
	['an error', [finding('a')], 'fail', 'fail'],
	['an error', [finding('a')], 'warn', 'warn'],
	['an error', [finding('a')], 'off', 'skipped'],
] as const)('%s under level %#: %s', async (_, findings, level, verdict) => {
	const report = await check([gate('licences', findings)], {
		policy: `gates: {licences: {level: ${level}}}\n`,
	});
	expect(only(report)?.verdict).toBe(verdict);
	expect(report.overall).toBe(verdict === 'skipped' ? 'pass' : verdict);
});

test('verdicts stand in one order, the worst decides, and the report names release, policy and emergency', async () => {
	const gates = [
		gate('sbom-quality', []),
		gate('malware', [finding('MAL-1')]),
		gate('vulnerabilities', [], { skipped: 'no data' }),
	];
	const request = world.toRequest('', { policyDigest: 'a'.repeat(64), emergency: EMERGENCY });
	const report = await checkGates(gates, request, world.context);
	expect(report).toMatchObject({
		project: 'greet',
		version: '1.1.0',
		policy: { sha256: 'a'.repeat(64) },
		emergency: EMERGENCY,
	});
	expect(report.verdicts.map(({ id, verdict }) => [id, verdict])).toEqual([
		['vulnerabilities', 'skipped'],
		['malware', 'fail'],
		['sbom-quality', 'pass'],
	]);
	expect(report.overall).toBe('fail');
	expect(only(await check([gates[2] as Gate]))?.notes).toEqual(['no data']);
});

test('a gate that cannot look has found an error; a run that was stopped has no verdict', async () => {
	const broken = new SlipwayError('ARCHIVE_CORRUPT', 'expected a tarball', { hint: 'build again' });
	const failing = (thrown: unknown): Gate => ({ id: 'secrets', check: () => Promise.reject(thrown) });
	expect(only(await check([failing(broken)]))).toMatchObject({
		verdict: 'fail',
		findings: [{ id: 'ARCHIVE_CORRUPT', hint: 'build again' }],
	});
	await expect(check([failing(new TypeError('a bug'))])).rejects.toThrow('a bug');
	world.context.abort(new Error('stopped'));
	await expect(check([failing(broken)])).rejects.toThrow('stopped');
});

test('two findings of one id stay two', async () => {
	expect(
		only(await check([gate('secrets', [finding('a'), finding('a')])]))?.findings.map(({ id }) => id),
	).toEqual(['a', 'a #2']);
});

test.each([
	[
		'changed',
		() => writeFileSync(join(world.release.folder, 'artifacts/greet-1.1.0.tgz'), 'b tarball'),
		'RELEASE_ARTIFACT_CHANGED',
	],
	['gone', () => rmSync(join(world.release.folder, 'artifacts/greet-1.1.0.tgz')), 'RELEASE_ARTIFACT_MISSING'],
])('bytes that are %s are refused before any gate looks, in an emergency too', async (_, change, code) => {
	change();
	await expect(check([gate('licences', [])], { emergency: EMERGENCY })).rejects.toMatchObject({ code });
});

const override = (fields: string) =>
	`overrides: [{by: Ada, reason: looked at it in depth, date: 2026-11-01, expires: 2026-11-30, ${fields}}]\n`;

test.each([
	['by its id', 'gate: vulnerabilities, finding: GHSA-1'],
	['by another name', 'gate: vulnerabilities, finding: CVE-1'],
	['with all of its gate', 'gate: vulnerabilities'],
])('a finding is accepted %s', async (_, fields) => {
	const gates = [gate('vulnerabilities', [finding('GHSA-1', { aliases: ['CVE-1'] })])];
	expect(only(await check(gates, { policy: override(fields) }))).toMatchObject({
		verdict: 'pass',
		findings: [{ id: 'GHSA-1' }],
		overrides: [
			{
				kind: 'policy',
				finding: 'GHSA-1',
				by: 'Ada',
				reason: 'looked at it in depth',
				expires: '2026-11-30',
			},
		],
		notes: [],
	});
});

const withDates = (date: string, expires: string) =>
	`overrides: [{gate: malware, finding: MAL-1, by: Ada, reason: looked at it in depth, date: ${date}, expires: ${expires}}]\n`;

test.each([
	['expired', withDates('2026-10-01', '2026-11-20'), 'fail', /expired on 2026-11-20/],
	['on its last day', withDates('2026-10-01', '2026-11-21'), 'pass', undefined],
	['on its first day', withDates('2026-11-21', '2026-12-21'), 'pass', undefined],
	['not begun', withDates('2026-11-22', '2026-12-21'), 'fail', /begins only on 2026-11-22/],
	['for another finding', override('gate: malware, finding: MAL-2'), 'fail', /matches nothing/],
	['for another gate', override('gate: licences, finding: MAL-1'), 'fail', undefined],
	['for all malware at once', override('gate: malware'), 'fail', /each finding has to be named/],
])('an override that is %s', async (_, policy, verdict, note) => {
	const found = only(await check([gate('malware', [finding('MAL-1')])], { policy }));
	expect(found?.verdict).toBe(verdict);
	expect(found?.notes).toEqual(note ? [expect.stringMatching(note)] : []);
});

test.each(GATE_IDS)('an emergency and %s', async (id) => {
	const policy = `gates: {${id}: {level: fail}}\n`;
	const report = await check([gate(id, [finding('a'), finding('w', { severity: 'warning' })])], {
		policy,
		emergency: EMERGENCY,
	});
	const verdict = only(report);
	if (UNSKIPPABLE.has(id)) {
		expect(verdict).toMatchObject({
			verdict: 'fail',
			overrides: [],
			notes: ['an emergency does not cover this gate'],
		});
		expect(() => verifyGates(report)).toThrow(expect.objectContaining({ code: 'GATE_REFUSED' }));
	} else {
		expect(verdict).toMatchObject({
			verdict: 'warn',
			overrides: [{ kind: 'emergency', finding: 'a', ...EMERGENCY }],
		});
		expect(() => verifyGates(report)).not.toThrow();
	}
});

test('what the bytes are, who vouches for them and what cannot be taken back is never skipped', () => {
	expect([...UNSKIPPABLE].sort()).toEqual([
		'malware',
		'metadata',
		'npm-files',
		'provenance-regression',
		'rebuild',
		'secrets',
	]);
});

test.each([
	['nobody', { by: ' ', reason: 'a hole that is being used' }],
	['no reason', { by: 'Ada', reason: 'because' }],
])('an emergency of %s is refused', async (_, emergency) => {
	await expect(check([], { emergency })).rejects.toMatchObject({ code: 'GATE_EMERGENCY_INVALID' });
});

test('a refusal names every finding with cause and hint, escaped, and stays short', async () => {
	const many = Array.from({ length: 100 }, (_, index) => finding(`b${index}`));
	const report = await check([
		gate('malware', [finding('a\u202e', { message: 'line\nbreak' })]),
		gate('secrets', many),
	]);
	const thrown = (() => {
		try {
			verifyGates(report);
			return undefined;
		} catch (error) {
			return error as SlipwayError;
		}
	})();
	expect(thrown).toMatchObject({ code: 'GATE_REFUSED' });
	expect(thrown?.message).toContain('malware: a\\u{202e}: line\\u{a}break (do: mend it)');
	expect(thrown?.message).toContain('and 61 more');
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBytes, type Release, readStageRecords, writeRelease } from '@slipway/archive';
import { MANIFEST_MEDIA_TYPE, MEDIA_TYPES } from '@slipway/core';
import { parseGateReport, writeOsvIndex } from '@slipway/gate';
import { type LoopbackServer, serveLoopback } from '@slipway/http';
import { packNpm } from '@slipway/npm';
import { testContext, VirtualClock } from '@slipway/testing';
import { toEvidence } from './evidence.ts';
import { gateProject } from './gate.ts';
import { recheckProject } from './gate-recheck.ts';
import { openPolicy } from './policy.ts';
import { openProject } from './project.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const EMERGENCY = { by: 'Ada', reason: 'a hole that is being used' };
const NAME = 'greet-1.1.0.tgz';

let folder: string;
let registry: LoopbackServer;
let published: Record<string, unknown>;
let asked: string[];
let release: Release;
let context: ReturnType<typeof testContext>;

const put = (path: string, text: string | Uint8Array): void => {
	mkdirSync(join(folder, path, '..'), { recursive: true });
	writeFileSync(join(folder, path), text);
};

const pack = async (version: string, more: object = {}) => {
	const manifest = {
		name: 'greet',
		version,
		license: 'MIT',
		repository: 'https://git.example/acme/greet',
		...more,
	};
	put('package.json', JSON.stringify(manifest));
	put('index.js', 'export const greet = 1;\n');
	return (await packNpm(folder, { epoch: 0 })).bytes;
};

const makeRelease = async (): Promise<Release> => {
	const bytes = await pack('1.1.0');
	put(NAME, bytes);
	return writeRelease(join(folder, '.slipway/releases/1.1.0'), {
		manifest: {
			mediaType: MANIFEST_MEDIA_TYPE,
			project: 'greet',
			version: '1.1.0',
			source: { repo: null, commit: null, ref: null },
			artifacts: [
				{
					name: NAME,
					path: `artifacts/${NAME}`,
					mediaType: MEDIA_TYPES.npm,
					purl: 'pkg:npm/greet@1.1.0',
					...hashBytes(bytes),
				},
			],
		},
		files: { [NAME]: join(folder, NAME) },
		records: [],
		epoch: 0,
	});
};

const toRecord = (id: string, name: string) => ({
	id,
	modified: '2026-11-21T06:00:00Z',
	summary: 'bad',
	affected: [
		{ package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] },
	],
	database_specific: { severity: 'HIGH' },
});

/** A database that knows these packages to be bad, by the id of the record. */
const index = async (known: Readonly<Record<string, string>>): Promise<void> => {
	rmSync(join(folder, 'dump'), { recursive: true, force: true });
	put('dump/GHSA-0.json', JSON.stringify(toRecord('GHSA-0', 'nobody-has-this')));
	for (const [id, name] of Object.entries(known)) put(`dump/${id}.json`, JSON.stringify(toRecord(id, name)));
	await writeOsvIndex(join(folder, 'dump'), join(folder, 'osv.index'));
};

const putSbom = (...names: readonly string[]): void => {
	const components = names.map((name) => ({
		type: 'library',
		name,
		version: '1.0.0',
		purl: `pkg:npm/${name}@1.0.0`,
		licenses: [{ license: { id: 'MIT' } }],
	}));
	const text = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components });
	put(`.slipway/releases/1.1.0/sbom/${NAME}.cdx.json`, text);
};

const POLICY = 'policy: 1\ngates: {vulnerabilities: {database: osv.index}}\n';

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-gate-'));
	published = {};
	asked = [];
	registry = await serveLoopback(({ url = '' }, response) => {
		asked.push(url);
		const found = published[url];
		if (found === undefined) response.writeHead(404).end('{}');
		else response.end(found instanceof Uint8Array ? Buffer.from(found) : JSON.stringify(found));
	});
	release = await makeRelease();
	put('slipway.yml', `targets: {npm: {type: npm, registry: "${registry.origin}/"}}\n`);
	context = testContext(folder, new VirtualClock(NOW));
});
afterEach(async () => {
	await registry.close();
	rmSync(folder, { recursive: true, force: true });
});

const open = () => openProject({ folder, environment: { HOME: folder, PATH: process.env.PATH } });
const gate = async (options = {}) => gateProject(await open(), release, options, context);
const recheck = async () => {
	const project = await open();
	return recheckProject(project, { release, policy: await openPolicy(project) }, context);
};

test('without policy and data: the defaults hold, what could not be looked at is said, report and record are left', async () => {
	const { report, digest, policy } = await gate({ refuse: true });
	expect(policy).toBeNull();
	expect(report.verdicts.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
		'vulnerabilities skipped',
		'malware skipped',
		'licences skipped',
		'secrets pass',
		'package-diff skipped',
		'provenance-regression skipped',
		'rebuild warn',
		'metadata pass',
		'npm-files pass',
		'sbom-quality skipped',
	]);
	const stored = readFileSync(join(release.folder, 'gate/report.json'));
	expect(parseGateReport(stored)).toEqual(report);
	expect(hashBytes(stored).digest.sha256).toBe(digest.sha256);
	expect(readFileSync(join(release.folder, 'gate/report.md'), 'utf8')).toContain('# Gates of greet');
	expect(readFileSync(join(release.folder, 'gate/report.sarif'), 'utf8')).toContain('"version":"2.1.0"');
	const [record] = (await readStageRecords(release)).map((each) => each.record);
	expect(record).toMatchObject({
		stage: 'gate',
		inputs: [{ name: NAME }],
		outputs: [
			{ name: 'gate/report.json', digest },
			{ name: 'gate/report.md' },
			{ name: 'gate/report.sarif' },
		],
	});
	expect(toEvidence({ report, digest, policy })).toMatchObject({ policy: null, report: digest.sha256 });
});

test('a known vulnerability refuses the release, and the record names SBOM and policy', async () => {
	put('slipway.policy.yml', POLICY);
	putSbom('bad', 'good');
	await index({ 'GHSA-1': 'bad' });
	await expect(gate({ refuse: true })).rejects.toMatchObject({
		code: 'GATE_REFUSED',
		message: expect.stringContaining('vulnerabilities: GHSA-1'),
	});
	const { report, policy } = await gate();
	expect(report.overall).toBe('fail');
	expect(report.policy).toEqual({ sha256: policy?.sha256 });
	const [record] = (await readStageRecords(release)).map((each) => each.record);
	expect(record?.inputs.map(({ name }) => name)).toEqual([NAME, `sbom/${NAME}.cdx.json`, 'policy']);
});

test('a report about the same things is not made again; another policy, SBOM or emergency asks for another', async () => {
	put('slipway.policy.yml', POLICY);
	putSbom('good');
	await index({});
	const first = await gate();
	expect((await gate()).digest).toEqual(first.digest);
	expect(context.lines.filter((line) => line.includes('gate secrets'))).toHaveLength(1);
	await gate({ again: true });
	await gate({ emergency: EMERGENCY });
	putSbom('good', 'better');
	await gate();
	put('slipway.policy.yml', `${POLICY}# changed\n`);
	await gate();
	expect(context.lines.filter((line) => line.includes('gate secrets'))).toHaveLength(5);
});

test('an emergency lets it pass, is recorded, and holds when it is looked at again', async () => {
	put('slipway.policy.yml', POLICY);
	putSbom('bad');
	await index({ 'GHSA-1': 'bad' });
	const gated = await gate({ refuse: true, emergency: EMERGENCY });
	expect(gated.report).toMatchObject({ overall: 'warn', emergency: EMERGENCY });
	expect(toEvidence(gated).gates[0]?.overrides).toEqual([
		{ finding: 'GHSA-1', ...EMERGENCY, expires: 'this release' },
	]);
	const [record] = (await readStageRecords(release)).map((each) => each.record);
	expect(record?.notes).toContain('emergency declared by Ada: a hole that is being used');
	expect((await recheck()).map(({ severity }) => severity)).not.toContain('error');
});

test('what became known since is seen before it is exposed; an emergency does not cover malware', async () => {
	put('slipway.policy.yml', POLICY);
	putSbom('good');
	await index({});
	await gate({ refuse: true, emergency: EMERGENCY });
	expect(await recheck()).toEqual([]);
	await index({ 'MAL-1': 'good' });
	expect(await recheck()).toEqual([
		expect.objectContaining({
			severity: 'error',
			code: 'GATE_REFUSED',
			message: expect.stringContaining('malware: MAL-1'),
		}),
	]);
});

test('data that grew too old since stops what was to be exposed', async () => {
	put('slipway.policy.yml', POLICY);
	putSbom('good');
	await index({});
	await gate({ refuse: true });
	context = testContext(folder, new VirtualClock(NOW + 72 * 3_600_000));
	expect((await recheck()).map(({ severity, message }) => [severity, message.slice(0, 16)])).toEqual([
		['error', 'vulnerabilities:'],
		['error', 'malware: expecte'],
	]);
});

test('a poor SBOM is told with what it lacks, one that is none is worth nothing', async () => {
	putSbom('good');
	const quality = async () => (await gate()).report.verdicts.find(({ id }) => id === 'sbom-quality');
	expect(await quality()).toMatchObject({
		verdict: 'warn',
		findings: [{ id: NAME, message: expect.stringMatching(/at least 8 of 10, got \d.*supplier/) }],
	});
	put(`.slipway/releases/1.1.0/sbom/${NAME}.cdx.json`, '{}');
	expect(await quality()).toMatchObject({
		verdict: 'warn',
		findings: [{ message: expect.stringContaining('got 0') }],
	});
});

const publish = async (version: string, tag: string, more: object = {}): Promise<void> => {
	const bytes = await pack(version, more);
	const tarball = `/greet/-/greet-${version}.tgz`;
	const integrity = `sha512-${Buffer.from(String(hashBytes(bytes).digest.sha512), 'hex').toString('base64')}`;
	const dist = { tarball: `${registry.origin}${tarball}`, integrity };
	published[tarball] = bytes;
	published['/greet'] = {
		name: 'greet',
		'dist-tags': { [tag]: version },
		versions: { [version]: { name: 'greet', version, dist } },
	};
};

test('the version that users have is what differences are told against, asked for once', async () => {
	await publish('1.0.0', 'latest', { dependencies: { gone: '^1.0.0' } });
	const { report } = await gate();
	const diff = report.verdicts.find(({ id }) => id === 'package-diff');
	expect(diff?.evidence).toEqual([expect.objectContaining({ name: expect.stringContaining('1.0.0') })]);
	expect(diff?.verdict).not.toBe('skipped');
	expect(asked.filter((url) => url === '/greet')).toHaveLength(1);
});

test('this very version on the registry is no predecessor', async () => {
	await publish('1.1.0', 'latest');
	const { report } = await gate();
	expect(report.verdicts.find(({ id }) => id === 'package-diff')?.verdict).toBe('skipped');
});

test('a registry that does not answer is no "no predecessor"', async () => {
	await registry.close();
	const { report } = await gate();
	expect(report.verdicts.find(({ id }) => id === 'provenance-regression')?.verdict).toBe('fail');
});

test('with online: true the registry is asked for advisories', async () => {
	put('slipway.policy.yml', 'policy: 1\ngates: {vulnerabilities: {online: true}}\n');
	putSbom('good');
	published['/-/npm/v1/security/advisories/bulk'] = {
		good: [
			{
				id: 1,
				url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
				title: 'bad',
				severity: 'critical',
				vulnerable_versions: '*',
			},
		],
	};
	const { report } = await gate();
	expect(report.verdicts[0]).toMatchObject({ verdict: 'fail', findings: [{ id: 'GHSA-aaaa-bbbb-cccc' }] });
});
